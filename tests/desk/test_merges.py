"""The desk merges two records of one person: compares them, presses once, and takes it back."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from clinic.people.models import Patient, PatientMerge, Read, User
from clinic.premises.models import Clinic
from tests import factories
from tests.desk.conftest import Enter
from tests.visible import visible_words


@pytest.fixture
def other(clinic: Clinic) -> Patient:
    return factories.make_patient("Mira", clinics=[clinic], phone="+919847000777", needs="No stairs")


@pytest.fixture
def desk(enter: Enter, front_desk: User) -> Client:
    return enter(front_desk)


def page_of_both(patient: Patient, other: Patient) -> str:
    return reverse("desk:merge_records", args=[patient.public_id, other.public_id])


def test_both_records_are_compared_merged_in_one_press_and_parted_again(
    desk: Client, patient: Patient, other: Patient, now: dt.datetime
) -> None:
    coming = factories.make_treatment(
        factories.make_user(), other, other.clinics.get(), start=now + dt.timedelta(days=1)
    )
    midnight = dt.datetime(2026, 3, 1, 18, 30, tzinfo=dt.UTC)
    Patient.objects.filter(pk=patient.pk).update(registered_at=midnight - dt.timedelta(minutes=1))
    Patient.objects.filter(pk=other.pk).update(registered_at=midnight)
    compared = desk.get(page_of_both(patient, other))
    lines = {line.label: (line.survivor, line.other, line.differs) for line in compared.context["preview"].lines}

    merged = desk.post(page_of_both(patient, other), follow=True)
    by_the_old_address = desk.get(reverse("desk:patient", args=[other.public_id]))
    found = desk.post(reverse("desk:find"), {"words": "9847000777"}).context["found"].here

    assert lines["Registered"][:2] == ("1 March 2026", "2 March 2026")  # after midnight at the clinic, not yet in UTC
    assert lines["Support needs at the clinic"] == ("", "No stairs", True)
    assert [visit.pk for visit in compared.context["preview"].coming] == [coming.pk]
    assert [str(words) for words in merged.context["messages"]] == ["The two records are one now."]
    assert (by_the_old_address.context["patient"], found) == (patient, (patient,))
    assert [visit.pk for visit in by_the_old_address.context["coming"]] == [coming.pk]
    assert Read.objects.filter(door="desk:merge_records", patients=sorted([patient.pk, other.pk])).count() == 2

    row = PatientMerge.objects.get()
    desk.post(reverse("desk:take_merge_back", args=[patient.public_id, row.pk]))

    assert desk.get(reverse("desk:patient", args=[other.public_id])).context["patient"] == other


def test_visits_at_the_same_time_are_shown_and_said_before_and_after_the_press(
    desk: Client, patient: Patient, other: Patient, clinic: Clinic, now: dt.datetime
) -> None:
    consultation, start = factories.make_consultation(), now + dt.timedelta(days=1)
    both = {
        factories.make_visit(clinic=clinic, variant=consultation, start=start, patient=row) for row in (patient, other)
    }
    shown, pressed = desk.get(page_of_both(patient, other)), desk.post(page_of_both(patient, other))

    assert [{row.visit for row in pair} for pair in shown.context["preview"].overlaps] == [both]
    assert (shown.status_code, pressed.status_code) == (200, 422)
    for page in (shown, pressed):
        assert "Both records have a visit at the same time." in visible_words(page)
    assert "Merge the two records" not in visible_words(shown)


def test_other_record_is_found_by_whatever_is_at_hand(desk: Client, patient: Patient, other: Patient) -> None:
    page = desk.post(reverse("desk:find_record", args=[patient.public_id]), {"words": "Mira"})

    assert [row.pk for row in page.context["found"]] == [other.pk]


def test_possible_double_leads_to_the_comparison(
    desk: Client, patient: Patient, other: Patient, now: dt.datetime
) -> None:
    patient.possible_twins_later.create(patient=other, found_at=now)

    assert page_of_both(patient, other) in desk.get(reverse("desk:patient", args=[patient.public_id])).content.decode()
