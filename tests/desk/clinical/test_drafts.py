"""Drafts that save themselves: one page, one draft, nothing lost; and from a visit to its examination in one press."""

import uuid

from django.test import Client
from django.urls import reverse

from bookings.actions.assessments import assess
from bookings.models import Assessment, Prescription
from clinic.people.models import Patient, Read, User
from clinic.premises.models import Clinic
from tests.bookings.clinical import make_assessment
from tests.desk.conftest import Enter, MakeVisit, at
from therapies.models import Variant

from .test_assessments import SAID, change, new
from .test_prescriptions import page_of, said

NAME = "11111111-2222-4333-8444-555555555555"
AUTO = {"then": "auto", "draft": NAME}


def test_page_that_saves_itself_twice_writes_one_draft(vaidya_client: Client, patient: Patient) -> None:
    first = vaidya_client.post(new(patient), SAID | AUTO).json()
    second = vaidya_client.post(new(patient), SAID | AUTO | {"complaint": "Stiff", "shown": first["shown"]}).json()

    row = Assessment.objects.get()
    assert (str(row.public_id), row.complaint, row.is_signed) == (NAME, "Stiff", False)
    assert (first["time"], first["shown"] == second["shown"]) == ("10:00", False)


def test_button_after_an_automatic_draft_goes_on_with_it(vaidya_client: Client, patient: Patient) -> None:
    kept = vaidya_client.post(new(patient), SAID | AUTO).json()

    answer = vaidya_client.post(new(patient), SAID | {"draft": NAME, "then": "sign", "shown": kept["shown"]})

    row = Assessment.objects.get()
    assert answer["Location"] == reverse("desk:sign_assessment", args=[patient.public_id, row.public_id])


def test_second_window_is_not_overwritten_by_a_page_that_saves_itself(
    vaidya_client: Client, patient: Patient, vaidya_user: User
) -> None:
    vaidya_client.post(new(patient), SAID | AUTO)
    row = Assessment.objects.get()
    vaidya_client.post(change(row), SAID | {"complaint": "From the second window"})

    answer = vaidya_client.post(new(patient), SAID | AUTO | {"shown": "0" * 64})

    assert (answer.status_code, answer.json()) == (422, {})
    assert Assessment.objects.get().complaint == "From the second window"


def test_what_cannot_be_kept_is_told_without_a_word_of_the_record(vaidya_client: Client, patient: Patient) -> None:
    answer = vaidya_client.post(new(patient), SAID | AUTO | {"pain": "11"})

    assert (answer.status_code, answer.json(), Assessment.objects.count()) == (422, {}, 0)


def test_name_of_a_strangers_draft_opens_nothing(
    enter: Enter, patient: Patient, draft: Assessment, colleague: User
) -> None:
    answer = enter(colleague).post(new(patient), SAID | {"then": "auto", "draft": str(draft.public_id)})

    assert (answer.status_code, Assessment.objects.get().by) == (422, draft.by)


def test_order_saves_itself_as_one_draft(vaidya_client: Client, draft: Assessment, kati_basti: Variant) -> None:
    first = vaidya_client.post(page_of(draft), said({"variant": kati_basti.pk}, then="auto", shown="")).json()
    vaidya_client.post(page_of(draft), said({"variant": kati_basti.pk}, then="auto", advice="Rest", **first))
    refused = vaidya_client.post(page_of(draft), said({"sessions": 3}, then="auto"))

    assert (Prescription.objects.get().advice, refused.status_code) == ("Rest", 422)


def test_page_that_saves_itself_is_one_read_and_not_one_each_time(vaidya_client: Client, patient: Patient) -> None:
    vaidya_client.get(new(patient))
    for _ in range(3):
        vaidya_client.post(new(patient), SAID | {"then": "auto", "draft": str(uuid.uuid4())})

    assert Read.objects.filter(door="desk:assess").count() == 1


def test_examine_leads_from_a_visit_to_a_new_examination_of_it(
    vaidya_client: Client, patient: Patient, visit_at: MakeVisit
) -> None:
    visit_at(at(9))
    visit = visit_at(at(11))

    answer = vaidya_client.get(reverse("desk:examine", args=[visit.public_id]), follow=True)

    assert answer.redirect_chain == [(f"{new(patient)}?visit={visit.public_id}", 302)]
    assert answer.context["form"].initial["visit"] == visit


def test_examine_leads_to_an_examination_of_an_earlier_day(vaidya_client: Client, visit_at: MakeVisit) -> None:
    visit = visit_at(at(9, day=1))

    answer = vaidya_client.get(reverse("desk:examine", args=[visit.public_id]), follow=True)

    assert list(answer.context["form"].fields["visit"].queryset) == [visit]


def test_examine_finds_ones_own_draft_again_and_no_colleagues(
    vaidya_client: Client, patient: Patient, clinic: Clinic, vaidya_user: User, colleague: User, visit_at: MakeVisit
) -> None:
    visit = visit_at(at(9))
    assess(patient=patient, clinic=clinic, by=colleague, now=at(9), visit=visit, complaint="Seen by a colleague")
    own = assess(patient=patient, clinic=clinic, by=vaidya_user, now=at(9, 10), visit=visit, complaint="Stiff")
    make_assessment(patient, clinic, vaidya_user, signed=False)

    answer = vaidya_client.get(reverse("desk:examine", args=[visit.public_id]))

    assert answer["Location"] == change(own)
