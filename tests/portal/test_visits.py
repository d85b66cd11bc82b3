"""My visits: the list, one of them, its calendar file."""

import datetime as dt
import re
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.test import Client
from icalendar import Calendar

from bookings.models import Booking, Status, Suspension, Visit
from clinic.people.models import Patient, User
from clinic.premises.models import Clinic
from tests import factories
from tests.portal.conftest import alike
from therapies.models import TherapyText, Variant

pytestmark = pytest.mark.django_db

PAGES = ["", "move/", "move/to/?start=2026-03-04T05:00:00Z", "cancel/", "appointment.ics"]


# --- whose ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(
    ("who", "status"), [("owner", 200), ("relative", 200), ("stranger", 404), ("manager", 404), (None, 302)]
)
def test_a_visit_opens_to_those_who_act_for_the_patient(
    request: pytest.FixtureRequest, client: Client, visit: Visit, page: str, who: str | None, status: int
) -> None:
    if who:
        client.force_login(request.getfixturevalue(who))

    assert client.get(f"/visits/{visit.public_id}/{page}").status_code == status


@pytest.mark.parametrize("page", PAGES)
def test_a_missing_visit_looks_like_another_patients(client: Client, stranger: User, visit: Visit, page: str) -> None:
    client.force_login(stranger)

    theirs = client.get(f"/visits/{visit.public_id}/{page}")
    missing = client.get(f"/visits/{uuid.uuid4()}/{page}")

    assert (theirs.status_code, missing.status_code) == (404, 404)
    assert alike(theirs.content) == alike(missing.content)


@pytest.mark.parametrize("page", ["move/to/", "cancel/"])
def test_a_stranger_changes_nothing(
    client: Client, stranger: User, visit: Visit, start: dt.datetime, page: str
) -> None:
    client.force_login(stranger)
    posted = {"start": (start + dt.timedelta(days=1)).isoformat(), "version": 2, "key": uuid.uuid4()}

    assert client.post(f"/visits/{visit.public_id}/{page}", posted).status_code == 404
    booking = Booking.objects.get()
    assert (booking.starts_at, booking.status) == (start, Status.BOOKED)


def test_an_ended_access_shuts_the_door(client: Client, owner: User, visit: Visit, mine: str) -> None:
    owner.accesses.update(ends_on=dt.date(2026, 3, 2))

    assert client.get(mine).status_code == 404
    assert client.get("/visits/").context["upcoming"] == []


# --- the list and the page ------------------------------------------------------------------------------------------


def test_the_list_of_nobody_offers_to_book(client: Client, owner: User) -> None:
    client.force_login(owner)

    assert "No upcoming appointments" in client.get("/visits/").content.decode()


def test_the_list_tells_coming_from_past_and_cancelled(
    client: Client,
    mine: str,
    clinic: Clinic,
    consultation: Variant,
    patient: Patient,
    stranger: User,
    start: dt.datetime,
) -> None:
    past = factories.make_visit(
        clinic=clinic,
        variant=consultation,
        patient=patient,
        start=start - dt.timedelta(days=9),
        status=Status.COMPLETED,
    )
    gone = factories.make_visit(
        clinic=clinic,
        variant=consultation,
        patient=patient,
        start=start + dt.timedelta(days=3),
        status=Status.CANCELLED,
        ended_by="patient",
    )
    others = Patient.objects.of(stranger, dt.date(2026, 3, 2)).get()
    factories.make_visit(clinic=clinic, variant=consultation, patient=others, start=start + dt.timedelta(days=2))

    context = client.get("/visits/").context

    assert [f"/visits/{facts.visit.public_id}/" for facts in context["upcoming"]] == [mine]
    assert [facts.visit for facts in context["past"]] == [gone, past]


def test_the_list_of_one_person_leaves_out_the_others(
    client: Client, owner: User, mine: str, clinic: Clinic, consultation: Variant, start: dt.datetime
) -> None:
    father = factories.make_patient("Ramesh")
    factories.make_access(owner, father, relation="parent")
    his = factories.make_visit(clinic=clinic, variant=consultation, patient=father, start=start + dt.timedelta(days=2))

    everybody = client.get("/visits/").context
    only_his = client.get("/visits/", {"who": str(father.public_id)}).context

    assert [tab["label"] for tab in everybody["tabs"]] == ["Everyone", "Meera", "Ramesh"]
    assert len(everybody["upcoming"]) == 2
    assert [facts.visit for facts in only_his["upcoming"]] == [his]


def test_the_list_of_a_person_one_does_not_act_for_is_not_found(client: Client, mine: str, stranger: User) -> None:
    others = Patient.objects.of(stranger, dt.date(2026, 3, 2)).get()

    assert client.get("/visits/", {"who": str(others.public_id)}).status_code == 404
    assert client.get("/visits/", {"who": "nobody"}).status_code == 404


def test_the_list_costs_the_same_for_one_and_three_visits(
    client: Client,
    mine: str,
    book_for: Callable[..., Any],
    patient: Patient,
    owner: User,
    start: dt.datetime,
    django_assert_max_num_queries: Callable[..., Any],
) -> None:
    client.get("/visits/")  # the first look of a session notes when it was
    with django_assert_max_num_queries(16) as one:
        client.get("/visits/")
    for days in (1, 2):
        book_for(patient, owner, start + dt.timedelta(days=days), desk=True)

    with django_assert_max_num_queries(16) as three:
        client.get("/visits/")

    assert len(three) == len(one)


def test_the_page_shows_the_preparation_in_the_readers_language(
    client: Client, mine: str, consultation: Variant
) -> None:
    for language, words in (("en", "Eat light."), ("hi", "हल्का भोजन करें।")):
        TherapyText.objects.create(therapy=consultation.therapy, language=language, preparation=[words])

    english = client.get(mine).content.decode()
    hindi = client.get(mine, headers={"accept-language": "hi"}).content.decode()

    assert ("Eat light." in english, "हल्का भोजन करें।" in english) == (True, False)
    assert ("Eat light." in hindi, "हल्का भोजन करें।" in hindi) == (False, True)


def test_the_page_may_not_be_kept_by_a_cache(client: Client, mine: str) -> None:
    assert "no-store" in client.get(mine).headers["Cache-Control"]


def test_the_calendar_file_is_the_letters_entry(client: Client, mine: str, visit: Visit, start: dt.datetime) -> None:
    response = client.get(f"{mine}appointment.ics")

    calendar = Calendar.from_ical(response.content)
    event = calendar.events[0]
    assert (calendar["METHOD"], "attendee" in event) == ("PUBLISH", False)  # a download invites nobody
    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert (str(event["uid"]), event["sequence"], event.start) == (visit.ics_uid, 0, start)
    assert "onsultation" not in response.content.decode()


# --- paused -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hour", "words"),
    [
        (6, "The clinic will call you from Mon 2 Mar, 08:00."),
        (10, "The clinic will call you today."),
        (20, "The clinic will call you from Tue 3 Mar, 08:00."),
    ],
)
def test_page_of_a_paused_treatment_says_so_and_when_the_clinic_calls(
    client: Client, owner: User, patient: Patient, clinic: Clinic, hour: int, words: str
) -> None:
    therapy = factories.make_therapy("abhyanga", needs="prescription", groups=["massage_family"])
    start = factories.NOW + dt.timedelta(days=3)
    visit = factories.make_visit(clinic=clinic, variant=factories.make_variant(therapy), start=start, patient=patient)
    client.force_login(owner)
    before = client.get(f"/visits/{visit.public_id}/").content.decode()
    Suspension.objects.create(
        patient=patient, clinic=clinic, therapies=["all"], sign="st_pain_down_leg", by=owner, at=factories.NOW
    )

    with time_machine.travel(factories.NOW + dt.timedelta(hours=hour - 10), tick=False):
        client = Client()  # a sign-in of the morning has ended by the evening
        client.force_login(owner)
        page = client.get(f"/visits/{visit.public_id}/").content.decode()
        listed = client.get("/visits/").content.decode()

    assert "paused" not in before
    assert "treatments are paused" in page
    assert words in page
    assert "Paused" in listed
    assert "down the leg" not in page


def test_pause_of_treatments_is_none_of_a_consultation(
    client: Client, mine: str, patient: Patient, clinic: Clinic, owner: User
) -> None:
    Suspension.objects.create(
        patient=patient, clinic=clinic, therapies=["all"], sign="st_burn", by=owner, at=factories.NOW
    )

    page = client.get(mine).content.decode()
    assert ("treatments are paused" in page, ">Paused<" in "".join(page.split())) == (True, False)


@pytest.mark.parametrize(("screening", "words"), [("waiting", "Booked, a Vaidya decides first"), ("clear", "Booked")])
def test_visit_does_not_simply_say_booked_after_an_answer_that_stops_it(
    client: Client, owner: User, patient: Patient, clinic: Clinic, screening: str, words: str
) -> None:
    variant = factories.make_variant(factories.make_therapy("abhyanga", needs="prescription"))
    start = factories.NOW + dt.timedelta(days=3)
    said = {"clinic": clinic, "variant": variant, "patient": patient, "screening": screening}
    visit = factories.make_visit(start=start, **said)
    client.force_login(owner)

    for address in (f"/visits/{visit.public_id}/", "/visits/"):
        badge = re.search(r'class="status-badge"[^>]*>([^<]*)<', client.get(address).content.decode())
        assert badge
        assert badge[1].strip() == words


def test_no_page_shows_a_patients_phone_as_if_it_were_of_this_country() -> None:
    templates = Path(__file__).parents[2] / "templates"

    shown = [
        path
        for path in templates.rglob("*.html")
        if re.search(r"(patient|person)\.phone\.as_national", path.read_text())
    ]

    assert shown == []
