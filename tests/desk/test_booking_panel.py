"""Booking on one panel: the likeliest treatment, the next times, and one press that books."""

import datetime as dt
import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from bookings.models import Status, Visit
from clinic.people.models import Patient, User
from clinic.premises.models import Clinic
from tests import factories
from tests.desk.conftest import Enter, MakeVisit, at
from tests.desk.test_booking import choose, told
from tests.visible import visible_words
from therapies.models import Practitioner, Rule, Variant

pytestmark = pytest.mark.usefixtures("room")


def book_at_once(client: Client, patient: Patient, variant: Variant, **said: object) -> Any:
    form = {"what": variant.pk, "key": uuid.uuid4()} | said
    return client.post(reverse("desk:book_at_once", args=[patient.public_id]), form)


def offered(page: Any) -> list[tuple[str, str]]:
    return [(time["day"], time["label"]) for time in page.context["times"]]


def test_panel_opens_with_the_likeliest_treatment_and_its_next_times(
    enter: Enter, front_desk: User, patient: Patient, consultation: Variant
) -> None:
    page = enter(front_desk).get(choose(patient))

    assert page.context["said"]["what"] == consultation
    assert offered(page)[0] == ("Today", "10:00")
    assert len(offered(page)) == 6


def test_panel_opens_with_the_next_prescribed_session(
    enter: Enter, front_desk: User, clinic: Clinic, patient: Patient
) -> None:
    variant = factories.make_abhyanga()
    factories.make_practitioner(clinic, "Latha", roles=["therapist"], qualified=[variant.therapy])
    order = factories.make_order(patient, variant, clinic=clinic)

    assert enter(front_desk).get(choose(patient)).context["said"]["item"] == [order.pk]


def test_cell_of_the_day_board_fills_person_day_and_time(
    enter: Enter, front_desk: User, patient: Patient, consultation: Variant, vaidya: Practitioner
) -> None:
    cell = {"practitioner": vaidya.pk, "date": "2026-03-03", "time": "11:10"}

    page = enter(front_desk).get(choose(patient), cell)

    assert (page.context["said"]["who"], page.context["said"]["from_on"]) == (vaidya, dt.date(2026, 3, 3))
    assert offered(page)[0] == ("Tomorrow", "11:15")  # the first free start from there on


def test_cell_stays_while_the_patient_is_found_or_registered(enter: Enter, front_desk: User, patient: Patient) -> None:
    client, cell = enter(front_desk), "?practitioner=3&date=2026-03-03&time=11%3A10"
    written = cell.replace("&", "&amp;")

    hits = client.post(f"/desk/patients/hits/{cell}", {"words": "meera", "books": "1"}).content.decode()
    found = client.post(f"/desk/patients/{cell}", {"words": "meera"}).content.decode()
    said = {"given_name": "Uma", "age": "40", "language": "en"}
    new = client.post(f"/desk/patients/new/{cell}", said)

    assert f'href="{choose(patient)}{written}"' in hits
    assert f'href="{choose(patient)}{written}"' in found
    assert new.headers["Location"] == choose(Patient.objects.get(given_name="Uma")) + cell


def test_picked_time_is_shown_and_kept_on_the_way_to_a_new_patient(
    enter: Enter, front_desk: User, vaidya: Practitioner
) -> None:
    client, cell = enter(front_desk), f"?practitioner={vaidya.pk}&date=2026-03-03&time=11%3A10"
    find, register = client.get(f"/desk/patients/{cell}"), client.get(f"/desk/patients/new/{cell}")

    for page in (find, register):
        assert f"You picked: Tuesday 3 March, 11:10, with {vaidya.name}" in visible_words(page)
    assert f'href="/desk/patients/new/{cell.replace("&", "&amp;")}"' in find.content.decode()
    assert f'href="/desk/patients/{cell.replace("&", "&amp;")}"' in register.content.decode()


def test_second_consultation_of_a_patient_on_a_day_is_said_before_and_after_it_is_booked(
    enter: Enter, front_desk: User, patient: Patient, consultation: Variant, visit_at: MakeVisit
) -> None:
    client = enter(front_desk)
    before = client.get(choose(patient)).context["already"]
    visit_at(at(15), patient=patient)

    shown = client.get(choose(patient)).context["already"]
    other_day = book_at_once(client, patient, consultation, start=at(11, day=3).isoformat())
    same_day = book_at_once(client, patient, consultation, start=at(11).isoformat())

    assert (before, [row.starts_at for row in shown]) == ([], [at(15)])
    assert told(other_day) == ["The visit has been booked."]
    assert told(same_day)[-1:] == [
        f"{patient} has another consultation on that day, at 15:00. Cancel one if it is not needed."
    ]


@pytest.mark.parametrize("wrong", [{"practitioner": "x"}, {"date": "31.31.2026"}, {"time": "99:99"}])
def test_cell_that_says_nonsense_is_asked_again(
    enter: Enter, front_desk: User, patient: Patient, consultation: Variant, wrong: dict[str, str]
) -> None:
    page = enter(front_desk).get(choose(patient), wrong)

    assert (page.status_code, "offer" in page.context) == (200, False)


def test_one_press_books_the_chosen_time(
    enter: Enter, front_desk: User, patient: Patient, consultation: Variant
) -> None:
    response = book_at_once(enter(front_desk), patient, consultation, start=at(11).isoformat())

    visit = Visit.objects.get()
    booking = visit.bookings.get()
    assert response.headers["Location"] == reverse("desk:visit", args=[visit.public_id])
    assert (visit.patient, booking.starts_at, booking.status) == (patient, at(11), Status.BOOKED)
    assert told(response) == ["The visit has been booked."]


def test_a_double_click_books_once(enter: Enter, front_desk: User, patient: Patient, consultation: Variant) -> None:
    client, key = enter(front_desk), uuid.uuid4()

    both = [book_at_once(client, patient, consultation, start=at(11).isoformat(), key=key) for _click in range(2)]

    assert both[0].headers["Location"] == both[1].headers["Location"]
    assert Visit.objects.count() == 1


def test_whoever_stands_here_is_booked_for_now_and_checked_in(
    enter: Enter, front_desk: User, patient: Patient, consultation: Variant
) -> None:
    client = enter(front_desk)
    first, second = client.get(choose(patient)).context["times"][:2]
    assert first["note"] == "now"

    book_at_once(client, patient, consultation, start=second["value"], walk_in=first["value"])

    visit = Visit.objects.get()
    booking = visit.bookings.get()
    assert (booking.status, booking.starts_at, visit.arrives_at) == (Status.CHECKED_IN, at(10), at(10))


def test_time_that_somebody_else_took_is_said_and_nothing_is_kept(
    enter: Enter, front_desk: User, patient: Patient, consultation: Variant, visit_at: MakeVisit
) -> None:
    visit_at(at(11), patient=factories.make_patient("Uma", phone="+919847000009"))

    response = book_at_once(enter(front_desk), patient, consultation, start=at(11).isoformat())

    assert response.headers["Location"] == f"{choose(patient)}?what={consultation.pk}"
    assert told(response)[0].startswith("This time has just been booked by someone else.")
    assert Visit.objects.filter(patient=patient).count() == 0


def test_what_the_rules_refuse_gives_its_time_back(
    enter: Enter, front_desk: User, patient: Patient, consultation: Variant, visit_at: MakeVisit
) -> None:
    """The patient is elsewhere at that minute: the hold, which knows no patient, took the time for a moment."""
    other = factories.make_practitioner(
        visit_at(at(11)).clinic, "Dr Rao", roles=["vaidya"], qualified=[consultation.therapy]
    )
    factories.make_room(visit_at(at(15)).clinic, "Second room", features=["consultation_room"])

    response = book_at_once(enter(front_desk), patient, consultation, start=at(11).isoformat(), who=other.pk)

    assert response.status_code == 302
    assert Visit.objects.filter(bookings__status=Status.HELD).count() == 0
    assert Visit.objects.filter(patient=patient, bookings__starts_at=at(11)).count() == 1


@pytest.fixture
def massage_after_a_massage(clinic: Clinic, patient: Patient, visit_at: MakeVisit) -> Variant:
    """A soft rule wants a day between two massages, and the patient has one in the evening before."""
    variant = factories.make_abhyanga()
    factories.make_practitioner(clinic, "Latha", roles=["therapist"], qualified=[variant.therapy])
    factories.make_room(clinic, "Room 2", features=["therapy_room"])
    says = {"en": "Less than {hours} hours between two massages"}
    data = {"applies_to": [variant.therapy.code], "min_hours_between_starts": 24, "says": says}
    Rule.objects.create(code="fr_spacing", kind="frequency", is_hard=False, data=data)
    factories.make_visit(clinic=clinic, variant=variant, start=at(16), patient=patient)
    return variant


def test_soft_rule_asks_a_manager_for_a_reason_and_the_history_keeps_it(
    enter: Enter, manager: User, patient: Patient, clinic: Clinic, massage_after_a_massage: Variant
) -> None:
    client, item = enter(manager), factories.make_order(patient, massage_after_a_massage, clinic=clinic)
    wish = {"item": item.pk, "what": "", "start": at(9, day=3).isoformat()}

    asked = book_at_once(client, patient, massage_after_a_massage, **wish)
    unreasoned = book_at_once(client, patient, massage_after_a_massage, **wish, rules=["fr_spacing"])
    booked = book_at_once(client, patient, massage_after_a_massage, **wish, rules=["fr_spacing"], override="last_time")

    visit = Visit.objects.latest("pk")
    assert (asked.status_code, unreasoned.status_code, booked.status_code) == (422, 422, 302)
    assert asked.context["refusal"].reason == "Less than 24 hours between two massages"
    assert asked.context["sent"] == [("what", ""), ("item", str(item.pk)), ("start", wish["start"])]
    detail = visit.history.get(verb="book").detail
    assert (detail["override"], detail["rules"]) == ("last_time", ["fr_spacing"])


def test_front_desk_cannot_book_against_a_soft_rule(
    enter: Enter, front_desk: User, patient: Patient, clinic: Clinic, massage_after_a_massage: Variant
) -> None:
    client, item = enter(front_desk), factories.make_order(patient, massage_after_a_massage, clinic=clinic)
    wish = {"item": item.pk, "what": "", "start": at(9, day=3).isoformat()}

    asked = book_at_once(client, patient, massage_after_a_massage, **wish)
    pressed = book_at_once(client, patient, massage_after_a_massage, **wish, rules=["fr_spacing"], override="last_time")

    assert "Book all the same" not in visible_words(asked)
    assert told(pressed) == ["Only a manager or a Vaidya can book against this rule."]
    assert Visit.objects.filter(patient=patient).count() == 1
