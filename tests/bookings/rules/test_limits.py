"""Rules beside what a patient had and will have: days are left out and say why, and a raced cap is not passed."""

import datetime as dt
import threading
import uuid
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from django.db import transaction
from django.utils.translation import override

from bookings.actions import attendance, changes, confirmation, past_visits
from bookings.actions.occupancy import BookingChannel, Placement, occupy
from bookings.actions.visits import new_bookings, new_visit
from bookings.errors import PolicyRefused
from bookings.models import Booking, Occupancy, Status, Visit
from bookings.rules.limits import sources_of
from bookings.slots.search import rulings, starts
from bookings.slots.search_space import SlotRequest, read_search_space
from clinic.people.models import Patient, User
from clinic.premises.models import Clinic
from tests import factories
from tests.bookings.conftest import Book, at
from tests.bookings.races import at_once
from tests.bookings.slot_queries import wanting
from tests.eventually import PATIENCE
from tests.shipped import load_shipped
from therapies.models import Rule, Source, Variant
from therapies.rules import WRITTEN_ORDER

pytestmark = pytest.mark.django_db

CAP = "Fourth massage within 7 days"


@pytest.fixture
def massage(clinic: Clinic) -> Variant:
    """Back massage by one therapist, with the rules of the catalogue."""
    Rule.objects.create(
        code="fr_massage_cap",
        kind="frequency",
        is_hard=True,
        data={
            "applies_to": ["massage_family"],
            "max_sessions": 3,
            "window_days": 7,
            "window": "rolling",
            "lifted_by": "vaidya",
            "says": {"en": "{nth} massage within {days} days"},
        },
        sources=["house_guide"],
    )
    Rule.objects.create(
        code="fr_massage_same_day",
        kind="frequency",
        is_hard=True,
        data={
            "applies_to": ["massage_family"],
            "max_sessions": 1,
            "window_days": 1,
            "window": "calendar_day",
            "says": {"en": "{nth} massage on one day"},
        },
    )
    variant = factories.make_variant(factories.make_therapy("back_pain_massage", groups=["massage_family"]))
    factories.make_step(variant, "hands_on", 0, 30, crew={"therapist": 1})
    for name in ("Lata", "Devi"):
        factories.make_practitioner(clinic, name, roles=["therapist"], qualified=[variant.therapy])
        factories.make_room(clinic)
    return variant


@pytest.fixture
def slot_request(clinic: Clinic, massage: Variant, patient: Patient) -> SlotRequest:
    return wanting(clinic, massage, patient_id=patient.pk)


def offered(slot_request: SlotRequest, now: dt.datetime, first: int, last: int) -> dict[int, str]:
    """For each date of March: "free", or why not."""
    days = starts(slot_request, first=at(12, day=first).date(), last=at(12, day=last).date(), now=now, desk=True)
    return {day.on.day: "free" if day.starts else day.why for day in days}


def test_fourth_massage_in_seven_days_is_not_offered_and_not_booked(
    booked: Book, slot_request: SlotRequest, now: dt.datetime
) -> None:
    for day in (3, 5, 7):
        booked(at(10, day=day), desk=True)

    said = offered(slot_request, now, 4, 11)
    assert [day for day, why in said.items() if why == "free"] == [10, 11]
    assert said[4] == said[8] == f"{CAP}: next possible Tuesday 10 March"
    with pytest.raises(PolicyRefused, match=CAP):
        booked(at(9, day=10), desk=True)  # an hour short of seven days after the first
    assert booked(at(10, day=10), desk=True).bookings.get().status == Status.BOOKED


def test_second_massage_of_a_day_is_refused(booked: Book, slot_request: SlotRequest, now: dt.datetime) -> None:
    booked(at(10), desk=True)

    assert offered(slot_request, now, 3, 4) == {
        3: "Second massage on one day: next possible Wednesday 4 March",
        4: "free",
    }
    with pytest.raises(PolicyRefused, match="Second massage on one day"):
        booked(at(16), desk=True)


def test_rule_speaks_the_language_of_its_reader_and_as_its_row_says_now(
    booked: Book, slot_request: SlotRequest, now: dt.datetime
) -> None:
    booked(at(10), desk=True)
    rule = Rule.objects.get(code="fr_massage_same_day")

    def says(language: str, **words: str) -> str:
        rule.data["says"] = words
        rule.save()
        with override(language):
            return rulings(slot_request, start=at(16), now=now).refusals(at(16))[0].reason

    both = {"en": "One a day", "hi": "दिन में एक"}
    assert [says("en", **both), says("hi", **both), says("en", **both)] == ["One a day", "दिन में एक", "One a day"]
    assert says("en", en="Only one a day") == "Only one a day"


def test_two_massages_in_one_visit_are_two_of_a_day(
    clinic: Clinic, booked: Book, massage: Variant, slot_request: SlotRequest, now: dt.datetime
) -> None:
    both = wanting(clinic, massage, massage, patient_id=slot_request.patient_id)

    assert offered(both, now, 3, 3)[3] == "Second massage on one day"
    with pytest.raises(PolicyRefused, match="Second massage on one day"):
        booked(at(10), wanted=wanting(clinic, massage, massage), desk=True)


def test_massage_that_ended_without_being_given_does_not_count(
    booked: Book, owner: User, front_desk: User, now: dt.datetime
) -> None:
    cancelled, missed = booked(at(10, day=3), desk=True), booked(at(10, day=4), desk=True)
    changes.cancel(visit=cancelled, by=owner, now=now, ended_by="patient", version=2)
    attendance.mark_no_show(visit=missed, by=front_desk, now=at(11, day=4))

    for day in (5, 6, 7):
        booked(at(10, day=day), desk=True)

    assert Booking.objects.filter(status=Status.BOOKED).count() == 3


def test_move_does_not_count_its_own_time(booked: Book, owner: User, now: dt.datetime) -> None:
    visits = [booked(at(10, day=day), desk=True) for day in (3, 5, 7)]

    changes.move(visit=visits[1], start=at(15, day=5), by=owner, now=now, key=uuid.uuid4(), version=2, desk=True)

    assert visits[1].bookings.get().starts_at == at(15, day=5)


def test_second_massage_of_a_day_that_was_given_is_written_down_from_paper(
    booked: Book, slot_request: SlotRequest, patient: Patient, front_desk: User
) -> None:
    booked(at(10), desk=True)

    visit = past_visits.record_past(
        slot_request=slot_request, patient=patient, start=at(8), resource_ids=[], by=front_desk, now=at(12)
    )

    assert visit.bookings.get().status == Status.COMPLETED


def test_massages_of_others_and_other_therapies_do_not_count(
    clinic: Clinic, booked: Book, consultation: Variant, consulting_room: object
) -> None:
    sita = factories.make_patient("Sita", phone="+919847000066")
    for day in (3, 4, 5):
        booked(at(10, day=day), who=sita, desk=True)
        booked(at(15, day=day), wanted=SlotRequest(clinic, (consultation,)), desk=True)

    assert booked(at(10, day=6), desk=True).bookings.get().status == Status.BOOKED


# The written order of a Vaidya.


def test_written_order_goes_beyond_the_cap_on_its_days_and_is_not_counted_against_others(
    clinic: Clinic, booked: Book, massage: Variant, slot_request: SlotRequest, patient: Patient, now: dt.datetime
) -> None:
    item = factories.make_order(patient, massage, clinic=clinic, lifted_limits={"fr_massage_cap": "Severe pain, daily"})
    ordered = wanting(clinic, massage, patient_id=patient.pk, items=(item,), overrides=frozenset([WRITTEN_ORDER]))
    for day in (3, 4, 5, 6):
        booked(at(10, day=day), wanted=ordered, desk=True)

    assert Booking.objects.filter(item=item, status=Status.BOOKED).count() == 4
    without = offered(slot_request, now, 3, 7)
    assert without[3] == "Second massage on one day: next possible Saturday 7 March"  # nobody may lift this one
    assert without[7] == "free"


def test_order_without_a_reason_lifts_nothing(
    clinic: Clinic, booked: Book, massage: Variant, patient: Patient, now: dt.datetime
) -> None:
    item = factories.make_order(patient, massage, clinic=clinic)
    slot_request = wanting(clinic, massage, patient_id=patient.pk, items=(item,), overrides=frozenset([WRITTEN_ORDER]))
    for day in (3, 4, 5):
        booked(at(10, day=day), wanted=slot_request, desk=True)

    assert offered(slot_request, now, 6, 6)[6] == f"{CAP}: next possible Tuesday 10 March"
    with pytest.raises(PolicyRefused, match=CAP):
        booked(at(10, day=6), wanted=slot_request, desk=True)


def test_rule_lifted_by_its_code_does_not_hold(slot_request: SlotRequest, booked: Book, now: dt.datetime) -> None:
    booked(at(10), desk=True)

    lifted = replace(slot_request, overrides=frozenset(["fr_massage_same_day"]))

    assert offered(lifted, now, 3, 3)[3] == "free"


def test_sessions_booked_in_one_act_count_each_other(
    clinic: Clinic, slot_request: SlotRequest, patient: Patient, now: dt.datetime
) -> None:
    wants = []
    for day in (3, 4, 5, 6):
        visit = new_visit(slot_request, at(10, day=day), now)
        visit.patient = patient
        visit.save()
        bookings = Booking.objects.bulk_create(new_bookings(visit, slot_request, at(10, day=day), Status.BOOKED))
        wants.append(Placement(slot_request, at(10, day=day), bookings, BookingChannel.DESK))

    with pytest.raises(PolicyRefused, match=CAP):
        occupy(wants, [], now=now)
    wants.pop().bookings[0].delete()
    occupy(wants, [], now=now)
    assert Occupancy.objects.filter(part="patient").count() == 3


# In words, with notes and sources; and never silently.


def test_closed_day_names_the_sources_of_its_rule(booked: Book, slot_request: SlotRequest, now: dt.datetime) -> None:
    Source.objects.create(code="house_guide", tier="house", title="The house's own guide")
    for day in (3, 5, 7):
        booked(at(10, day=day), desk=True)

    (closed,) = starts(slot_request, first=at(12, day=8).date(), last=at(12, day=8).date(), now=now, desk=True)
    refusals = rulings(slot_request, start=at(12, day=8), now=now).refusals(at(12, day=8))

    assert closed.sources == ("house_guide",)
    assert [source.title for source in sources_of(refusals)] == ["The house's own guide"]


def test_soft_rule_closes_nothing_and_gives_a_note(booked: Book, slot_request: SlotRequest, now: dt.datetime) -> None:
    Rule.objects.create(
        code="fr_massage_spacing",
        kind="frequency",
        is_hard=False,
        data={
            "applies_to": ["massage_family"],
            "min_hours_between_starts": 24,
            "says": {"en": "Less than {hours} hours between two massages"},
        },
    )
    booked(at(16, day=3), desk=True)

    found = rulings(slot_request, start=at(9, day=4), now=now)

    assert offered(slot_request, now, 4, 4)[4] == "free"
    assert found.refusals(at(9, day=4)) == []
    assert [note.reason for note in found.notes(at(9, day=4))] == ["Less than 24 hours between two massages"]
    assert found.notes(at(16, day=4)) == []


def test_rule_that_a_manager_tore_closes_what_it_may_bind_and_says_so(
    clinic: Clinic,
    booked: Book,
    slot_request: SlotRequest,
    consultation: Variant,
    consulting_room: object,
    now: dt.datetime,
) -> None:
    Rule.objects.filter(code="fr_massage_cap").update(data={"applies_to": ["massage_family"], "max_sessions": "three"})
    says = "The rule “fr_massage_cap” cannot be read. Please tell the manager"

    assert offered(slot_request, now, 3, 4) == {3: says, 4: says}
    with pytest.raises(PolicyRefused, match="cannot be read"):
        booked(at(10), desk=True)
    Rule.objects.filter(code="fr_massage_cap").update(data=[])  # now nobody can tell whom it binds
    assert booked(at(10), wanted=SlotRequest(clinic, (consultation,)), desk=True).bookings.get().status == Status.BOOKED


# The race: two of the three places in the week are taken; two browsers book the last one at the same moment, for other
# days, so that no constraint of the diary is in the way.


def massages_of(patient: Patient) -> int:
    return Booking.objects.filter(visit__patient=patient, status=Status.BOOKED).count()


@pytest.fixture
def last_of_the_week(booked: Book, hold: Book) -> Callable[[int], list[Visit]]:
    """Two massages are booked; holds Wednesday and Friday for the third, at this hour."""
    for day in (3, 5):
        booked(at(10, day=day), desk=True)
    return lambda hour: [hold(at(hour, day=day), holder=f"browser {day}", desk=True) for day in (4, 6)]


@pytest.mark.django_db(transaction=True)
def test_weekly_cap_raced_from_two_sides_is_not_passed(
    last_of_the_week: Callable[[int], list[Visit]], patient: Patient, owner: User, now: dt.datetime
) -> None:
    def book(visit: Visit) -> Visit:
        said = {"holder": visit.holder, "by": owner, "now": now, "key": uuid.uuid4()}
        return confirmation.book(visit=visit, patient=patient, **said)

    for hour in range(10, 15):
        held = last_of_the_week(hour)

        answers = at_once(*[partial(book, visit) for visit in held])

        assert sorted(type(answer).__name__ for answer in answers) == ["PolicyRefused", "Visit"]
        assert massages_of(patient) == 3
        winner = next(visit for visit in held if visit.bookings.get().status == Status.BOOKED)
        changes.cancel(visit=winner, by=owner, now=now, ended_by="patient", version=2)


@pytest.mark.django_db(transaction=True)
def test_weekly_cap_without_the_locks_is_passed(
    last_of_the_week: Callable[[int], list[Visit]], slot_request: SlotRequest, patient: Patient, now: dt.datetime
) -> None:
    """The control: the same reading and the same rule, in one transaction each, but nobody waits for the other."""
    both_have_looked = threading.Barrier(2)

    def book(visit: Visit) -> str:
        booking = visit.bookings.get()
        on = booking.starts_at.astimezone(visit.zone).date()
        with transaction.atomic():
            known = read_search_space(slot_request, on, on, now, ignoring=visit.pk)
            reason = known.limits.why_not(booking.starts_at)
            both_have_looked.wait(PATIENCE)
            if not reason:
                Visit.objects.filter(pk=visit.pk).update(patient=patient, holder="")
                Booking.objects.filter(pk=booking.pk).update(status=Status.BOOKED)
        return reason

    answers = at_once(*[partial(book, visit) for visit in last_of_the_week(10)])

    assert answers == ["", ""]
    assert massages_of(patient) == 4


# What a search asks of the database.


@pytest.mark.parametrize(
    ("code", "variant", "queries"),
    [
        ("consultation_first", "default", 2),
        ("abhyanga", "default", 3),
        ("nadi_sweda", "default", 3),
        ("basti", "niruha", 3),
    ],
)
def test_search_of_thirty_days_asks_three_questions_at_most(
    clinic: Clinic,
    patient: Patient,
    now: dt.datetime,
    django_assert_num_queries: Any,
    code: str,
    variant: str,
    queries: int,
) -> None:
    load_shipped()
    wanted = (
        Variant.objects.select_related("therapy").prefetch_related("steps__crews").get(therapy__code=code, code=variant)
    )
    schedule = {"schedule": "yoga_basti", "sessions": 8} if code == "basti" else {}
    item = factories.make_order(patient, wanted, clinic=clinic, **schedule) if code != "consultation_first" else None
    slot_request = wanting(clinic, wanted, patient_id=patient.pk, items=(item,) if item else ())

    with django_assert_num_queries(queries):
        starts(slot_request, first=at(12).date(), last=at(12).date() + dt.timedelta(days=29), now=now)
