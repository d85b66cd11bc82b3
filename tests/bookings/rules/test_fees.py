"""Fees: never for illness, health answers or the clinic's own changes. Pure: nothing is read from a database."""

import datetime as dt
from decimal import Decimal
from itertools import product

import pytest

from bookings.desk.words import BY_OTHERS, BY_THE_DESK
from bookings.models import Booking, CancelledBy, Payment, Status, Visit
from bookings.rules.fees import (
    ILL,
    OWN,
    PLAIN,
    Charge,
    amount_in,
    charge_of,
    fee_of,
    why_not_pay,
    why_not_reverse,
)
from clinic.premises.models import Clinic
from therapies.models import Therapy, Variant

START = dt.datetime(2026, 3, 3, 10, tzinfo=dt.UTC)
REASONS = ("", *BY_THE_DESK, *BY_OTHERS)


def booking(status: str, **fields: object) -> Booking:
    """A visit of ₹ 700 at a clinic that charges ₹ 350 for a change within a day."""
    visit = Visit(clinic=Clinic(change_notice_hours=24, late_change_price="₹ 350"))
    variant = Variant(therapy=Therapy())
    plan = {"price": "₹ 700"}
    return Booking(visit=visit, variant=variant, starts_at=START, status=status, plan=plan, **fields)  # type: ignore[misc]


def cancelled(by: str, reason: str, *, hours_before: int = 1) -> Booking:
    at = START - dt.timedelta(hours=hours_before)
    return booking(Status.CANCELLED, ended_by=by, reason=reason, closed_at=at)


@pytest.mark.parametrize("reason", REASONS)
def test_nothing_is_charged_for_a_change_by_the_clinic(reason: str) -> None:
    row = cancelled(CancelledBy.CLINIC, reason)

    assert (charge_of(row), fee_of([row]).amount) == (Charge.NEVER, 0)
    assert why_not_pay([row]) == "There is no charge for illness, health answers or changes by the clinic."


@pytest.mark.parametrize(("reason", "by"), [*product(sorted(ILL), CancelledBy.values)])
def test_nothing_is_charged_for_illness_or_health_answers(reason: str, by: str) -> None:
    row = cancelled(by, reason)

    assert (charge_of(row), fee_of([row]).amount) == (Charge.NEVER, 0)
    assert why_not_pay([row]) == "There is no charge for illness, health answers or changes by the clinic."


@pytest.mark.parametrize("row", [booking(Status.BLOCKED), booking(Status.STOPPED)])
def test_nothing_is_charged_for_a_session_that_health_ended(row: Booking) -> None:
    assert (charge_of(row), fee_of([row]).amount) == (Charge.NEVER, 0)


def test_every_reason_of_a_cancellation_is_judged() -> None:
    by_patient = {code for code in REASONS if code not in BY_THE_DESK or BY_THE_DESK[code][1] == CancelledBy.PATIENT}
    late = {reason: charge_of(cancelled(CancelledBy.PATIENT, reason)) for reason in by_patient}

    assert {reason for reason, charge in late.items() if charge == Charge.LATE} == PLAIN
    assert {reason for reason, charge in late.items() if charge == Charge.NEVER} == by_patient & (ILL | OWN)
    assert {reason for reason, charge in late.items() if charge == Charge.ASKED} == {"", "other", "by_manager"}


def test_late_cancellation_costs_what_the_clinic_says_and_an_early_one_nothing() -> None:
    late, early = (cancelled(CancelledBy.PATIENT, "time", hours_before=hours) for hours in (23, 25))

    assert (fee_of([late]).amount, fee_of([early]).amount) == (350, 0)
    assert (why_not_pay([late]), why_not_pay([early])) == ("", "Nothing is due for this visit.")


@pytest.mark.parametrize("status", [Status.NO_SHOW, Status.REQUESTED, Status.EXPIRED, Status.HELD])
def test_nothing_is_due_where_nothing_was_given(status: str) -> None:
    assert why_not_pay([booking(status)]) == "Nothing is due for this visit."


def test_visit_costs_the_sum_of_what_was_booked() -> None:
    rows = [booking(Status.COMPLETED), booking(Status.STOPPED, stop_counts=True), booking(Status.BLOCKED)]

    assert fee_of(rows).amount == 1400
    assert fee_of(rows).open(Decimal(500)) == 900
    assert fee_of(rows).open(Decimal(2000)) == 0


@pytest.mark.parametrize(
    ("words", "amount"),
    [
        ("₹ 1,200", "1200"),
        ("₹ 1,20,000", "120000"),
        ("45.50 €", "45.50"),
        ("₹ ७००", "700"),
        ("₹ 500 – 700", None),
        ("on request", None),
        ("", None),
    ],
)
def test_price_in_words_is_read_where_it_is_one_number(words: str, amount: str | None) -> None:
    assert amount_in(words) == (Decimal(amount) if amount else None)


TODAY = dt.date(2026, 3, 3)
REFUSED = "Only a manager can reverse a payment of an earlier day or of a colleague."


@pytest.mark.parametrize(
    ("by", "on", "roles", "reason"),
    [
        (1, TODAY, {"front_desk"}, ""),
        (2, TODAY, {"front_desk"}, REFUSED),
        (1, TODAY - dt.timedelta(days=1), {"front_desk"}, REFUSED),
        (2, TODAY - dt.timedelta(days=9), {"manager"}, ""),
    ],
)
def test_payment_of_a_colleague_or_an_earlier_day_is_reversed_by_a_manager(
    by: int, on: dt.date, roles: set[str], reason: str
) -> None:
    assert why_not_reverse(Payment(by_id=1, on=on), by=by, roles=roles, today=TODAY) == reason
