"""How the pain went, for whoever sees the full record."""

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bookings.models import SessionNote, Status
from clinic.people.models import Patient, User
from clinic.premises.models import Clinic
from tests import factories
from tests.portal.conftest import alike
from therapies.models import Variant

pytestmark = pytest.mark.django_db


@pytest.fixture
def kati() -> Variant:
    return factories.make_variant(factories.make_therapy("kati_basti", name="Kati Basti"))


def given(patient: Patient, clinic: Clinic, kati: Variant, by: User, *, days_ago: int, **note: object) -> None:
    start = factories.NOW - dt.timedelta(days=days_ago)
    visit = factories.make_visit(clinic=clinic, variant=kati, start=start, patient=patient, status=Status.COMPLETED)
    SessionNote.objects.create(booking=visit.bookings.get(), by=by, at=start, **note)


def address(patient: Patient) -> str:
    return f"/people/{patient.public_id}/sessions/"


@pytest.mark.parametrize(
    ("who", "status"), [("owner", 200), ("relative", 404), ("stranger", 404), ("front_desk", 404), (None, 302)]
)
def test_pain_is_for_those_who_see_the_full_record(
    request: pytest.FixtureRequest, client: Client, patient: Patient, who: str | None, status: int
) -> None:
    if who:
        client.force_login(request.getfixturevalue(who))

    assert client.get(address(patient)).status_code == status


def test_hidden_page_looks_like_a_missing_one(client: Client, relative: User, patient: Patient) -> None:
    client.force_login(relative)

    hidden, missing = client.get(address(patient)), client.get("/people/00000000-0000-0000-0000-000000000007/sessions/")

    assert alike(hidden.content) == alike(missing.content)


def test_nothing_to_show_yet(client: Client, owner: User, patient: Patient) -> None:
    client.force_login(owner)

    assert "There is nothing to show yet" in client.get(address(patient)).content.decode()


def test_pain_before_and_after_each_session(
    client: Client, owner: User, patient: Patient, clinic: Clinic, kati: Variant, therapist_user: User
) -> None:
    given(patient, clinic, kati, therapist_user, days_ago=1, pain_before=4, pain_after=2, observations="CANARY")
    given(patient, clinic, kati, therapist_user, days_ago=3, pain_before=8, pain_after=5)
    given(patient, clinic, kati, therapist_user, days_ago=2)
    client.force_login(owner)

    response = client.get(address(patient))

    shown = [(session.before, session.after) for session in response.context["chart"].sessions]
    assert shown == [(8, 5), (4, 2)]
    assert "CANARY" not in response.content.decode()


def test_another_person_s_sessions_are_not_shown(
    client: Client, owner: User, patient: Patient, clinic: Clinic, kati: Variant, therapist_user: User
) -> None:
    other = factories.make_patient("Zara", phone="+919847000002", clinics=[clinic])
    given(other, clinic, kati, therapist_user, days_ago=1, pain_before=9)
    client.force_login(owner)

    assert client.get(address(patient)).context["chart"] is None


def test_three_sessions_ask_no_more_than_one(
    client: Client, owner: User, patient: Patient, clinic: Clinic, kati: Variant, therapist_user: User
) -> None:
    client.force_login(owner)

    def queries() -> int:
        client.get(address(patient))
        with CaptureQueriesContext(connection) as asked:
            client.get(address(patient))
        return len(asked)

    given(patient, clinic, kati, therapist_user, days_ago=1, pain_before=4)
    few = queries()
    for days_ago in (2, 3):
        given(patient, clinic, kati, therapist_user, days_ago=days_ago, pain_before=4)

    assert queries() == few
    assert few <= 12
