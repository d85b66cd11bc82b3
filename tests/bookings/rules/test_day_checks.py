"""The check before a day of ghee: what must be said, when, and what it lets go on. Pure."""

import datetime as dt

import pytest

from bookings.models import Booking, Status, Visit
from bookings.rules.day_checks import DayCheckFinding, asked_on_the_day, why_not_check, why_not_finding
from clinic.premises.models import Clinic
from tests.shipped import CATALOGUE
from therapies.models import Therapy, Variant

SNEHAPANA = CATALOGUE.therapies["snehapana"]
ASKED = ["digested", "hunger", "dose_ml"]
START = dt.datetime(2026, 3, 3, 1, 0, tzinfo=dt.UTC)
"""Half past six in the morning in Kolkata."""
NOT_THEN = "This visit is on another day."


def booking(*, by_phone: bool = True, needs: str = "day_check", status: str = Status.BOOKED) -> Booking:
    facts = SNEHAPANA.facts.model_dump(exclude_defaults=True)
    visit = Visit(clinic=Clinic(day_check_by_phone=by_phone), timezone="Asia/Kolkata")
    variant = Variant(therapy=Therapy(code="snehapana", needs=needs, facts=facts))
    return Booking(visit=visit, variant=variant, starts_at=START, status=status)


def test_snehapana_asks_for_a_check_with_findings_each_day() -> None:
    assert (SNEHAPANA.needs, asked_on_the_day(booking().variant.therapy)) == ("day_check", ASKED)


@pytest.mark.parametrize(
    ("finding", "expected"),
    [
        (DayCheckFinding(goes=True, digested="fully", hunger="good", dose_ml=40), ""),
        (DayCheckFinding(goes=True, digested="first_day", hunger="good", dose_ml=30), ""),
        (
            DayCheckFinding(goes=True, digested="fully", hunger="good"),
            "Please write down what was digested, the hunger and the dose of today.",
        ),
        (DayCheckFinding(goes=True), "Please write down what was digested, the hunger and the dose of today."),
        (
            DayCheckFinding(goes=True, digested="not", hunger="none", dose_ml=40),
            "The last dose has not been digested. No further dose can be given today.",
        ),
        (DayCheckFinding(goes=False, digested="not"), "Please write why it is not given today."),
        (DayCheckFinding(goes=False, finding="heavy, not hungry"), ""),
    ],
)
def test_dose_goes_on_only_with_what_was_digested_hunger_and_dose(finding: DayCheckFinding, expected: str) -> None:
    assert why_not_finding(finding, ASKED) == expected


@pytest.mark.parametrize(
    ("by_phone", "hours", "expected"),
    [
        (True, 0, ""),
        (False, 0, ""),
        (True, -11, ""),  # half past seven the evening before
        (False, -11, NOT_THEN),
        (True, -18, NOT_THEN),  # noon of the day before
        (True, -35, NOT_THEN),
    ],
)
def test_check_by_phone_is_one_of_the_evening_before_where_the_clinic_allows(
    by_phone: bool, hours: int, expected: str
) -> None:
    now = START + dt.timedelta(hours=hours)

    assert why_not_check(booking(by_phone=by_phone), by_phone=True, now=now) == expected


def test_check_is_before_the_session_and_only_where_it_is_asked() -> None:
    begun, other = booking(status=Status.IN_PROGRESS), booking(needs="prescription")

    assert why_not_check(begun, by_phone=False, now=START) == "This can only be done before the session."
    assert why_not_check(other, by_phone=False, now=START) == "This treatment does not need a same-day check."
