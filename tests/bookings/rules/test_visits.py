"""May this happen, and if not, why: the tables that pages and actions share."""

import datetime as dt

import pytest

from bookings.facts.catalogue_numbers import MINIMUM_AGE
from bookings.models import MOVES, Booking, Status, Visit
from bookings.rules import visits as visit_rules
from clinic.people.models import Patient
from clinic.premises.models import Clinic
from tests import factories
from tests.bookings.conftest import at
from tests.shipped import CATALOGUE
from therapies.models import Needs, Therapy, Variant

NIGHT_BEFORE, JUST_BEFORE, AT_ITS_TIME, NEXT_DAY = at(22, day=2), at(9, 59), at(10), at(10, day=4)


@pytest.fixture
def booking() -> Booking:
    """Tuesday at 10:00 in Kolkata; nothing is stored."""
    clinic = Clinic(timezone="Asia/Kolkata", change_notice_hours=24)
    visit = Visit(clinic=clinic, timezone="Asia/Kolkata")
    return Booking(
        visit=visit, variant=Variant(therapy=Therapy()), starts_at=at(10), ends_at=at(11), status=Status.BOOKED
    )


def test_change_is_free_until_the_clinics_notice_or_the_therapys_own(booking: Booking) -> None:
    assert booking.free_change_until == at(10, day=2)

    booking.variant.therapy.change_notice_hours = 0
    assert booking.free_change_until == at(10)


def test_therapy_without_an_age_of_its_own_is_given_from_sixteen() -> None:
    rules = {rule.code: rule.rule for rule in CATALOGUE.rules}
    youngest = MINIMUM_AGE.in_rules(rules)
    child = Patient(birth_date=dt.date(2010, 3, 4))
    variant = Variant(therapy=Therapy(needs=Needs.PRESCRIPTION))

    days = [dt.date(2026, 3, day) for day in (3, 4)]
    reasons = [visit_rules.why_not_at_age(variant, child, on=on, youngest=youngest) for on in days]
    unread = visit_rules.why_not_at_age(variant, child, on=days[1], youngest=None)

    assert reasons == ["This treatment is for patients aged 16 or over.", ""]
    assert unread == "The rule “df_minimum_age_years_default” cannot be read. Please tell the manager."


@pytest.mark.parametrize(
    ("account", "address", "refused"), [(0, 0, False), (1, 19, False), (2, 0, True), (0, 20, True)]
)
def test_holds_are_counted_by_account_and_address(account: int, address: int, *, refused: bool) -> None:
    assert bool(visit_rules.why_not_hold(by_account=account, by_address=address)) == refused


@pytest.mark.parametrize("status", Status)
def test_only_the_booked_move_check_in_and_stay_away(booking: Booking, status: Status) -> None:
    booking.status = status

    reasons = [
        visit_rules.why_not_move(booking, now=NIGHT_BEFORE),
        visit_rules.why_not_check_in(booking, now=JUST_BEFORE),
        visit_rules.why_not_no_show(booking, now=AT_ITS_TIME),
    ]

    assert [reason == "" for reason in reasons] == [status == Status.BOOKED] * 3


@pytest.mark.parametrize(
    ("now", "patient", "desk", "check_in", "no_show"),
    [
        (NIGHT_BEFORE, True, True, False, False),
        (JUST_BEFORE, True, True, True, False),
        (AT_ITS_TIME, False, True, True, True),
        (at(23), False, True, True, True),
        (NEXT_DAY, False, False, False, False),
    ],
)
def test_what_a_booked_visit_allows_depends_on_the_hour(
    booking: Booking, now: dt.datetime, *, patient: bool, desk: bool, check_in: bool, no_show: bool
) -> None:
    """Only the plan is past when its time has passed: the desk still moves it all day. After that, it is closed."""
    allowed = {
        "move": visit_rules.why_not_move(booking, now=now) == "",
        "desk moves": visit_rules.why_not_move(booking, now=now, desk=True) == "",
        "cancel": visit_rules.why_not_cancel(booking, now=now, desk=False) == "",
        "desk cancels": visit_rules.why_not_cancel(booking, now=now, desk=True) == "",
        "reassign": visit_rules.why_not_reassign(booking, now=now) == "",
        "check_in": visit_rules.why_not_check_in(booking, now=now) == "",
        "no_show": visit_rules.why_not_no_show(booking, now=now) == "",
    }

    assert allowed == {
        "move": patient,
        "desk moves": desk,
        "cancel": patient,
        "desk cancels": desk,
        "reassign": desk,
        "check_in": check_in,
        "no_show": no_show,
    }


def test_patient_who_waits_here_is_moved_by_the_desk_only(booking: Booking) -> None:
    booking.status = Status.CHECKED_IN

    reasons = [visit_rules.why_not_move(booking, now=at(10, 30), desk=desk) for desk in (True, False)]

    assert reasons == ["", "Only a booked visit can be rescheduled."]


def test_words_of_a_visit_whose_plan_has_passed_do_not_say_that_it_has_begun(booking: Booking) -> None:
    reasons = {
        visit_rules.why_not_move(booking, now=at(10, 30)),
        visit_rules.why_not_cancel(booking, now=at(10, 30), desk=False),
    }

    assert reasons == {"The planned time has passed. Please call the clinic."}


@pytest.mark.parametrize("status", Status)
def test_cancelling_follows_the_table_of_moves(booking: Booking, status: Status) -> None:
    booking.status = status

    reason = visit_rules.why_not_cancel(booking, now=NIGHT_BEFORE, desk=True)

    assert (reason == "") == (Status.CANCELLED in MOVES[status])


def test_patient_who_has_arrived_cancels_at_the_desk(booking: Booking) -> None:
    booking.status = Status.CHECKED_IN

    assert visit_rules.why_not_cancel(booking, now=JUST_BEFORE, desk=False) == (
        "The clinic has recorded that you have arrived. Please tell the front desk."
    )
    assert visit_rules.why_not_cancel(booking, now=JUST_BEFORE, desk=True) == ""


@pytest.mark.parametrize(
    ("screening", "status", "allowed"),
    [
        ("not_needed", Status.CHECKED_IN, True),
        ("clear", Status.CHECKED_IN, True),
        ("due", Status.CHECKED_IN, False),
        ("waiting", Status.CHECKED_IN, False),
        ("clear", Status.BOOKED, False),
        ("clear", Status.IN_PROGRESS, False),
    ],
)
def test_treatment_starts_after_check_in_with_nothing_open(
    booking: Booking, screening: str, status: Status, *, allowed: bool
) -> None:
    booking.screening, booking.status = screening, status

    assert (visit_rules.why_not_start(booking) == "") == allowed


@pytest.mark.parametrize("status", Status)
def test_undo_takes_back_a_slip_of_the_same_day(booking: Booking, status: Status) -> None:
    booking.status = status

    today, tomorrow = (visit_rules.why_not_undo(booking, now=now) == "" for now in (at(23), NEXT_DAY))

    assert today == (status in (Status.CHECKED_IN, Status.IN_PROGRESS, Status.NO_SHOW, Status.COMPLETED))
    assert not tomorrow


@pytest.mark.parametrize(
    ("minutes", "extended", "status", "expected"),
    [
        (1, False, Status.HELD, ""),
        (0, False, Status.HELD, "This time is no longer held."),
        (1, True, Status.HELD, "A hold can be extended only once."),
        (1, False, Status.EXPIRED, "This time is no longer held."),
        (1, False, Status.BOOKED, "This time is no longer held."),
    ],
)
def test_hold_is_extended_once_while_it_lasts(
    booking: Booking, minutes: int, status: Status, expected: str, *, extended: bool
) -> None:
    booking.status, booking.expires_at = status, factories.NOW + dt.timedelta(minutes=minutes)
    booking.visit.extended = extended

    assert visit_rules.why_not_extend(booking.visit, booking, now=factories.NOW) == expected
