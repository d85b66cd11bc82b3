"""The people one acts for, and their details."""

import datetime as dt
import uuid

import pytest
from django.test import Client

from clinic.people.models import Patient, User
from tests.portal.conftest import alike

pytestmark = pytest.mark.django_db

DETAILS = {
    "given_name": "Meera",
    "family_name": "Menon",
    "birth_date": "1988-05-17",
    "gender": "woman",
    "phone": "+919847000001",
    "email": "meera@example.org",
    "language": "hi",
    "channel": "email",
    "needs": "no stairs",
    "accepts_therapist": "any",
}


def address(patient: Patient) -> str:
    return f"/people/{patient.public_id}/"


@pytest.mark.parametrize(
    ("who", "status"), [("owner", 200), ("relative", 404), ("stranger", 404), ("front_desk", 404), (None, 302)]
)
def test_details_open_to_those_who_see_the_full_record(
    request: pytest.FixtureRequest, client: Client, patient: Patient, who: str | None, status: int
) -> None:
    if who:
        client.force_login(request.getfixturevalue(who))

    assert client.get(address(patient)).status_code == status
    assert client.post(address(patient), DETAILS).status_code == (302 if status == 200 else status)


def test_a_missing_person_looks_like_another_accounts(client: Client, stranger: User, patient: Patient) -> None:
    client.force_login(stranger)

    theirs, missing = client.get(address(patient)), client.get(f"/people/{uuid.uuid4()}/")

    assert alike(theirs.content) == alike(missing.content)


def test_the_list_names_everybody_and_links_those_one_may_change(
    client: Client, relative: User, owner: User, patient: Patient
) -> None:
    client.force_login(relative)
    seen = client.get("/people/").content.decode()
    client.force_login(owner)
    owned = client.get("/people/").content.decode()

    own_page = f'href="{address(patient)}"'
    assert ("Meera Nair" in seen, own_page in seen, str(patient.email) in seen) == (True, False, False)
    assert ("Meera Nair" in owned, own_page in owned) == (True, True)


def test_details_are_changed(client: Client, owner: User, patient: Patient) -> None:
    client.force_login(owner)

    response = client.post(address(patient), DETAILS)

    patient.refresh_from_db()
    assert response.url == "/people/"
    assert (patient.family_name, patient.language, patient.accepts_therapist) == ("Menon", "hi", "any")


def test_a_mistake_in_the_details_is_said_beside_its_field(client: Client, owner: User, patient: Patient) -> None:
    client.force_login(owner)

    response = client.post(address(patient), DETAILS | {"email": "", "birth_date": "2027-01-01"})

    patient.refresh_from_db()
    assert response.status_code == 422
    assert sorted(response.context["form"].errors) == ["birth_date", "email"]
    assert (patient.family_name, patient.birth_date) == ("Nair", dt.date(1988, 5, 17))
