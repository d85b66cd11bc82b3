"""Managers look visits up and act on them by actions; hours are changed by actions that name the visits they hit."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.contrib.messages import get_messages
from django.test import Client

from bookings.models import Booking, History, Status, Visit
from clinic.people.models import Patient, Read, User
from clinic.premises.models import Clinic, Closure
from clinic.premises.models.clinic import ONLINE_LIMITS
from tests import factories
from tests.admin_forms import form_of
from tests.bookings.conftest import at
from therapies.models import Practitioner, Variant

LOOK_UPS = ["visit", "booking", "occupancy", "history", "message", "stoppedaddress"]


@pytest.fixture(autouse=True)
def _clock(now: dt.datetime) -> Iterator[None]:
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def office(client: Client, manager: User) -> Client:
    client.force_login(manager)
    return client


@pytest.fixture
def visit(clinic: Clinic, consultation: Variant, vaidya: Practitioner, patient: Patient) -> Visit:
    return factories.make_visit(clinic=clinic, variant=consultation, start=at(11), patient=patient, resources=[vaidya])


def press(client: Client, action: str, *visits: Visit) -> list[str]:
    """Run an action of the list of visits; what it says."""
    said = {"action": action, "_selected_action": [visit.pk for visit in visits]}
    return [str(message) for message in get_messages(client.post("/admin/bookings/visit/", said).wsgi_request)]


def status_of(visit: Visit) -> str:
    return visit.bookings.get().status


# --- look-ups ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", LOOK_UPS)
def test_rows_are_looked_at_only(office: Client, visit: Visit, model: str) -> None:
    assert office.get(f"/admin/bookings/{model}/").status_code == 200
    assert office.get(f"/admin/bookings/{model}/add/").status_code == 403


def test_booking_cannot_be_changed(office: Client, visit: Visit) -> None:
    booking = visit.bookings.get()
    address = f"/admin/bookings/booking/{booking.pk}/change/"

    assert office.get(address).status_code == 200
    assert office.post(address, {"status": "completed"}).status_code == 403
    assert office.post(f"/admin/bookings/booking/{booking.pk}/delete/", {"post": "yes"}).status_code == 403
    assert status_of(visit) == Status.BOOKED


@pytest.mark.parametrize("model", ["visit", "booking"])
def test_visits_of_other_clinics_are_not_listed(
    office: Client, visit: Visit, consultation: Variant, model: str
) -> None:
    factories.make_visit(
        clinic=factories.make_clinic("ananda"),
        variant=consultation,
        start=at(12),
        patient=factories.make_patient("Uma"),
    )

    rows = office.get(f"/admin/bookings/{model}/").context["cl"].result_list

    assert [getattr(row, "visit", row).pk for row in rows] == [visit.pk]


@pytest.mark.parametrize("model", ["visit", "booking", "occupancy"])
def test_a_list_that_names_patients_is_a_read(office: Client, visit: Visit, model: str) -> None:
    office.get(f"/admin/bookings/{model}/")

    assert list(Read.objects.values_list("door", "patients")) == [
        (f"admin:bookings_{model}_changelist", [visit.patient_id])
    ]


# --- actions ----------------------------------------------------------------------------------------------------------


def test_cancel_by_the_clinic(office: Client, manager: User, visit: Visit) -> None:
    assert press(office, "cancel_by_clinic", visit) == ["Done for 1 visit."]

    booking = visit.bookings.get()
    assert (booking.status, booking.ended_by, booking.reason) == ("cancelled", "clinic", "by_manager")
    assert History.objects.get(visit=visit).by == manager


def test_refused_action_says_why_and_stops_no_other(
    office: Client, visit: Visit, clinic: Clinic, consultation: Variant, vaidya: Practitioner
) -> None:
    today = factories.make_visit(
        clinic=clinic,
        variant=consultation,
        start=at(11, day=2),
        patient=factories.make_patient("Uma"),
        resources=[vaidya],
    )

    said = press(office, "check_in", visit, today)

    assert set(said) == {f"{visit.public_id}: This visit is on another day.", "Done for 1 visit."}
    assert (status_of(visit), status_of(today)) == (Status.BOOKED, Status.CHECKED_IN)


def test_check_in_is_taken_back(
    office: Client, clinic: Clinic, consultation: Variant, vaidya: Practitioner, patient: Patient
) -> None:
    visit = factories.make_visit(
        clinic=clinic, variant=consultation, start=at(11, day=2), patient=patient, resources=[vaidya]
    )

    press(office, "check_in", visit)
    press(office, "undo", visit)

    assert status_of(visit) == Status.BOOKED


# --- hours ------------------------------------------------------------------------------------------------------------


def rows_of(formset: str, rows: list[dict[str, Any]], initial: int) -> dict[str, Any]:
    said: dict[str, Any] = {
        f"{formset}-TOTAL_FORMS": len(rows),
        f"{formset}-INITIAL_FORMS": initial,
        f"{formset}-MIN_NUM_FORMS": 0,
        f"{formset}-MAX_NUM_FORMS": 1000,
    }
    for number, row in enumerate(rows):
        said |= {f"{formset}-{number}-{name}": value for name, value in row.items()}
    return said


def as_posted(clinic: Clinic, closures: list[dict[str, Any]], *, opens: str = "08:00") -> dict[str, Any]:
    """The clinic's form as it stands, with other hours or closures."""
    usual = {"clinic": clinic.pk, "from_minute": opens, "to_minute": "18:00", "use": "everyone"}
    hours = [usual | {"id": row.pk, "weekday": row.weekday} for row in clinic.opening_hours.all()]
    said = {
        "name": clinic.name,
        "sender_name": clinic.sender_name,
        "slug": clinic.slug,
        "address": clinic.address,
        "phone": str(clinic.phone),
        "emergency_numbers": "112,108",
        "languages": ["en", "hi"],
        "watch_roles": ["attendant", "nurse"],
        "watched_by_one": 3,
        "timezone": clinic.timezone,
        "clock": clinic.clock,
        "currency": clinic.currency,
        "slot_minutes": 15,
        "lead_minutes": 120,
        "horizon_days": 60,
        "change_notice_hours": 24,
        "reminders": ["1440", "120"],
        "unscheduled_roles": ["attendant"],
        "is_active": "on",
        **{name: getattr(clinic, name) for name in ONLINE_LIMITS},
    }
    initial = sum(1 for row in closures if row.get("id"))
    return said | rows_of("opening_hours", hours, len(hours)) | rows_of("closures", closures, initial)


def change(client: Client, clinic: Clinic, said: dict[str, Any]) -> list[str]:
    """As somebody who has seen which visits it hits."""
    answer = client.post(f"/admin/premises/clinic/{clinic.pk}/change/", said | {"_affected_seen": "Save"})
    assert answer.status_code == 302, answer.context["errors"]
    return [str(message) for message in get_messages(answer.wsgi_request)][1:]


@pytest.mark.django_db(transaction=True)
def test_closed_day_names_the_visits_it_hits(office: Client, clinic: Clinic, visit: Visit) -> None:
    closure = {"on": "2026-03-03", "use": "everyone", "from_minute": "08:00", "to_minute": "11:00", "reason": "Holi"}

    said = change(office, clinic, as_posted(clinic, [closure | {"clinic": clinic.pk}]))

    assert len(said) == 1
    assert f"/desk/visits/{visit.public_id}/" in said[0]
    assert list(Closure.objects.values_list("on", "reason")) == [(dt.date(2026, 3, 3), "Holi")]


@pytest.mark.django_db(transaction=True)
def test_moved_closure_opens_the_day_it_leaves(office: Client, clinic: Clinic) -> None:
    old = factories.make_closure(clinic, dt.date(2026, 3, 5))
    closure = {"on": "2026-03-06", "use": "everyone", "from_minute": "08:00", "to_minute": "11:00"}

    change(office, clinic, as_posted(clinic, [closure | {"id": old.pk, "clinic": clinic.pk}]))

    assert list(Closure.objects.values_list("on", flat=True)) == [dt.date(2026, 3, 6)]


@pytest.mark.django_db(transaction=True)
def test_later_opening_names_the_visits_it_hits(office: Client, clinic: Clinic, visit: Visit) -> None:
    said = change(office, clinic, as_posted(clinic, [], opens="12:00"))

    assert [f"/desk/visits/{visit.public_id}/" in words for words in said] == [True]
    assert {row.from_minute for row in clinic.opening_hours.all()} == {12 * 60}
    assert clinic.opening_hours.count() == 7


def test_other_roles_that_watch_name_the_visits_left_without_anybody(
    office: Client, clinic: Clinic, patient: Patient
) -> None:
    place = factories.make_equipment(clinic, "watch_place")
    factories.make_practitioner(clinic, "Geeta", roles=["attendant"])
    visit = factories.make_visit(
        clinic=clinic, variant=factories.make_consultation(), start=at(11), patient=patient, resources=[place]
    )
    visit.bookings.get().occupancies.filter(resource=place).update(part="equipment:watch_place")

    said = change(office, clinic, as_posted(clinic, []) | {"watch_roles": ["nurse"]})

    assert [f"/desk/visits/{visit.public_id}/" in words for words in said] == [True]


@pytest.mark.django_db(transaction=True)
def test_form_without_other_hours_changes_none(office: Client, clinic: Clinic) -> None:
    before = set(clinic.opening_hours.values_list("pk", flat=True))

    assert change(office, clinic, as_posted(clinic, [])) == []

    assert set(clinic.opening_hours.values_list("pk", flat=True)) == before


def test_bookings_still_have_their_own_pages(office: Client, visit: Visit) -> None:
    assert Booking.objects.count() == 1
    assert office.get(f"/admin/bookings/visit/{visit.pk}/change/").status_code == 200


# --- what a change hits -----------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_person_out_of_use_is_saved_after_the_visits_that_it_hits_were_seen(
    office: Client, visit: Visit, vaidya: Practitioner, patient: Patient
) -> None:
    url = f"/admin/therapies/practitioner/{vaidya.pk}/change/"
    values = {name: value for name, value in form_of(office, url).items() if name != "is_active"}

    preview = office.post(url, values)
    before = Practitioner.objects.get(pk=vaidya.pk).is_active
    read = Read.objects.get(door="admin:therapies_practitioner_preview")
    office.post(url, values | {"_affected_seen": "Save"})
    page = office.get("/desk/affected/").content.decode()

    assert "This change affects 1 visit" in preview.content.decode()
    assert patient.full_name in preview.content.decode()
    assert (before, read.patients) == (True, [patient.pk])
    assert Practitioner.objects.get(pk=vaidya.pk).is_active is False
    assert f"{vaidya.name} is no longer available here" in page
    assert patient.full_name in page


def shown_names(response: Any) -> list[str]:
    return [str(visit.patient) for visit, _reasons in response.context["rows"]]


@pytest.mark.django_db(transaction=True)
def test_hours_closures_zone_and_address_are_shown_with_the_visits_they_hit_before_anything_is_saved(
    office: Client, clinic: Clinic, visit: Visit, vaidya: Practitioner, patient: Patient, consultation: Variant
) -> None:
    closure = {"on": "2026-03-03", "use": "everyone", "from_minute": "08:00", "to_minute": "11:00", "reason": "Holi"}
    url, as_it_is = f"/admin/premises/clinic/{clinic.pk}/change/", as_posted(clinic, [])
    person = f"/admin/therapies/practitioner/{vaidya.pk}/change/"
    hours = form_of(office, person)
    first = [key for key in hours if key.startswith("working_hours-") and key.endswith("-from_minute")]
    variant = f"/admin/therapies/variant/{consultation.pk}/change/"
    steps = form_of(office, variant) | {"steps-0-next_offset": "0", "steps-0-next_minutes": "60"}
    before = (list(clinic.opening_hours.values()), list(vaidya.working_hours.values()), Clinic.objects.values().get())

    answers = {
        "opening": office.post(url, as_posted(clinic, [], opens="12:00")),
        "closure": office.post(url, as_posted(clinic, [closure | {"clinic": clinic.pk}])),
        "zone": office.post(url, as_it_is | {"timezone": "Asia/Dubai"}),
        "address": office.post(url, as_it_is | {"address": "Another street 1, Jaipur"}),
        "rota": office.post(person, hours | dict.fromkeys(first, "12:00")),
        "minutes": office.post(variant, steps | {"steps-0-next_on": "2026-03-03"}),
        "later minutes": office.post(variant, steps | {"steps-0-next_on": "2026-03-04"}),
        "nothing": office.post(url, as_it_is),
    }

    names = {what: shown_names(answer) for what, answer in answers.items() if answer.status_code == 200}
    assert names == {what: [patient.full_name] for what in ("opening", "closure", "zone", "address", "rota", "minutes")}
    assert [str(each) for each in get_messages(answers["opening"].wsgi_request)] == []
    assert (list(clinic.opening_hours.values()), list(vaidya.working_hours.values())) == before[:2]
    assert (Clinic.objects.values().get(), Closure.objects.count()) == (before[2], 0)
    assert Read.objects.filter(patients=[patient.pk], door__endswith="_preview").count() == 6


@pytest.mark.django_db(transaction=True)
def test_holidays_of_a_year_are_entered_after_the_visits_of_those_days_were_seen(
    office: Client, clinic: Clinic, vaidya: Practitioner, consultation: Variant, patient: Patient
) -> None:
    Clinic.objects.update(holidays="IN-RJ")
    start = at(11, day=2) + dt.timedelta(days=(dt.date(2026, 8, 15) - at(11, day=2).date()).days)
    factories.make_visit(clinic=clinic, variant=consultation, start=start, patient=patient, resources=[vaidya])
    action = {"action": "enter_holidays", "_selected_action": [clinic.pk], "index": 0}

    answer = office.post("/admin/premises/clinic/", action)
    before = Closure.objects.count()
    office.post("/admin/premises/clinic/", action | {"_affected_seen": "Save"})

    assert (shown_names(answer), before) == ([patient.full_name], 0)
    assert Closure.objects.filter(on="2026-08-15").exists()
