"""The timeline of a patient: everything on one page, the newest first, filtered, and only as far as one reads."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from bookings.models import Assessment, Prescription, Status
from clinic.people.models import Patient, Read, User
from clinic.premises.models import Clinic
from tests import factories
from tests.bookings import clinical
from tests.desk.conftest import Enter, MakeVisit, at
from tests.visible import visible_words


def page(patient: Patient, query: str = "") -> str:
    return reverse("desk:timeline", args=[patient.public_id]) + query


def kinds(client: Client, patient: Patient, query: str = "") -> list[str]:
    return [line.kind.value for line in client.get(page(patient, query)).context["timeline"].lines]


@pytest.fixture
def course(order: Prescription, visit_at: MakeVisit, patient: Patient, clinic: Clinic, vaidya_user: User) -> None:
    """Examined and prescribed for today, consented, seen tomorrow, a visit called off."""
    clinical.make_consent(patient, clinic, vaidya_user)
    visit_at(at(11, day=3))
    visit_at(at(11, day=4), status=Status.NO_SHOW)


@pytest.mark.usefixtures("course")
def test_everything_stands_on_one_page_the_newest_first(vaidya_client: Client, patient: Patient) -> None:
    lines = vaidya_client.get(page(patient)).context["timeline"].lines

    assert [line.at for line in lines] == sorted((line.at for line in lines), reverse=True)
    assert sorted(line.kind.value for line in lines) == ["consent", "examination", "prescription", "visit", "visit"]
    assert {line.state for line in lines} == {"", "In force", "Booked", "No-show"}


@pytest.mark.usefixtures("course")
@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("?kind=prescription", {"prescription"}),
        ("?kind=prescription&kind=visit", {"prescription", "visit"}),
        ("?kind=dream", {"consent", "examination", "prescription", "visit"}),
        ("?kind=pause", set()),
    ],
)
def test_filter_shows_the_kinds_that_are_ticked(
    vaidya_client: Client, patient: Patient, query: str, shown: set[str]
) -> None:
    assert set(kinds(vaidya_client, patient, query)) == shown


def test_therapist_reads_no_draft_on_it(
    enter: Enter, draft: Assessment, patient: Patient, visit_at: MakeVisit, therapist_user: User, clinic: Clinic
) -> None:
    person = factories.make_practitioner(clinic, "Sunita", roles=["therapist"], user=therapist_user)
    visit_at(at(11), resources=[person])

    assert kinds(enter(therapist_user), patient) == ["visit"]


@pytest.mark.usefixtures("course")
def test_what_another_clinic_wrote_stays_closed(enter: Enter, patient: Patient, now: dt.datetime) -> None:
    far = factories.make_clinic("far")
    patient.clinics.add(far)

    assert kinds(enter(factories.make_member(far, "vaidya")), patient) == []


@pytest.mark.usefixtures("course")
def test_page_is_one_read_and_asks_the_database_as_often_for_more(
    vaidya_client: Client, patient: Patient, visit_at: MakeVisit, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    vaidya_client.get(page(patient))
    assert list(Read.objects.values_list("door", "patients")) == [("desk:timeline", [patient.pk])]
    with django_assert_max_num_queries(60) as few:
        vaidya_client.get(page(patient))
    for hour in (12, 13, 14):
        visit_at(at(hour, day=5))

    with django_assert_max_num_queries(len(few.captured_queries)):
        vaidya_client.get(page(patient))


@pytest.mark.usefixtures("course")
def test_long_timeline_ends_and_says_how_much_is_left(
    vaidya_client: Client, patient: Patient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bookings.desk.clinical.timeline_page.MOST", 3)

    assert "2 older lines" in visible_words(vaidya_client.get(page(patient)))
    assert len(kinds(vaidya_client, patient, "?all=1")) == 5
