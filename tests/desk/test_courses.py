"""A prescription becomes all its visits: proposed, changed by hand, booked in one press or not at all."""

import datetime as dt
import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from bookings.actions.course_bookings import CourseChanged, book_course
from bookings.actions.prescriptions import end_prescription
from bookings.desk.courses.lookups import forms_of
from bookings.errors import ActionRefused, JustTaken
from bookings.facts.patient import patient_facts_of
from bookings.messages.content.composition import compose
from bookings.models import Booking, History, Message, MessageKind, Occupancy, Prescription, Status, Visit
from bookings.slots.care_plan import CourseProposal, CourseWish, care_visits, propose, slot_requests_of
from clinic.people.models import Patient, User
from clinic.premises.models import Clinic, Room
from tests import factories
from tests.bookings import clinical
from tests.desk.conftest import Enter, at
from therapies.models import Practitioner, Price, Rule, Variant

DAY = dt.timedelta(days=1)
TUESDAY = dt.date(2026, 3, 3)


@pytest.fixture
def pool(db: None) -> Variant:
    variant = clinical.make_therapy("kati_basti", name="Kati Basti")
    factories.make_step(variant, "pool", 0, 45, crew={"therapist": 1})
    return variant


@pytest.fixture
def steam(db: None) -> Variant:
    variant = clinical.make_therapy("nadi_sweda", name="Nadi Sweda")
    factories.make_step(variant, "steam", 0, 15, crew={"therapist": 1})
    return variant


@pytest.fixture
def lata(clinic: Clinic, pool: Variant, steam: Variant) -> Practitioner:
    return factories.make_practitioner(clinic, "Lata", roles=["therapist"], qualified=[pool.therapy, steam.therapy])


@pytest.fixture
def table(clinic: Clinic) -> Room:
    return factories.make_room(clinic, "Table room")


@pytest.fixture
def order(
    patient: Patient, clinic: Clinic, vaidya_user: User, pool: Variant, steam: Variant, lata: Practitioner, table: Room
) -> Prescription:
    """Seven days of Kati Basti, each with steam after it."""
    return clinical.make_prescription(clinical.make_assessment(patient, clinic, vaidya_user), pool, steam)


def page_of(order: Prescription, name: str = "course") -> str:
    return reverse(f"desk:{name}", args=[order.patient.public_id, order.public_id])


def proposed(order: Prescription, now: dt.datetime, **wish: Any) -> CourseProposal:
    orders = patient_facts_of(order.patient, now=now).ordered
    visits = care_visits(orders, forms_of(orders))
    requests = slot_requests_of(visits, order.clinic, order.patient, now.date())
    return propose(visits, requests, CourseWish(**({"first": TUESDAY} | wish)), now=now, desk=True)


def days(proposal: CourseProposal) -> list[int]:
    return [visit.start.day for visit in proposal.visits]


def booked(order: Prescription, by: User, now: dt.datetime, key: uuid.UUID | None = None) -> list[Visit]:
    visits = proposed(order, now).visits
    return book_course(visits=visits, patient=order.patient, by=by, now=now, key=key or uuid.uuid4())


# --- the proposal -----------------------------------------------------------------------------------------------------


def test_therapies_of_one_day_are_one_visit_and_the_course_is_daily(order: Prescription, now: dt.datetime) -> None:
    found = proposed(order, now)

    assert days(found) == [3, 4, 5, 6, 7, 8, 9]
    assert {visit.start.astimezone(order.clinic.zone).time() for visit in found.visits} == {dt.time(8)}
    names = {tuple(variant.therapy.code for variant in visit.slot_request.variants) for visit in found.visits}
    assert names == {("kati_basti", "nadi_sweda")}


def test_day_on_which_nobody_works_is_a_rest_day_or_the_reason_with_the_smallest_way_out(
    order: Prescription, lata: Practitioner, front_desk: User, now: dt.datetime
) -> None:
    factories.make_absence(lata, at(0, day=5), at(0, day=6), by=front_desk)

    with_rest = proposed(order, now)
    assert (days(with_rest), with_rest.rest_days) == ([3, 4, 6, 7, 8, 9, 10], (dt.date(2026, 3, 5),))
    found = proposed(order, now, slip=0)
    assert found.visits == ()
    assert found.why_not == "Thursday 5 March: No practitioner for this treatment works that day"
    assert found.ways == ("Begin on Friday 6 March.", "Allow 1 rest day between two visits.")


def test_days_on_which_the_patient_cannot_come_are_left_out(order: Prescription, now: dt.datetime) -> None:
    found = proposed(order, now, slip=1, not_on=frozenset([TUESDAY, TUESDAY + 3 * DAY]))

    assert days(found) == [4, 5, 7, 8, 9, 10, 11]
    assert found.rest_days == (dt.date(2026, 3, 6),)


# --- booking ----------------------------------------------------------------------------------------------------------


def test_all_visits_are_booked_in_one_act(order: Prescription, front_desk: User, now: dt.datetime) -> None:
    visits = booked(order, front_desk, now)

    assert (len(visits), Booking.objects.filter(status=Status.BOOKED).count()) == (7, 14)
    assert History.objects.filter(verb="book").count() == 7
    assert [visit.running_course for visit in visits] == [False] + [True] * 6
    bookings = Booking.objects.order_by("starts_at")
    assert set(bookings.values_list("item__prescription", flat=True)) == {order.pk}
    assert [booking.plan for booking in bookings if not booking.plan.get("steps")] == []
    facts = patient_facts_of(order.patient, now=now)
    assert [each.left for each in facts.ordered] == [0, 0]


def test_double_press_books_once(order: Prescription, front_desk: User, now: dt.datetime) -> None:
    key, visits = uuid.uuid4(), proposed(order, now).visits
    first = book_course(visits=visits, patient=order.patient, by=front_desk, now=now, key=key)

    again = book_course(visits=visits, patient=order.patient, by=front_desk, now=now, key=key)

    assert (again, Visit.objects.count()) == (first[:1], 7)


def test_one_day_that_was_taken_meanwhile_leaves_nothing_half_booked(
    order: Prescription, lata: Practitioner, front_desk: User, now: dt.datetime
) -> None:
    visits = proposed(order, now).visits
    factories.make_absence(lata, at(8, day=6), at(12, day=6), by=front_desk)

    with pytest.raises(JustTaken, match=r"^Friday 6 March: this time is no longer free\.$"):
        book_course(visits=visits, patient=order.patient, by=front_desk, now=now, key=uuid.uuid4())

    assert (Visit.objects.count(), Booking.objects.count(), Occupancy.objects.count()) == (0, 0, 0)
    assert (Message.objects.count(), History.objects.count()) == (0, 0)


def test_clinic_that_is_closed_meanwhile_is_the_reason(
    order: Prescription, front_desk: User, clinic: Clinic, now: dt.datetime
) -> None:
    visits = proposed(order, now).visits
    for number in range(7):
        factories.make_closure(clinic, TUESDAY + number * DAY)

    with pytest.raises(ActionRefused, match=r"^Tuesday 3 March: "):
        book_course(visits=visits, patient=order.patient, by=front_desk, now=now, key=uuid.uuid4())
    assert proposed(order, now).ways == ("Begin on Tuesday 10 March.",)


def test_prescription_that_ended_while_it_was_looked_at_books_nothing(
    order: Prescription, front_desk: User, vaidya_user: User, now: dt.datetime
) -> None:
    visits = proposed(order, now).visits
    end_prescription(prescription=order, reason="Back pain is gone", by=vaidya_user, now=now)

    with pytest.raises(CourseChanged):
        book_course(visits=visits, patient=order.patient, by=front_desk, now=now, key=uuid.uuid4())
    assert Visit.objects.count() == 0


def test_visits_booked_meanwhile_by_somebody_else_are_not_booked_twice(
    order: Prescription, front_desk: User, now: dt.datetime
) -> None:
    visits = proposed(order, now).visits
    booked(order, front_desk, now)

    with pytest.raises(ActionRefused):
        book_course(visits=visits, patient=order.patient, by=front_desk, now=now, key=uuid.uuid4())
    assert Visit.objects.count() == 7


# --- messages ---------------------------------------------------------------------------------------------------------


def test_one_message_and_one_calendar_file_have_all_days(
    order: Prescription, front_desk: User, now: dt.datetime
) -> None:
    booked(order, front_desk, now)

    (message,) = Message.objects.filter(kind=MessageKind.CONFIRMED)
    mail = compose(message, now=now)
    assert mail.subject.startswith("7 appointments confirmed, the first: Tue 3 Mar")
    assert [f"{day} March 2026" in mail.body for day in range(3, 10)] == [True] * 7
    calendar = next(part for part in mail.attachments if part[0] == "appointment.ics")
    assert calendar[1].count(b"BEGIN:VEVENT") == 7
    assert "Basti" not in mail.body


# --- the pages --------------------------------------------------------------------------------------------------------


def test_desk_books_seven_days_in_three_presses_from_the_patient(
    enter: Enter, front_desk: User, order: Prescription, clinic: Clinic, pool: Variant, steam: Variant
) -> None:
    for variant, text in ((pool, "₹ 1,000"), (steam, "₹ 300")):
        Price.objects.create(therapy=variant.therapy, clinic=clinic, text=text)
    client = enter(front_desk)
    patient_page = client.get(reverse("desk:patient", args=[order.patient.public_id]))
    assert page_of(order) in patient_page.content.decode()

    page = client.get(page_of(order))
    sent = {"start": [row.value for row in page.context["page"].rows], "key": str(page.context["key"])}
    assert (len(sent["start"]), page.context["page"].price) == (7, "₹ 9,100")
    answer = client.post(page_of(order, "book_course"), sent, follow=True)

    assert [str(message) for message in answer.context["messages"]] == ["All 7 visits have been booked."]
    assert [(line.booked, line.left) for line in answer.context["page"].ledger] == [(7, 0), (7, 0)]
    sheet = client.get(page_of(order, "course_sheet"))
    assert [day.starts_at.day for day in sheet.context["page"].sheet_days] == [3, 4, 5, 6, 7, 8, 9]


def test_second_press_of_a_double_press_is_told_the_same_as_the_first(
    enter: Enter, front_desk: User, order: Prescription
) -> None:
    client = enter(front_desk)
    page = client.get(page_of(order))
    sent = {"start": [row.value for row in page.context["page"].rows], "key": str(page.context["key"])}

    answers = [client.post(page_of(order, "book_course"), sent, follow=True) for _press in range(2)]

    words = [[str(message) for message in answer.context["messages"]] for answer in answers]
    assert words == [["All 7 visits have been booked."]] * 2
    assert Visit.objects.count() == 7


def test_day_is_moved_by_hand_to_times_that_keep_the_order(enter: Enter, front_desk: User, order: Prescription) -> None:
    client = enter(front_desk)
    starts = [row.value for row in client.get(page_of(order)).context["page"].rows]

    page = client.get(page_of(order), {"start": starts, "move": "7"}).context["page"]
    assert {start.day for start in page.other_times} == {9, 10, 11, 12}
    later = page.other_times[-1].isoformat()
    moved = client.get(page_of(order), {"start": [*starts[:6], later]}).context["page"]
    assert (len(moved.rows), moved.rows[-1].start.day) == (7, 12)
    wrong = client.get(page_of(order), {"start": [starts[1], starts[0], *starts[2:]]}).context["page"]
    assert (wrong.rows, wrong.proposal.why_not) == (
        [],
        "Each visit needs a day of its own, in the order of the plan.",
    )


def test_session_of_a_schedule_that_was_cancelled_is_proposed_after_the_last_that_is_booked(
    enter: Enter, front_desk: User, patient: Patient, clinic: Clinic, vaidya_user: User, table: Room
) -> None:
    course = {"sessions_default": 4, "sessions_max": 8, "usual_spacing_days": 1}
    basti = factories.make_therapy("basti", needs="prescription", consent="standard", facts={"course": course})
    oil = factories.make_variant(basti, code="anuvasana")
    factories.make_step(oil, "table", 0, 45, crew={"therapist": 1})
    factories.make_practitioner(clinic, "Lata", roles=["therapist"], qualified=[basti])
    Rule.objects.create(code="yoga_basti", kind="schedule", data={"sequence": ["A", "A", "A", "A"]})
    item = factories.make_order(patient, oil, clinic=clinic, by=vaidya_user, sessions=4, schedule="yoga_basti")
    for number in (3, 4, 6):
        factories.make_visit(clinic=clinic, variant=oil, start=at(8, day=number), patient=patient, item=item)

    page = enter(front_desk).get(page_of(item.prescription)).context["page"]

    assert (page.proposal.why_not, [row.start.day for row in page.rows]) == ("", [7])


WISH = {"from_on": "2026-03-05", "slip": "3", "part": "morning", "away_from": "2026-03-08", "away_until": "2026-03-09"}


def test_moving_one_day_keeps_what_the_patient_wished_and_offers_no_day_on_which_they_cannot_come(
    enter: Enter, front_desk: User, order: Prescription
) -> None:
    client = enter(front_desk)
    first = client.get(page_of(order), WISH).context["page"]
    assert [row.start.day for row in first.rows] == [5, 6, 7, 10, 11, 12, 13]

    moving = client.get(page_of(order), {**WISH, "start": [row.value for row in first.rows], "move": "3"})

    assert {start.day for start in moving.context["page"].other_times} == {7}
    pair = '<input type="hidden" name="{}" value="{}">'
    for name, value in WISH.items():
        assert moving.content.decode().count(pair.format(name, value)) == 2  # of the timetable, and of booking
    assert [address for _words, address in moving.context["page"].alternatives] == [
        "slip=3&away_from=2026-03-08&away_until=2026-03-09&from_on=2026-03-05&part=morning",
        "slip=3&away_from=2026-03-08&away_until=2026-03-09&from_on=2026-03-05&part=afternoon",
        "part=morning&slip=3&away_from=2026-03-08&away_until=2026-03-09&from_on=2026-03-12",
    ]


def test_new_proposal_after_a_taken_time_keeps_what_the_patient_wished(
    enter: Enter, front_desk: User, order: Prescription, lata: Practitioner
) -> None:
    client = enter(front_desk)
    page = client.get(page_of(order), WISH)
    factories.make_absence(lata, at(8, day=6), at(12, day=6), by=front_desk)

    starts = [row.value for row in page.context["page"].rows]
    answer = client.post(page_of(order, "book_course"), {**WISH, "start": starts, "key": str(page.context["key"])})

    assert (
        answer.url
        == f"{page_of(order)}?part=morning&slip=3&away_from=2026-03-08&away_until=2026-03-09&from_on=2026-03-05"
    )


def test_taken_time_is_told_with_a_new_proposal(
    enter: Enter, front_desk: User, order: Prescription, lata: Practitioner
) -> None:
    client = enter(front_desk)
    page = client.get(page_of(order))
    factories.make_absence(lata, at(8, day=6), at(12, day=6), by=front_desk)

    sent = {"start": [row.value for row in page.context["page"].rows], "key": str(page.context["key"])}
    answer = client.post(page_of(order, "book_course"), sent, follow=True)

    (words,) = [str(message) for message in answer.context["messages"]]
    assert words == "Friday 6 March: this time is no longer free. Nothing has been booked."
    assert (Visit.objects.count(), len(answer.context["page"].rows)) == (0, 7)


def test_ledger_counts_what_became_of_the_sessions(
    enter: Enter, front_desk: User, order: Prescription, now: dt.datetime
) -> None:
    visits = booked(order, front_desk, now)
    for number, status in enumerate(["completed", "no_show", "stopped"]):
        Booking.objects.filter(visit=visits[number]).update(status=status)
    Booking.objects.filter(visit=visits[3]).update(status="cancelled", ended_by="patient")

    page = enter(front_desk).get(page_of(order)).context["page"]

    lines = [(line.taken, line.missed, line.stopped, line.cancelled, line.booked, line.left) for line in page.ledger]
    assert lines == [(1, 1, 1, 1, 3, 3)] * 2


@pytest.mark.parametrize(
    "asked", [{"from_on": "yesterday", "slip": "2"}, {"from_on": "2026-03-01", "slip": "2"}, {"from_on": "2026-03-03"}]
)
def test_wish_that_cannot_be_read_is_told_beside_its_field(
    client: Client, enter: Enter, front_desk: User, order: Prescription, asked: dict[str, str]
) -> None:
    page = enter(front_desk).get(page_of(order), asked)

    assert (page.status_code, page.context["page"].rows, bool(page.context["page"].form.errors)) == (200, [], True)
