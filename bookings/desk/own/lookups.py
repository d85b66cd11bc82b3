"""What belongs to the person who asks: their visits, and the absences that they entered themselves."""

import datetime as dt

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404

from bookings.models import HOLDS_TIME, Booking, HandOver, Status, Visit
from clinic.people.models import User
from clinic.premises.models import Absence, Clinic
from clinic.wall import edge
from therapies.models import Practitioner

UNFINISHED_FOR = dt.timedelta(days=7)
"""How far back a session without a record is shown to whoever gave it (clinic default)."""


def own_practitioner(user: User) -> Practitioner | None:
    """Who this account is in the rota; None for one that is nobody there."""
    return Practitioner.objects.filter(user=user, is_active=True).first()


def own_visits(person: Practitioner, clinic: Clinic, first: dt.date, last: dt.date) -> list[Visit]:
    """The visits at this clinic that this person serves, from the first date through the last, with everything."""
    begin, end = edge(first, 0, clinic.zone), edge(last + dt.timedelta(days=1), 0, clinic.zone)
    served = _served(person).filter(starts_at__gte=begin, starts_at__lt=end, status__in=HOLDS_TIME)
    rows = Visit.objects.confirmed().filter(clinic=clinic, bookings__in=served.values("pk"))
    return list(rows.with_everything().distinct().order_by("arrives_at", "pk"))


def without_record(person: Practitioner, clinic: Clinic, now: dt.datetime) -> list[Booking]:
    """Sessions that this person gave lately and nobody has written a record of, the newest first."""
    rows = _served(person).filter(
        visit__clinic=clinic,
        status__in=(Status.IN_PROGRESS, Status.COMPLETED, Status.STOPPED),
        starts_at__gt=now - UNFINISHED_FOR,
        ends_at__lt=now,
        note=None,
        paper=False,
    )
    rows = rows.exclude(variant__therapy__needs="nothing")
    return list(rows.select_related("visit__patient", "visit__clinic", "variant__therapy").order_by("-starts_at"))


def taken_over(person: Practitioner, visits: list[Visit]) -> set[int]:
    """Which bookings of these visits were handed over to this person."""
    rows = HandOver.objects.filter(booking__visit__in=visits, to__practitioner=person)
    return set(rows.values_list("booking", flat=True))


def own_absences_to_come(person: Practitioner, now: dt.datetime) -> QuerySet[Absence]:
    """What is entered for this person and has not ended, the next first."""
    return Absence.objects.filter(resource=person, during__endswith__gt=now).order_by("during")


def own_absence_or_404(user: User, pk: int) -> Absence:
    """One's own absence that one entered oneself: what others entered, they take back."""
    return get_object_or_404(Absence, pk=pk, by=user, resource__practitioner__user=user)


def _served(person: Practitioner) -> QuerySet[Booking]:
    crew = Q(occupancies__resource=person, occupancies__part__startswith="crew:")
    return Booking.objects.filter(crew | Q(hand_overs__to__practitioner=person)).distinct()
