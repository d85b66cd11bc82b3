"""Who sees appointments only finds no treatment, no count and no address of the patient on any page of the portal."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import get_resolver

from bookings.models import Visit
from clinic.people.models import Patient, User
from clinic.premises.models import Clinic
from tests import factories
from tests.all_views import Place, places
from therapies.models import Price, TherapyText

pytestmark = pytest.mark.django_db

CANARY = "canary"
OF_A_VISIT = {"visit", "calendar", "move", "move_to", "cancel", "visit_questions", "visit_outcome"}


@pytest.fixture
def visits(clinic: Clinic, now: dt.datetime) -> list[Visit]:
    """Of a patient with ordered treatments: one to come, one that asks for an answer, one given, one stopped."""
    patient = factories.make_patient(clinics=[clinic], email="canary@example.org")
    therapy = factories.make_therapy("kati", name="Canary Basti", needs="prescription", booking_mode="patient")
    variant = factories.make_variant(therapy)
    for number, name in enumerate(("canary_oil", "canary_rest")):
        factories.make_step(variant, name, 20 * number, 20, crew={"therapist": 1})
    Price.objects.create(therapy=therapy, clinic=clinic, text="₹ 500 for a canary")
    TherapyText.objects.create(therapy=therapy, language="en", preparation=["Bring your canary."])
    item = factories.make_order(patient, variant, clinic=clinic, note="canary", materials="canary")
    factories.make_practitioner(clinic, "Sunita", roles=["therapist"], qualified=[therapy])
    factories.make_room(clinic)
    hour, day = dt.timedelta(hours=1), dt.timedelta(days=1)
    rows: list[dict[str, Any]] = [
        {"start": now + 3 * hour, "status": "booked", "screening": "due"},
        {"start": now + 2 * day, "status": "requested", "expires_at": now + day, "screening": "waiting"},
        {"start": now - 2 * day, "status": "completed"},
        {"start": now - day, "status": "stopped"},
    ]
    return [factories.make_visit(clinic=clinic, variant=variant, patient=patient, item=item, **row) for row in rows]


@pytest.fixture
def patient(visits: list[Visit]) -> Patient:
    assert visits[0].patient
    return visits[0].patient


def portal() -> list[Place]:
    return [place for place in places(get_resolver().url_patterns) if place.key.startswith("portal:")]


def addresses(visits: list[Visit], patient: Patient) -> list[str]:
    """Each page of the portal, of each visit and of the patient; a start that may be chosen where one is asked for."""
    found = []
    for place in portal():
        of_visit = place.key.removeprefix("portal:") in OF_A_VISIT
        ids = [visit.public_id for visit in visits] if of_visit else [patient.public_id]
        found += [place.of(public_id=public_id) for public_id in ids]
    start = visits[0].bookings.get().starts_at + dt.timedelta(days=1)
    return [f"{address}?start={start:%Y-%m-%dT%H:%M:%SZ}" for address in found]


def telling(client: Client, pages: list[str]) -> set[str]:
    """The pages on which the canary sings: in their words, their headers, or where they lead."""
    answers = {page: client.get(page, follow=True) for page in pages}
    said = {page: answer.content.decode(errors="replace") + str(answer.headers) for page, answer in answers.items()}
    return {page.partition("?")[0] for page, words in said.items() if CANARY in words.lower()}


def test_no_page_tells_a_treatment_to_whoever_sees_appointments_only(
    client: Client, relative: User, visits: list[Visit], patient: Patient
) -> None:
    pages = addresses(visits, patient)
    anybody = telling(client, pages)  # prices and who gives what are told to all visitors
    client.force_login(relative)

    assert telling(client, pages) - anybody == set()
    assert anybody == {"/prices/", "/practitioners/"}


def test_the_same_pages_tell_it_to_the_patient(
    client: Client, owner: User, visits: list[Visit], patient: Patient
) -> None:
    """Shows that there was something to tell."""
    client.force_login(owner)

    told = telling(client, addresses(visits, patient))

    assert len(told) >= 10
    assert {"/visits/", "/people/", "/book/sessions/", f"/visits/{visits[0].public_id}/"} <= told


def test_stop_is_a_visit_that_is_over_to_whoever_sees_appointments_only(
    client: Client, relative: User, owner: User, visits: list[Visit]
) -> None:
    page = f"/visits/{visits[3].public_id}/"

    client.force_login(relative)
    narrow = client.get(page).content.decode()
    client.force_login(owner)
    full = client.get(page).content.decode()

    assert ["Stopped" in words for words in (narrow, full)] == [False, True]


def test_times_to_move_to_give_no_reasons_to_whoever_sees_appointments_only(
    client: Client, relative: User, owner: User, visits: list[Visit]
) -> None:
    page = f"/visits/{visits[0].public_id}/move/"

    reasons = []
    for user in (relative, owner):
        client.force_login(user)
        days = client.get(page).context["days"]
        reasons.append({day["why_empty"] for day in days if not day["times"]})

    assert (reasons[0] <= {""}, reasons[1] - {""} != set()) == (True, True)


def test_prescribed_sessions_are_booked_by_whoever_sees_the_record(
    client: Client, relative: User, patient: Patient, visits: list[Visit]
) -> None:
    item = visits[0].bookings.get().item_id
    client.force_login(relative)

    shown = client.get("/book/sessions/").content.decode()
    times = client.get(f"/book/sessions/{patient.public_id}/times/?item={item}")

    assert "The patient, or the clinic by phone, books prescribed treatments." in shown
    assert times.status_code == 404
