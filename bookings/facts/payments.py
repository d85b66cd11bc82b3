"""What was paid: of visits, and of a clinic's day. Reads only."""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal

from django.db.models import Prefetch, Sum

from bookings.models import Booking, PaidBy, Payment, Status, Visit
from clinic.premises.models import Clinic
from clinic.wall import edge

OPEN_DAYS = 30
"""How long ago visits are looked through for what is still open (clinic default)."""
CHARGED = (Status.CHECKED_IN, Status.IN_PROGRESS, Status.COMPLETED, Status.STOPPED, Status.CANCELLED)


def payments_of(visit: Visit) -> list[Payment]:
    """In the order in which they were taken."""
    return list(visit.payments.with_people().order_by("pk"))


def paid_for(visits: Iterable[Visit]) -> dict[int, Decimal]:
    """What was paid for each of these visits, reversals taken off; none where nothing was."""
    rows = Payment.objects.filter(visit__in=[visit.pk for visit in visits]).order_by()
    return dict(rows.values_list("visit").annotate(total=Sum("amount")))


def payments_on(clinic: Clinic, on: dt.date) -> list[Payment]:
    """The payments and reversals of a date, by number."""
    return list(Payment.objects.filter(clinic=clinic, on=on).with_people().order_by("pk"))


def totals(payments: Iterable[Payment]) -> dict[str, Decimal]:
    """The sum of each way to pay, also of those with which nobody paid."""
    sums = dict.fromkeys(PaidBy.values, Decimal(0))
    for payment in payments:
        sums[payment.method] += payment.amount
    return sums


def visits_to_pay(clinic: Clinic, today: dt.date) -> list[Visit]:
    """Visits of the last `OPEN_DAYS` days, today included, that took place or were cancelled, the earliest first."""
    begin = edge(today - dt.timedelta(days=OPEN_DAYS), 0, clinic.zone)
    end = edge(today + dt.timedelta(days=1), 0, clinic.zone)
    bookings = Booking.objects.select_related("variant__therapy").order_by("position")
    visits = Visit.objects.filter(clinic=clinic, patient__isnull=False, arrives_at__gte=begin, arrives_at__lt=end)
    visits = visits.filter(bookings__position=0, bookings__status__in=CHARGED).select_related("patient", "clinic")
    return list(visits.order_by("arrives_at", "pk").prefetch_related(Prefetch("bookings", bookings)))
