"""The page where all is read once more, decided and signed."""

import datetime as dt
import logging
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from bookings.models import Assessment, Clearance, History, Message, Prescription
from clinic.people.models import AccountNotice, Patient, User
from clinic.premises.models import Clinic
from tests import factories
from tests.admin_forms import form_of
from tests.bookings.clinical import make_prescription
from tests.desk.conftest import Enter, MakeVisit, at
from tests.shipped import load_shipped
from tests.signing_in import app_code, give_factor
from therapies.models import Contraindication, Question, Term, Therapy, Variant

WRONG = "another-password-1"


def page_of(assessment: Assessment) -> str:
    return reverse("desk:sign_assessment", args=[assessment.patient.public_id, assessment.public_id])


def question(code: str, effect: str, *, scope: str = "until_physician_clears", **data: Any) -> Question:
    rule = {
        "trigger": "yes",
        "scope": scope,
        "applies_to": ["all"],
        "asked_when": ["booking"],
        "reason": "It may harm.",
    }
    return Question.objects.create(
        code=code,
        group="general",
        answer_type="yes_no_text",
        effect=effect,
        data=rule | data,
        texts={"en": f"Do you have {code}?"},
    )


@pytest.fixture
def order_draft(draft: Assessment, kati_basti: Variant) -> Prescription:
    return make_prescription(draft, kati_basti, signed=False)


def signing(client: Client, draft: Assessment, password: str = factories.PASSWORD, **said: Any) -> Any:
    """What the page shows, sent back with the password and with these fields otherwise."""
    context = client.get(page_of(draft)).context
    form = context["form"]
    fields = {name: field.initial or "" for name, field in form.fields.items()}
    ticked = {name: "on" for name, value in fields.items() if value is True}
    fields = {name: value for name, value in fields.items() if not name.startswith("allow_")} | ticked
    return client.post(page_of(draft), fields | {"shown": context["fingerprint"], "password": password} | said)


def key_of(client: Client, draft: Assessment, code: str) -> str:
    found = client.get(page_of(draft)).context["form"].found
    return next(key for key, row in found.items() if row.question.code == code)


def test_all_is_on_one_page(vaidya_client: Client, draft: Assessment, order_draft: Prescription) -> None:
    page = vaidya_client.get(page_of(draft)).content.decode()

    assert [words in page for words in ("Stiff back", "Tense beside the spine", "Kati Basti", "Valid until")] == [
        True
    ] * 4


def test_what_was_never_answered_is_said_once_more_before_signing(vaidya_client: Client, draft: Assessment) -> None:
    question("thinners", "stop")

    assert "1 question is not answered, or too long ago" in vaidya_client.get(page_of(draft)).content.decode()


def test_password_signs_both(
    vaidya_client: Client, draft: Assessment, order_draft: Prescription, vaidya_user: User, now: dt.datetime
) -> None:
    answer = signing(vaidya_client, draft)

    assert answer["Location"] == reverse("desk:assessment", args=[draft.patient.public_id, draft.public_id])
    both = [Assessment.objects.get(), Prescription.objects.get()]
    assert [(row.signed_by, row.signed_at) for row in both] == [(vaidya_user, now)] * 2


def test_signature_keeps_the_name_and_number_of_who_signed_and_the_owner_hears_of_another_one(
    enter: Enter,
    vaidya_client: Client,
    draft: Assessment,
    order_draft: Prescription,
    vaidya_user: User,
    manager: User,
    owner: User,
) -> None:
    User.objects.filter(pk=vaidya_user.pk).update(name="Dr Asha Menon", registration_number="KL 4711")
    signing(vaidya_client, draft)
    page = f"/admin/people/user/{vaidya_user.pk}/change/"
    of_manager = enter(manager)

    of_manager.post(page, form_of(of_manager, page) | {"name": "Dr Quack Fake", "username": "X1"})

    renamed = User.objects.get(pk=vaidya_user.pk)
    shown = [
        enter(vaidya_user).get(reverse("desk:assessment", args=[draft.patient.public_id, draft.public_id])),
        enter(owner).get(reverse("portal:record", args=[draft.patient.public_id])),
    ]
    assert (renamed.name, renamed.username) == ("Dr Quack Fake", vaidya_user.username)
    for text in (" ".join(answer.content.decode().split()) for answer in shown):
        assert "Signed by Dr Asha Menon on " in text
        assert "Registration number KL 4711." in text
        assert "Quack" not in text.split('class="signature"')[1]
    notice = AccountNotice.objects.filter(user=vaidya_user).latest("pk")
    assert (notice.what, notice.detail["name"], notice.detail["by"]) == ("name_changed", "Dr Quack Fake", str(manager))
    assert Message.objects.filter(recipient=vaidya_user.email, secret__template="notice_name_changed").count() == 1


@pytest.mark.parametrize("password", [WRONG, "", factories.PASSWORD + " ", factories.PASSWORD.upper()])
def test_wrong_password_signs_nothing_and_loses_nothing(
    password: str, vaidya_client: Client, draft: Assessment, order_draft: Prescription, clinic: Clinic
) -> None:
    question("gout", "block_massage")
    factories.tell(draft.patient, clinic, gout="yes")
    key = key_of(vaidya_client, draft, "gout")

    answer = signing(vaidya_client, draft, password, **{f"allow_{key}": "on", f"reason_{key}": "Old, and quiet"})

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["password"])
    assert "Old, and quiet" in answer.content.decode()
    assert not Assessment.objects.get().is_signed
    assert password == "" or password not in answer.content.decode()


def test_tries_are_bounded(vaidya_client: Client, draft: Assessment) -> None:
    for _try in range(10):
        assert "This is not your password." in signing(vaidya_client, draft, WRONG).content.decode()

    answer = signing(vaidya_client, draft)

    assert "Too many attempts." in answer.content.decode()
    assert not Assessment.objects.get().is_signed


def test_signing_twice_leads_back(vaidya_client: Client, draft: Assessment) -> None:
    signing(vaidya_client, draft)

    for ask in (vaidya_client.get, vaidya_client.post):
        answer = ask(page_of(draft), {"password": factories.PASSWORD}, follow=True)
        assert "This has already been signed." in answer.content.decode()


def test_draft_of_a_colleague_is_not_signed(enter: Enter, draft: Assessment, colleague: User) -> None:
    client = enter(colleague)

    for ask in (client.get, client.post):
        answer = ask(page_of(draft), {"password": factories.PASSWORD}, follow=True)
        assert "Only the author can change or sign a draft." in answer.content.decode()

    assert not Assessment.objects.get().is_signed


def test_order_of_a_covering_vaidya_is_signed_by_her(
    enter: Enter, examination: Assessment, kati_basti: Variant, colleague: User
) -> None:
    make_prescription(examination, kati_basti, signed=False, by=colleague)

    signing(enter(colleague), examination)

    assert Prescription.objects.get().signed_by == colleague


def test_change_since_the_page_was_read_is_told(
    vaidya_client: Client, draft: Assessment, order_draft: Prescription, clinic: Clinic
) -> None:
    question("gout", "block_massage")
    shown = vaidya_client.get(page_of(draft)).context["fingerprint"]
    factories.tell(draft.patient, clinic, gout="yes")  # on the phone, meanwhile

    answer = vaidya_client.post(page_of(draft), {"shown": shown, "password": factories.PASSWORD})

    assert "This was changed after you opened it. Please read it again." in answer.content.decode()
    assert "Do you have gout?" in answer.content.decode()
    assert not Assessment.objects.get().is_signed
    assert signing(vaidya_client, draft).status_code == 302


# --- purification -----------------------------------------------------------------------------------------------------


@pytest.fixture
def purification(draft: Assessment, virechana: Variant, vaidya_user: User) -> Prescription:
    Therapy.objects.filter(pk=virechana.therapy_id).update(phase="pradhanakarma")
    give_factor(vaidya_user)
    return make_prescription(draft, virechana, signed=False)


def test_purification_is_ordered_with_the_second_factor_in_one_act(
    vaidya_client: Client, draft: Assessment, purification: Prescription
) -> None:
    assert signing(vaidya_client, draft, code=app_code()).status_code == 302

    assert Prescription.objects.get().is_signed


@pytest.mark.parametrize("code", ["", "000000"])
def test_purification_is_not_ordered_without_the_second_factor(
    vaidya_client: Client, draft: Assessment, purification: Prescription, code: str
) -> None:
    answer = signing(vaidya_client, draft, code=code)

    assert (answer.status_code, list(answer.context["form"].proof.errors)) == (422, ["code"])
    assert not Prescription.objects.get().is_signed


def test_wrong_password_does_not_use_the_code_up(
    vaidya_client: Client, draft: Assessment, purification: Prescription
) -> None:
    code = app_code()
    assert list(signing(vaidya_client, draft, WRONG, code=code).context["form"].errors) == ["password"]

    assert signing(vaidya_client, draft, code=code).status_code == 302


def test_usual_course_is_signed_without_a_code(
    vaidya_client: Client, draft: Assessment, order_draft: Prescription
) -> None:
    assert vaidya_client.get(page_of(draft)).context["form"].asks_code is False


def test_every_main_procedure_of_the_catalogue_purifies(db: None) -> None:
    load_shipped()

    purifying = {therapy.code for therapy in Therapy.objects.all() if therapy.purifies}
    assert purifying == {"vamana", "virechana", "basti", "nasya", "raktamokshana"}


# --- what the patient told --------------------------------------------------------------------------------------------


def test_nothing_is_ticked_beforehand(
    vaidya_client: Client, draft: Assessment, order_draft: Prescription, clinic: Clinic
) -> None:
    question("diabetes", "needs_consultation_first")
    factories.tell(draft.patient, clinic, diabetes="yes")

    signing(vaidya_client, draft)

    assert (Assessment.objects.get().is_signed, Clearance.objects.exists()) == (True, False)


def test_one_press_ticks_what_only_asks_and_not_what_blocks(
    vaidya_client: Client, draft: Assessment, order_draft: Prescription, clinic: Clinic
) -> None:
    question("gout", "block_massage")
    for code in ("diabetes", "asthma"):
        question(code, "needs_consultation_first")
    factories.tell(draft.patient, clinic, gout="yes", diabetes="yes", asthma="yes")

    ticked = vaidya_client.post(page_of(draft), {"tick_ordinary": "1"})
    form = ticked.context["form"]
    allowed = {name: "on" for name in form.fields if name.startswith("allow_") and form[name].value()}
    signing(vaidya_client, draft, **allowed)

    assert (ticked.status_code, len(allowed)) == (200, 2)
    rows = Clearance.objects.order_by("question__code").values_list("question__code", "allowed", "reason", "until")
    until = dt.datetime(2026, 5, 31, 18, 30, tzinfo=dt.UTC)
    assert list(rows) == [(code, True, "Looked at in the examination.", until) for code in ("asthma", "diabetes")]


def test_what_blocks_needs_a_reason(
    vaidya_client: Client, draft: Assessment, order_draft: Prescription, clinic: Clinic
) -> None:
    question("gout", "block_massage")
    factories.tell(draft.patient, clinic, gout="yes")
    key = key_of(vaidya_client, draft, "gout")

    assert signing(vaidya_client, draft, **{f"allow_{key}": "on"}).status_code == 422
    assert not Assessment.objects.get().is_signed
    signing(vaidya_client, draft, **{f"allow_{key}": "on", f"reason_{key}": "Seen by Dr Rao, 1 March"})

    assert list(Clearance.objects.values_list("question__code", "reason", "report_seen")) == [
        ("gout", "Seen by Dr Rao, 1 March", False)
    ]


def test_what_sends_to_a_doctor_is_cleared_by_a_signature_only_after_a_report(
    vaidya_client: Client, draft: Assessment, order_draft: Prescription, clinic: Clinic
) -> None:
    question("numb", "urgent_referral")
    Question.objects.filter(code="numb").update(urgency="same_day_doctor")
    factories.tell(draft.patient, clinic, numb="yes")
    key = key_of(vaidya_client, draft, "numb")
    said = {f"allow_{key}": "on", f"reason_{key}": "Scan of 1 March"}

    without = signing(vaidya_client, draft, **said, **{f"report_{key}": ""})
    assert (without.status_code, list(without.context["form"].errors)) == (422, [f"report_{key}"])
    assert not Assessment.objects.get().is_signed
    signing(vaidya_client, draft, **said, **{f"report_{key}": "on"})

    assert list(Clearance.objects.values_list("question__code", "report_seen")) == [("numb", True)]


def test_what_is_cleared_is_not_open_again(
    vaidya_client: Client,
    draft: Assessment,
    order_draft: Prescription,
    clinic: Clinic,
    patient: Patient,
    kati_basti: Variant,
    vaidya_user: User,
) -> None:
    """A second order for the same therapy, with the same answer: nothing to decide."""
    question("diabetes", "needs_consultation_first")
    factories.tell(patient, clinic, diabetes="yes")
    signing(vaidya_client, draft, **{f"allow_{key_of(vaidya_client, draft, 'diabetes')}": "on"})
    second = Assessment.objects.get()
    make_prescription(second, kati_basti, signed=False)

    assert vaidya_client.get(page_of(second)).context["form"].found == {}


def test_findings_are_those_of_the_prescribed_therapies(
    vaidya_client: Client, draft: Assessment, order_draft: Prescription, clinic: Clinic, virechana: Variant
) -> None:
    """What speaks against another therapy is not asked here."""
    term = Term.objects.create(code="piles", group="state", labels={"en": "Piles"})
    Contraindication.objects.create(therapy=virechana.therapy, term=term, level="absolute")
    question("piles", "block_massage", applies_to=["virechana"], terms=["piles"])
    factories.tell(draft.patient, clinic, piles="yes")

    assert vaidya_client.get(page_of(draft)).context["form"].found == {}


def test_what_is_of_one_day_only_is_told_and_not_cleared(
    vaidya_client: Client, draft: Assessment, order_draft: Prescription, clinic: Clinic
) -> None:
    question("fever", "block_massage", scope="this_session")
    factories.tell(draft.patient, clinic, fever="yes")

    page = vaidya_client.get(page_of(draft))
    signing(vaidya_client, draft)

    assert [row.question.code for row in page.context["of_today"]] == ["fever"]
    assert Clearance.objects.count() == 0


# --- where health words may not be ------------------------------------------------------------------------------------


def test_health_words_stay_in_the_record(
    vaidya_client: Client,
    patient: Patient,
    clinic: Clinic,
    kati_basti: Variant,
    visit_at: MakeVisit,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Neither addresses, nor the history, nor letters, nor logs have them."""
    caplog.set_level(logging.DEBUG)
    visit = visit_at(at(9))
    question("gout", "block_massage")
    factories.tell(patient, clinic, gout="yes")
    pk = kati_basti.therapy.pk
    examined = {
        "complaint": "CANARY",
        "exam_nadi": "CANARY",
        "diagnosis": "CANARY",
        "note": "CANARY",
        "visit": visit.pk,
        f"level_{pk}": "with_care",
        f"reason_{pk}": "CANARY sings",
    }
    ordered = {
        "items-TOTAL_FORMS": 6,
        "items-INITIAL_FORMS": 0,
        "items-0-variant": kati_basti.pk,
        "items-0-note": "CANARY",
        "items-0-materials": "CANARY",
        "aim": "CANARY",
        "advice": "CANARY",
        "valid_until": "2026-05-31",
    }

    first = vaidya_client.post(reverse("desk:assess", args=[patient.public_id]), examined | {"then": "prescribe"})
    second = vaidya_client.post(first["Location"], ordered | {"then": "sign"})
    draft = Assessment.objects.get()
    key = key_of(vaidya_client, draft, "gout")
    third = signing(vaidya_client, draft, **{f"allow_{key}": "on", f"reason_{key}": "CANARY sings"})
    order = Prescription.objects.get()
    end = reverse("desk:end_prescription", args=[patient.public_id, order.public_id])
    fourth = vaidya_client.post(end, {"reason": "CANARY sings"})

    assert (order.is_signed, Clearance.objects.get().reason, fourth.status_code) == (True, "CANARY sings", 302)
    outside = [
        *(answer["Location"] for answer in (first, second, third, fourth)),
        *(repr(row) for row in History.objects.values()),
        *(repr(row) for row in Message.objects.values()),
        caplog.text,
    ]
    assert [words for words in outside if "CANARY" in words] == []
    assert History.objects.filter(verb="sign_record", visit=visit).count() == 1


@pytest.mark.parametrize("credential", ["{}", "nonsense", '{"id": "x", "response": {}}'])
def test_nonsense_for_a_passkey_signs_nothing(
    vaidya_client: Client, draft: Assessment, vaidya_user: User, credential: str
) -> None:
    give_factor(vaidya_user)

    answer = signing(vaidya_client, draft, "", credential=credential)

    draft.refresh_from_db()
    assert (answer.status_code, draft.is_signed) == (422, False)
