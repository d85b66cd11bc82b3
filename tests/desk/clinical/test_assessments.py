"""The form of an examination: what is kept, what is refused, whose draft it is."""

import pytest
from django.test import Client
from django.urls import reverse

from bookings.models import Assessment, Prescription, Suitability
from clinic.people.models import Patient, User
from clinic.premises.models import Clinic
from tests import factories
from tests.bookings.clinical import make_assessment
from tests.desk.conftest import Enter, MakeVisit, at
from therapies.models import Variant

SAID = {
    "complaint": "Stiff back",
    "exam_sparshana": "Tense",
    "pain": "6",
    "prakriti": "vata",
    "diagnosis_code": "aac-20",
}


def new(patient: Patient) -> str:
    return reverse("desk:assess", args=[patient.public_id])


def change(draft: Assessment) -> str:
    return reverse("desk:change_assessment", args=[draft.patient.public_id, draft.public_id])


def test_examination_is_kept_as_a_draft(vaidya_client: Client, patient: Patient, vaidya_user: User) -> None:
    answer = vaidya_client.post(new(patient), SAID)

    row = Assessment.objects.get()
    assert (answer.status_code, answer["Location"]) == (
        302,
        reverse("desk:assessment", args=[patient.public_id, row.public_id]),
    )
    assert (row.by, row.is_signed, row.complaint, row.pain) == (vaidya_user, False, "Stiff back", 6)
    assert (row.prakriti, row.diagnosis_code, row.examination) == ("vata", "AAC-20", {"sparshana": "Tense"})


@pytest.mark.parametrize(
    ("then", "name"), [("prescribe", "prescribe"), ("sign", "sign_assessment"), ("x", "assessment")]
)
def test_button_says_what_comes_next(then: str, name: str, vaidya_client: Client, patient: Patient) -> None:
    answer = vaidya_client.post(new(patient), SAID | {"then": then})

    row = Assessment.objects.get()
    assert answer["Location"] == reverse(f"desk:{name}", args=[patient.public_id, row.public_id])


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"pain": "11"}, "pain"),
        ({"pain": "-1"}, "pain"),
        ({"pain": "much"}, "pain"),
        ({"prakriti": "lazy"}, "prakriti"),
        ({"diagnosis_code": "<script>"}, "diagnosis_code"),
        ({"diagnosis_code": "A" * 21}, "diagnosis_code"),
        ({"exam_nadi": "x" * 2001}, "exam_nadi"),
        ({"visit": "987654"}, "visit"),
    ],
)
def test_wrong_facts_are_told_and_nothing_is_lost(
    wrong: dict[str, str], field: str, vaidya_client: Client, patient: Patient
) -> None:
    answer = vaidya_client.post(new(patient), SAID | wrong)

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert "Stiff back" in answer.content.decode()
    assert Assessment.objects.count() == 0


def test_suitability_is_kept_where_something_is_said(
    vaidya_client: Client, patient: Patient, kati_basti: Variant, virechana: Variant
) -> None:
    pk = kati_basti.therapy.pk

    vaidya_client.post(new(patient), SAID | {f"level_{pk}": "not_suited", f"reason_{pk}": "Open skin"})

    assert list(Suitability.objects.values_list("therapy", "level", "reason")) == [(pk, "not_suited", "Open skin")]


@pytest.mark.parametrize(
    ("level", "reason", "wrong"), [("not_suited", "", "reason"), ("with_care", " ", "reason"), ("", "Skin", "level")]
)
def test_half_said_suitability_is_told(
    level: str, reason: str, wrong: str, vaidya_client: Client, patient: Patient, kati_basti: Variant
) -> None:
    pk = kati_basti.therapy.pk

    answer = vaidya_client.post(new(patient), SAID | {f"level_{pk}": level, f"reason_{pk}": reason})

    assert list(answer.context["form"].errors) == [f"{wrong}_{pk}"]


def test_visit_of_tomorrow_is_examined_tomorrow(vaidya_client: Client, visit_at: MakeVisit) -> None:
    today, tomorrow = visit_at(at(9)), visit_at(at(9, day=3))
    pages = [f"/desk/visits/{each.public_id}/" for each in (today, tomorrow)]
    shown = [f"{page}examine/" in vaidya_client.get(page).content.decode() for page in pages]

    answer = vaidya_client.get(f"/desk/visits/{tomorrow.public_id}/examine/", follow=True)

    assert shown == [True, False]
    assert answer.redirect_chain == [(f"/desk/visits/{tomorrow.public_id}/", 302)]
    assert "This visit is on Tue 3 Mar. The patient can be examined from that day on." in answer.content.decode()


def test_todays_visit_is_offered_and_kept(
    vaidya_client: Client, patient: Patient, clinic: Clinic, visit_at: MakeVisit
) -> None:
    visit = visit_at(at(9))
    visit_at(at(9, day=3))
    theirs = visit_at(at(11), patient=factories.make_patient("Arun", clinics=[clinic]), resources=[])

    assert vaidya_client.get(new(patient)).context["form"].initial["visit"] == visit
    assert vaidya_client.post(new(patient), SAID | {"visit": theirs.pk}).status_code == 422
    vaidya_client.post(new(patient), SAID | {"visit": visit.pk})
    assert Assessment.objects.get().visit == visit


def test_lasting_constitution_is_taken_over(
    vaidya_client: Client, patient: Patient, clinic: Clinic, colleague: User
) -> None:
    make_assessment(patient, clinic, colleague, prakriti="kapha", vikriti="pitta")

    initial = vaidya_client.get(new(patient)).context["form"].initial

    assert (initial["prakriti"], "vikriti" in initial) == ("kapha", False)


def test_draft_is_shown_and_changed(vaidya_client: Client, draft: Assessment, kati_basti: Variant) -> None:
    pk = kati_basti.therapy.pk
    Suitability.objects.create(assessment=draft, therapy=kati_basti.therapy, level="with_care", reason="Tender back")
    initial = vaidya_client.get(change(draft)).context["form"].initial
    assert {name: initial[name] for name in ("complaint", "exam_sparshana", f"level_{pk}", f"reason_{pk}")} == {
        "complaint": "Stiff back",
        "exam_sparshana": "Tense beside the spine",
        f"level_{pk}": "with_care",
        f"reason_{pk}": "Tender back",
    }

    vaidya_client.post(change(draft), {"complaint": "Stiff neck"})

    draft.refresh_from_db()
    assert (draft.complaint, draft.examination, draft.suitabilities.count()) == ("Stiff neck", {}, 0)


def test_draft_of_a_colleague_is_only_read(enter: Enter, draft: Assessment, colleague: User) -> None:
    client = enter(colleague)

    for ask in (client.get, client.post):
        answer = ask(change(draft), {"complaint": "Mine now"})
        assert answer["Location"] == reverse("desk:assessment", args=[draft.patient.public_id, draft.public_id])

    draft.refresh_from_db()
    assert draft.complaint == "Stiff back"


def test_signed_examination_is_not_changed(vaidya_client: Client, examination: Assessment) -> None:
    answer = vaidya_client.post(change(examination), {"complaint": "Other"}, follow=True)

    assert "This is already signed. Please create a new version." in answer.content.decode()


def test_new_version_leads_to_its_form(enter: Enter, examination: Assessment, colleague: User) -> None:
    again = reverse("desk:assess_again", args=[examination.patient.public_id, examination.public_id])

    answer = enter(colleague).post(again)

    new_row = Assessment.objects.get(version=2)
    assert (new_row.by, new_row.replaces, answer["Location"]) == (colleague, examination, change(new_row))


@pytest.mark.parametrize("name", ["assess_again", "discard_assessment"])
def test_buttons_are_posted(name: str, vaidya_client: Client, draft: Assessment) -> None:
    page = reverse(f"desk:{name}", args=[draft.patient.public_id, draft.public_id])

    assert vaidya_client.get(page).status_code == 405
    assert Assessment.objects.count() == 1


def test_draft_is_discarded(vaidya_client: Client, draft: Assessment) -> None:
    vaidya_client.post(reverse("desk:discard_assessment", args=[draft.patient.public_id, draft.public_id]))

    assert Assessment.objects.count() == 0


def test_signed_examination_is_not_discarded(vaidya_client: Client, order: Prescription) -> None:
    patient, found = order.patient, order.assessment

    answer = vaidya_client.post(
        reverse("desk:discard_assessment", args=[patient.public_id, found.public_id]), follow=True
    )

    assert "Signed records cannot be deleted." in answer.content.decode()
    assert Assessment.objects.count() == 1


DOABLE = ("sign_assessment", "change_assessment", "prescribe", "assess_again", "discard_assessment")


def buttons(client: Client, found: Assessment) -> set[str]:
    """What may be done, by the addresses on the page."""
    ids = [found.patient.public_id, found.public_id]
    page = client.get(reverse("desk:assessment", args=ids)).content.decode()
    return {name for name in DOABLE if reverse(f"desk:{name}", args=ids) in page}


def test_buttons_fit_what_may_be_done(
    enter: Enter, draft: Assessment, vaidya_user: User, colleague: User, therapist_user: User
) -> None:
    factories.make_treatment(therapist_user, draft.patient, draft.clinic)
    own = {"sign_assessment", "change_assessment", "prescribe", "discard_assessment"}
    assert (buttons(enter(vaidya_user), draft), buttons(enter(colleague), draft)) == (own, {"assess_again"})

    Assessment.objects.update(signed_by=vaidya_user, signed_at=factories.NOW)

    after = {"prescribe", "assess_again"}
    assert (buttons(enter(vaidya_user), draft), buttons(enter(colleague), draft)) == (after, after)
    assert buttons(enter(therapist_user), draft) == set()


def test_draft_open_in_two_tabs_is_not_overwritten_unseen(vaidya_client: Client, draft: Assessment) -> None:
    """The second tab is told; its words stay on the page, and saving again is then a choice."""

    def fingerprint(page: str) -> str:
        return page.split('name="shown" value="')[1].split('"', maxsplit=1)[0]

    opened = fingerprint(vaidya_client.get(change(draft)).content.decode())
    first = vaidya_client.post(change(draft), SAID | {"complaint": "First tab", "shown": opened})
    second = vaidya_client.post(change(draft), SAID | {"complaint": "Second tab", "shown": opened})
    kept = Assessment.objects.get().complaint
    page = second.content.decode()
    third = vaidya_client.post(change(draft), SAID | {"complaint": "Second tab", "shown": fingerprint(page)})

    assert (first.status_code, second.status_code, third.status_code) == (302, 422, 302)
    assert (kept, Assessment.objects.get().complaint) == ("First tab", "Second tab")
    assert "This draft was changed in another window. Save again to replace what was written there." in page
    assert "Second tab" in page


@pytest.mark.parametrize("then", ["prescribe", "sign"])
@pytest.mark.parametrize("missing", ["complaint", "findings"])
def test_examination_without_findings_is_refused_at_the_form_and_not_only_at_the_signature(
    vaidya_client: Client, patient: Patient, then: str, missing: str
) -> None:
    kept = {name: text for name, text in SAID.items() if not name.startswith("exam_")}
    said = SAID | {"complaint": ""} if missing == "complaint" else kept

    answer = vaidya_client.post(new(patient), said | {"then": then})

    assert (answer.status_code, Assessment.objects.count()) == (422, 0)
    assert "please record the complaint and the examination findings" in answer.content.decode()
    assert vaidya_client.post(new(patient), said).status_code == 302  # a draft need not be whole
