"""Who acts for a person: seen, ended, and audited where it is somebody who works at a clinic."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import get_resolver, reverse

from bookings.models import Message, Visit
from clinic.people.access import invite
from clinic.people.models import Access, Patient, Read, User
from clinic.premises.models import Clinic
from tests import factories
from tests.all_views import places
from tests.triggers import triggers_off

pytestmark = pytest.mark.django_db


def page(patient: Patient) -> str:
    return reverse("portal:acting", args=[patient.public_id])


def end_of(access: Access) -> str:
    return reverse("portal:end_access", args=[access.patient.public_id, access.pk])


def test_front_desk_does_not_reach_the_record_through_an_invitation_to_itself(
    client: Client, front_desk: User, patient: Patient
) -> None:
    client.force_login(front_desk)
    assert client.get(f"/desk/patients/{patient.public_id}/record/").status_code == 403
    slip = client.post(f"/desk/patients/{patient.public_id}/invite/", {"relation": "self", "width": "full"})

    joined = client.post("/join/", {"code": slip.context["code"], "birth_date": patient.birth_date.isoformat()})

    assert joined.status_code == 422
    assert "You created this code yourself" in joined.content.decode()
    assert client.get(f"/people/{patient.public_id}/record/").status_code == 404


def test_whoever_joins_is_told_of_to_the_patient_and_shown_to_her(
    client: Client, front_desk: User, owner: User, stranger: User, patient: Patient, now: dt.datetime
) -> None:
    code = invite(patient=patient, relation="other", width="appointments", by=front_desk, now=now)
    client.force_login(stranger)
    client.post("/join/", {"code": code, "birth_date": patient.birth_date.isoformat()})

    client.force_login(owner)
    shown = client.get(page(patient)).content.decode()

    assert [(row.kind, row.recipient) for row in Message.objects.all()] == [("access_begun", patient.email)]
    assert "Arun Das" in shown
    assert "Appointments only" in shown
    assert end_of(stranger.accesses.get(patient=patient)) in shown


def test_moments_are_told_by_the_clock_of_the_patients_clinic(client: Client, owner: User, patient: Patient) -> None:
    """Joined at half past eight in the evening by UTC, when the next day has begun in Kolkata."""
    access = owner.accesses.get()
    with triggers_off():
        access.events.update(pgh_created_at=dt.datetime(2026, 3, 1, 20, 30, tzinfo=dt.UTC))
    client.force_login(owner)

    assert "2 March 2026, 02:00" in client.get(page(patient)).content.decode()


def test_patient_ends_that_somebody_acts_for_her(
    client: Client, owner: User, relative: User, patient: Patient, now: dt.datetime
) -> None:
    client.force_login(owner)
    access = relative.accesses.get()
    assert client.get(end_of(access)).status_code == 200
    assert relative.accesses.in_force(now.date()).exists()  # looking ends nothing

    answer = client.post(end_of(access))

    assert answer.headers["Location"] == page(patient)
    assert not relative.accesses.in_force(now.date()).exists()


def test_relative_sees_only_their_own_access_and_stops(
    client: Client, owner: User, relative: User, patient: Patient, now: dt.datetime
) -> None:
    client.force_login(relative)
    shown = client.get(page(patient)).content.decode()
    assert client.post(end_of(owner.accesses.get())).status_code == 404

    answer = client.post(end_of(relative.accesses.get()))

    assert "Meera Nair</h2>" not in shown
    assert str(owner) not in shown.replace(patient.full_name, "", 1)
    assert answer.headers["Location"] == reverse("portal:people")
    assert client.get(page(patient)).status_code == 404
    assert owner.accesses.in_force(now.date()).exists()


def test_wife_does_not_end_the_patients_own_account(
    client: Client, owner: User, patient: Patient, now: dt.datetime
) -> None:
    wife = factories.make_user("asha@example.org")
    factories.make_access(wife, patient, relation="spouse")
    client.force_login(wife)

    answer = client.post(end_of(owner.accesses.get()))

    assert answer.headers["Location"] == page(patient)
    assert owner.accesses.in_force(now.date()).exists()


# --- members of staff -------------------------------------------------------------------------------------------------


@pytest.fixture
def nurse(patient: Patient) -> User:
    """Works at another clinic of ours, and acts for her sister here."""
    user = factories.make_member(factories.make_clinic("far"), "nurse")
    factories.make_access(user, patient, relation="other")
    return user


def test_every_page_of_the_portal_audits_members() -> None:
    shown = [place for place in places(get_resolver().url_patterns) if place.key.startswith("portal:")]
    behind = [place for place in shown if getattr(place.view, "access", "") == "patient"]

    assert len(behind) > 20
    assert [place.key for place in behind if not getattr(place.view, "audits_members", False)] == []


def test_read_through_the_portal_is_audited_like_one_at_the_desk(
    client: Client, nurse: User, patient: Patient, visit: Visit, clinic: Clinic, now: dt.datetime
) -> None:
    brother = factories.make_patient("Ravi", clinics=[clinic])
    factories.make_access(nurse, brother)
    client.force_login(nurse)

    for address in (f"/people/{patient.public_id}/record/", f"/visits/{visit.public_id}/", "/people/"):
        assert client.get(address).status_code == 200

    reads = [(row.user, row.door, row.patients) for row in Read.objects.order_by("pk")]
    assert reads == [
        (nurse, "portal:record", [patient.pk]),
        (nurse, "portal:visit", [patient.pk]),
        (nurse, "portal:people", [patient.pk, brother.pk]),
    ]


def test_patients_reads_of_their_own_are_not_audited(client: Client, owner: User, patient: Patient) -> None:
    client.force_login(owner)

    assert client.get(f"/people/{patient.public_id}/record/").status_code == 200

    assert Read.objects.count() == 0
