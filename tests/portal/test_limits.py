"""How much may be open online: shown before, refused with what exists, and the same however fast it is asked."""

import datetime as dt
import threading
import uuid
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connections
from django.test import Client

from bookings.actions import approval, changes, confirmation, holds, online_bookings
from bookings.errors import ActionRefused, PolicyRefused
from bookings.facts.open_visits import open_visits_of
from bookings.models import Booking, Message, Status, Visit
from bookings.rules.online_limits import LimitReached
from bookings.slots.search_space import SlotRequest
from clinic.people.models import Patient, User
from clinic.premises.models import Clinic
from tests.eventually import PATIENCE
from tests.factories import (
    make_access,
    make_clinic,
    make_consultation,
    make_patient,
    make_practitioner,
    make_qualification,
    make_room,
    make_user,
    make_visit,
)
from tests.portal.test_who import DETAILS
from therapies.models import Practitioner, Variant

DAY = dt.timedelta(days=1)
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def follow_up(vaidya: Practitioner, room: None) -> Variant:
    variant = make_consultation("consultation_follow_up", minutes=20, name="Follow-up consultation", follow_up=True)
    make_qualification(vaidya, variant.therapy)
    return variant


def book(variant: Variant, patient: Patient, by: User, start: dt.datetime, now: dt.datetime, **how: Any) -> Visit:
    slot_request = SlotRequest(Clinic.objects.get(), (variant,))
    holder = f"h{uuid.uuid4().hex}"
    held = holds.hold(slot_request=slot_request, start=start, holder=holder, by=None, now=now, key=uuid.uuid4())
    return confirmation.book(visit=held, patient=patient, holder=holder, by=by, now=now, key=uuid.uuid4(), **how)


def test_third_open_consultation_of_a_patient_is_refused_and_names_the_two(
    patient: Patient, owner: User, consultation: Variant, follow_up: Variant, start: dt.datetime, now: dt.datetime
) -> None:
    make_visit(
        clinic=Clinic.objects.get(), variant=follow_up, start=now - 30 * DAY, patient=patient, status="completed"
    )
    book(consultation, patient, owner, start, now)
    book(follow_up, patient, owner, start + DAY, now)

    with pytest.raises(LimitReached) as refusal:
        book(consultation, patient, owner, start + 2 * DAY, now)

    said = "Meera already has 2 upcoming consultations: Tue 3 Mar, 10:30; Wed 4 Mar, 10:30."
    assert (refusal.value.reason, len(refusal.value.verdict.visits)) == (said, 2)


def test_second_consultation_of_a_kind_on_one_day_is_refused(
    patient: Patient, owner: User, consultation: Variant, start: dt.datetime, now: dt.datetime
) -> None:
    book(consultation, patient, owner, start, now)

    with pytest.raises(LimitReached, match=r"already has this consultation on that day: Tue 3 Mar, 10:30\."):
        book(consultation, patient, owner, start + 2 * HOUR, now)


def test_visit_is_not_moved_to_a_day_that_has_one_of_its_kind(
    patient: Patient, owner: User, consultation: Variant, start: dt.datetime, now: dt.datetime
) -> None:
    book(consultation, patient, owner, start, now)
    other = book(consultation, patient, owner, start + DAY, now)
    version = other.bookings.get().version
    how = {"visit": other, "version": version, "now": now}

    for by in (owner, None):
        with pytest.raises(PolicyRefused, match="on that day"):
            changes.move(**how, start=start + HOUR, by=by, key=uuid.uuid4())

    changes.move(**how, start=start + DAY + HOUR, by=owner, key=uuid.uuid4())


def test_desk_books_beyond_every_limit(
    patient: Patient, front_desk: User, follow_up: Variant, start: dt.datetime, now: dt.datetime
) -> None:
    for number in range(4):
        book(follow_up, patient, front_desk, start + number * HOUR, now, desk=True)

    assert [row.status for row in Booking.objects.all()] == [Status.BOOKED] * 4


def test_new_account_has_two_open_visits_and_six_once_somebody_came(
    clinic: Clinic, owner: User, consultation: Variant, start: dt.datetime, now: dt.datetime
) -> None:
    people = [make_patient(f"Guest{number}", clinics=[clinic]) for number in range(8)]
    for person in people:
        make_access(owner, person, relation="other")

    def booked(now: dt.datetime) -> int:
        return sum(
            _books(consultation, person, owner, start + HOUR * number, now) for number, person in enumerate(people)
        )

    first = booked(now)
    came = make_visit(clinic=clinic, variant=consultation, start=now - DAY, patient=people[7], status="completed")

    assert (first, booked(now + HOUR), came.patient) == (2, 4, people[7])


def _books(variant: Variant, patient: Patient, by: User, start: dt.datetime, now: dt.datetime) -> bool:
    try:
        book(variant, patient, by, start, now)
    except ActionRefused:
        return False
    return True


def test_visits_booked_for_people_whom_the_account_no_longer_acts_for_still_count(
    clinic: Clinic, owner: User, consultation: Variant, start: dt.datetime, now: dt.datetime
) -> None:
    for number in range(2):
        access = make_access(owner, make_patient(f"Guest{number}"), relation="other")
        book(consultation, access.patient, owner, start + number * HOUR, now)
        access.ends_on = access.starts_on
        access.save()
    other = make_patient("Third")
    make_access(owner, other, relation="other")

    with pytest.raises(LimitReached, match="Before your first visit you can have 2 upcoming appointments"):
        book(consultation, other, owner, start + 3 * HOUR, now)


def test_cancelled_visit_makes_room_for_another(
    patient: Patient, owner: User, consultation: Variant, start: dt.datetime, now: dt.datetime
) -> None:
    visits = [book(consultation, patient, owner, start + number * DAY, now) for number in range(2)]
    version = visits[0].bookings.get().version
    changes.cancel(visit=visits[0], by=owner, now=now, ended_by="patient", version=version)  # type: ignore[arg-type]

    assert book(consultation, patient, owner, start + 2 * DAY, now).bookings.get().status == Status.BOOKED


def test_request_past_its_limit_counts_until_something_has_ended_it(
    patient: Patient, owner: User, consultation: Variant, start: dt.datetime, now: dt.datetime
) -> None:
    visits = [book(consultation, patient, owner, start + number * DAY, now) for number in range(2)]
    visits[0].bookings.update(status=Status.REQUESTED, expires_at=now)

    with pytest.raises(LimitReached):
        book(consultation, patient, owner, start + 2 * DAY, now)
    approval.lapse(visit=visits[0], now=now)

    assert book(consultation, patient, owner, start + 3 * DAY, now).bookings.get().status == Status.BOOKED


# --- follow-ups -------------------------------------------------------------------------------------------------------


def test_follow_up_of_a_newcomer_is_refused_unless_they_say_that_they_were_here(
    patient: Patient, owner: User, follow_up: Variant, start: dt.datetime, now: dt.datetime
) -> None:
    with pytest.raises(LimitReached, match="We found no earlier visit of Meera"):
        book(follow_up, patient, owner, start, now)

    visit = book(follow_up, patient, owner, start + HOUR, now, was_here=True)

    assert visit.bookings.get().status == Status.REQUESTED
    assert Message.objects.get().kind == "requested"


def test_follow_up_of_whoever_was_here_is_booked(
    clinic: Clinic, patient: Patient, owner: User, follow_up: Variant, start: dt.datetime, now: dt.datetime
) -> None:
    make_visit(clinic=clinic, variant=follow_up, start=now - 30 * DAY, patient=patient, status="completed")

    assert book(follow_up, patient, owner, start, now).bookings.get().status == Status.BOOKED


def test_newcomer_asks_for_a_follow_up_on_the_page(
    client: Client, owner: User, patient: Patient, clinic: Clinic, follow_up: Variant, start: dt.datetime
) -> None:
    client.force_login(owner)
    asked = {"clinic": clinic.slug, "what": follow_up.pk, "start": start.isoformat(), "page": uuid.uuid4()}
    client.post("/book/hold/", asked)
    page = client.post("/book/who/", {"act": "pick", "patient": patient.public_id}, follow=True)
    shown = page.content.decode()
    assert "We found no earlier visit of Meera" in shown
    assert "I have been here before: request this appointment" in shown
    said = {"visit": Visit.objects.get().public_id, "patient": patient.public_id, "key": uuid.uuid4()}

    without = client.post("/book/confirm/", said, follow=True)
    with_word = client.post("/book/confirm/", said | {"was_here": "on", "key": uuid.uuid4()}, follow=True)

    assert "We found no earlier visit of Meera" in without.content.decode()
    assert "Your request has been sent." in with_word.content.decode()
    assert Booking.objects.get().status == Status.REQUESTED


# --- on the pages -----------------------------------------------------------------------------------------------------


def test_page_of_who_comes_says_what_is_open_and_refuses_with_the_ways_to_change_it(
    client: Client,
    owner: User,
    patient: Patient,
    visit: Visit,
    hold_at: Callable[..., Any],
    start: dt.datetime,
) -> None:
    client.force_login(owner)
    hold_at(start + HOUR)

    before = client.get("/book/who/").content.decode()
    answer = client.post("/book/who/", {"act": "pick", "patient": patient.public_id})

    reason = "Meera already has this consultation on that day: Tue 3 Mar, 10:30."
    shown = answer.content.decode()
    assert (reason in before, f'href="/visits/{visit.public_id}/"' in before) == (True, True)
    assert (answer.status_code, reason in shown, 'role="alert"' in shown) == (409, True, True)
    assert [f"/visits/{visit.public_id}/{way}/" in shown for way in ("move", "cancel")] == [True, True]
    assert Booking.objects.filter(status=Status.BOOKED).count() == 1


def test_confirmation_that_comes_too_late_is_refused_in_the_same_words(
    client: Client,
    owner: User,
    patient: Patient,
    hold_at: Callable[..., Any],
    book_for: Callable[..., Visit],
    start: dt.datetime,
) -> None:
    client.force_login(owner)
    hold_at(start + HOUR)
    client.post("/book/who/", {"act": "pick", "patient": patient.public_id})
    said = {"visit": Visit.objects.get().public_id, "patient": patient.public_id, "key": uuid.uuid4()}
    other = book_for(patient, owner, start)

    answers = [client.get("/book/confirm/"), client.post("/book/confirm/", said)]

    assert [answer.status_code for answer in answers] == [409, 409]
    assert all(f"/visits/{other.public_id}/move/" in answer.content.decode() for answer in answers)


def test_fourth_new_person_of_a_day_and_the_ninth_of_all_are_refused(
    client: Client, clinic: Clinic, hold_at: Callable[..., Any], start: dt.datetime, now: dt.datetime
) -> None:
    user = make_user("anna@example.org")
    client.force_login(user)
    hold_at(start)

    def register(count: int, first: int) -> list[str]:
        answers = []
        for number in range(first, first + count):
            answer = client.post("/book/who/", DETAILS | {"birth_date": f"19{50 + number}-01-01"})
            errors = answer.context["new"].non_field_errors() if answer.status_code == 422 else []
            answers.append(f"{answer.status_code} {' '.join(errors)}".strip())
        return answers

    assert register(4, 0) == [
        *["302"] * 3,
        "422 You have registered 3 people today. Please register the next one tomorrow, or call us.",
    ]
    Patient.objects.update(registered_at=now - 2 * DAY)
    assert register(3, 10) == ["302"] * 3
    Patient.objects.update(registered_at=now - 2 * DAY)
    assert register(3, 20) == [
        *["302"] * 2,
        "422 You have already registered 8 people. Please call us to register another.",
    ]


def test_whoever_may_book_no_more_registers_nobody(
    client: Client,
    clinic: Clinic,
    consultation: Variant,
    hold_at: Callable[..., Any],
    start: dt.datetime,
    now: dt.datetime,
) -> None:
    user = make_user("anna@example.org")
    for number in range(2):
        person = make_patient(f"Guest{number}")
        make_access(user, person, relation="other")
        book(consultation, person, user, start + number * HOUR, now)
    client.force_login(user)
    hold_at(start + 3 * HOUR)

    answer = client.post("/book/who/", DETAILS)

    assert (answer.status_code, Patient.objects.count()) == (409, 2)
    assert "Before your first visit you can have 2 upcoming appointments" in answer.content.decode()


# --- bursts -----------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("guarded", [True, False])
def test_burst_of_one_account_has_as_many_winners_as_the_limit(
    now: dt.datetime, start: dt.datetime, guarded: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fifteen at once, each for somebody else at a clinic of its own: they share the account and nothing else.

    Without the lock on the account all have counted before the first has booked.
    """
    user, variant, count = make_user("anna@example.org"), make_consultation(), 15
    held = [_held_for_somebody(f"house-{number}", user, variant, start, now) for number in range(count)]
    barrier, ends = threading.Barrier(count), list[str]()
    if not guarded:
        monkeypatch.setattr(confirmation, "holders_of_account", lambda _account: [])
        monkeypatch.setattr(
            online_bookings, "open_visits_of", lambda *a, **k: (open_visits_of(*a, **k), barrier.wait(PATIENCE))[0]
        )

    def press(visit: Visit, person: Patient) -> None:
        try:
            confirmation.book(visit=visit, patient=person, holder=visit.holder, by=user, now=now, key=uuid.uuid4())
            ends.append("booked")
        except ActionRefused as refusal:
            ends.append(type(refusal).__name__)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=press, args=pair) for pair in held]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)

    winners = 2 if guarded else count
    losers = {"LimitReached": count - winners} if guarded else {}
    assert Counter(ends) == {"booked": winners} | losers
    assert Booking.objects.filter(status=Status.BOOKED).count() == winners


def _held_for_somebody(
    slug: str, user: User, variant: Variant, start: dt.datetime, now: dt.datetime
) -> tuple[Visit, Patient]:
    clinic = make_clinic(slug)
    make_room(clinic, features=["consultation_room"])
    make_practitioner(clinic, qualified=[variant.therapy])
    person = make_patient("Guest")
    make_access(user, person, relation="other")
    slot_request, holder = SlotRequest(clinic, (variant,)), f"h{uuid.uuid4().hex}"
    return holds.hold(slot_request=slot_request, start=start, holder=holder, by=None, now=now, key=uuid.uuid4()), person
