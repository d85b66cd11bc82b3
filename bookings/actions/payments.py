"""Marks of what was paid: added and reversed, never changed."""

import datetime as dt
import uuid
from decimal import Decimal

from bookings.actions import history, idempotency
from bookings.actions.transaction import action
from bookings.actions.visits import lock_and_read
from bookings.errors import StaleVersion, refuse_if
from bookings.models import Payment, Visit
from bookings.rules.fees import why_not_pay, why_not_reverse
from clinic.people.models import User


@action
def take_payment(*, visit: Visit, amount: Decimal, method: str, by: User, now: dt.datetime, key: uuid.UUID) -> Visit:
    """Record that an amount was paid for the visit; the database gives the receipt number.

    The same `key` records it once. Raises PolicyRefused and IdempotencyKeyReused.
    """
    content = (visit.public_id, str(amount), method)
    answer = {"key": key, "owner": f"user:{by.pk}", "verb": "pay", "content": content, "answer": visit.public_id}
    before = idempotency.answered(now=now, **answer)  # type: ignore[arg-type]
    if before is not None:
        return before
    refuse_if(why_not_pay(lock_and_read(visit)))
    _write(Payment(visit=visit, amount=amount, method=method, by=by, at=now), "pay")
    return visit


@action
def reverse_payment(*, payment: Payment, reason: str, by: User, now: dt.datetime) -> Payment:
    """Take a payment back as a whole: a counter row with a number of its own. Raises PolicyRefused and StaleVersion."""
    lock_and_read(payment.visit)
    row = Payment.objects.get(pk=payment.pk)
    roles = set(by.memberships.holding_at(now).filter(clinic=row.clinic_id).values_list("role", flat=True))
    refuse_if(why_not_reverse(row, by=by.pk, roles=roles, today=row.clinic.today(now)))
    if Payment.objects.filter(reverses=row).exists():
        raise StaleVersion
    counter = Payment(
        visit=row.visit, amount=-row.amount, method=row.method, reverses=row, reason=reason, by=by, at=now
    )
    return _write(counter, "reverse_payment")


def _write(payment: Payment, verb: str) -> Payment:
    payment.clinic = payment.visit.clinic
    payment.on = payment.clinic.today(payment.at)
    payment.save(force_insert=True)
    payment.refresh_from_db(fields=["year", "number"])
    history.write(payment.visit, verb, by=payment.by, now=payment.at, payment=payment.pk)
    return payment
