"""The prescription on paper: on the letterhead, signed, without a diagnosis."""

import pytest
from django.test import Client
from django.urls import reverse

from bookings.actions.prescriptions import end_prescription
from bookings.models import Assessment, Prescription
from clinic.people.models import Read, User
from tests.bookings import clinical
from tests.desk.conftest import Enter, at
from tests.visible import visible_words
from therapies.models import Variant


def sheet(order: Prescription, language: str = "") -> str:
    page = reverse("desk:prescription_sheet", args=[order.patient.public_id, order.public_id])
    return f"{page}?language={language}" if language else page


def test_letterhead_says_clinic_patient_therapies_and_who_signed_with_the_registration_number(
    vaidya_client: Client, order: Prescription
) -> None:
    order.refresh_from_db()

    words = visible_words(vaidya_client.get(sheet(order)))

    wanted = [
        order.clinic.name,
        order.clinic.address.splitlines()[0],
        order.patient.full_name,
        "Kati Basti",
        "7 sessions",
        order.signer_name,
        "2 March 2026",
    ]
    assert [part for part in wanted if part not in words] == []


def test_notes_and_reasons_for_those_who_treat_stay_off_the_paper(
    vaidya_client: Client, examination: Assessment, kati_basti: Variant, vaidya_user: User
) -> None:
    order = clinical.make_prescription(examination, kati_basti, signed=False)
    order.items.update(note="Left side first", materials="Sesame oil")
    order.signed_by, order.signed_at = vaidya_user, at(9)
    order.save()

    words = visible_words(vaidya_client.get(sheet(order)))

    assert ("Sesame oil" in words, "Left side first" in words) == (True, False)


def test_no_diagnosis_stands_on_the_paper(vaidya_client: Client, order: Prescription) -> None:
    assert "Katishula" not in visible_words(vaidya_client.get(sheet(order)))


def test_paper_is_in_the_language_of_the_patient_and_the_page_around_it_in_ours(
    vaidya_client: Client, order: Prescription
) -> None:
    order.patient.language = "hi"
    order.patient.save()

    hindi, english = (visible_words(vaidya_client.get(sheet(order, language))) for language in ("", "en"))

    around = "Print this page on A4."
    assert (around in hindi, "तक मान्य" in hindi, "Valid until" in hindi) == (True, True, False)
    assert (around in english, "तक मान्य" in english, "Valid until" in english) == (True, False, True)


def test_prescription_that_has_ended_says_so_on_the_paper(
    vaidya_client: Client, order: Prescription, vaidya_user: User
) -> None:
    end_prescription(prescription=order, reason="Travels from tomorrow on", by=vaidya_user, now=at(9))

    assert "Ended" in visible_words(vaidya_client.get(sheet(order)))


def test_draft_is_not_printed(vaidya_client: Client, draft: object, kati_basti: Variant) -> None:
    order = clinical.make_prescription(draft, kati_basti, signed=False)  # type: ignore[arg-type]

    assert vaidya_client.get(sheet(order)).status_code == 404


@pytest.mark.parametrize("role", ["front_desk", "manager"])
def test_paper_is_not_for_who_does_not_treat(enter: Enter, order: Prescription, role: str, request: object) -> None:
    user = request.getfixturevalue(role)  # type: ignore[attr-defined]

    assert enter(user).get(sheet(order)).status_code == 403


def test_each_print_is_a_read_of_the_record(vaidya_client: Client, order: Prescription) -> None:
    vaidya_client.get(sheet(order))

    assert list(Read.objects.values_list("door", "patients")) == [("desk:prescription_sheet", [order.patient_id])]
