"""The form of a prescription: what is usual, what is refused, and in whose place it stands."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from bookings.desk.clinical.prescription_forms import initial_items
from bookings.models import Assessment, Prescription, PrescriptionEnd, PrescriptionItem, Suitability
from clinic.people.models import Patient, User
from clinic.premises.models import Clinic
from tests import factories
from tests.bookings.clinical import make_assessment, make_prescription, make_therapy
from tests.desk.conftest import Enter
from tests.questions import make_question
from therapies.models import Rule, Therapy, Variant

LAST_DAY = dt.date(2026, 5, 31)


def page_of(assessment: Assessment, replaces: Prescription | None = None) -> str:
    page = reverse("desk:prescribe", args=[assessment.patient.public_id, assessment.public_id])
    return f"{page}?replaces={replaces.public_id}" if replaces else page


def said(*items: dict[str, Any], initial: int = 0, **whole: Any) -> dict[str, Any]:
    """The fields of the page, with these items in the first rows."""
    fields = {"items-TOTAL_FORMS": 6, "items-INITIAL_FORMS": initial, "valid_until": LAST_DAY.isoformat()}
    for number, item in enumerate(items):
        fields |= {f"items-{number}-{name}": value for name, value in item.items()}
    return fields | whole


def test_last_day_is_ninety_days_after_the_examination(vaidya_client: Client, draft: Assessment) -> None:
    initial = vaidya_client.get(page_of(draft)).context["form"].initial

    assert (initial["valid_until"], initial["replaces"]) == (LAST_DAY, None)


def test_order_is_kept_with_what_is_usual(vaidya_client: Client, draft: Assessment, kati_basti: Variant) -> None:
    answer = vaidya_client.post(page_of(draft), said({"variant": kati_basti.pk}, advice="Rest"))

    row = Prescription.objects.get()
    assert answer["Location"] == reverse("desk:prescription", args=[draft.patient.public_id, row.public_id])
    assert (row.is_signed, row.advice, row.valid_until, row.review_on) == (
        False,
        "Rest",
        LAST_DAY,
        dt.date(2026, 3, 9),
    )
    assert list(row.items.values_list("variant", "sessions", "days_between")) == [(kati_basti.pk, 7, 1)]


def test_massage_is_spread_as_the_limit_asks(vaidya_client: Client, draft: Assessment) -> None:
    massage = make_therapy("abhyanga", groups=["massage_family"])

    vaidya_client.post(page_of(draft), said({"variant": massage.pk}))

    row = Prescription.objects.get()
    assert list(row.items.values_list("sessions", "days_between", "lifted_limits")) == [(7, 3, {})]
    assert row.review_on == dt.date(2026, 3, 30)


def test_everything_of_an_item_is_kept(vaidya_client: Client, draft: Assessment, kati_basti: Variant) -> None:
    item = {
        "sessions": 9,
        "days_between": 2,
        "pressure": "light",
        "materials": "Sahacharadi oil",
        "note": "Left side",
    }

    lifts = {"limit_1": "course_length", "limit_reason_1": "Slow to heal"}
    vaidya_client.post(page_of(draft), said(item | lifts | {"variant": kati_basti.pk}))

    kept = PrescriptionItem.objects.get()
    assert {name: getattr(kept, name) for name in item} == item
    assert kept.lifted == {"course_length": "Slow to heal"}


@pytest.mark.parametrize(
    ("item", "field"),
    [
        ({"limit_1": "course_length"}, "limit_reason_1"),  # a limit without its reason
        ({"limit_reason_2": "Slow to heal"}, "limit_2"),
        ({"limit_1": "course_length", "limit_reason_1": "Slow to heal", "limit_2": "course_length"}, "limit_2"),
        ({"limit_1": "gap_leech_sittings", "limit_reason_1": "Bad eczema"}, "limit_1"),  # nobody lifts it: not offered
        ({"limit_1": "age_limit", "limit_reason_1": "Strong for his age"}, "limit_reason_1"),  # absolute here
    ],
)
def test_each_limit_is_lifted_by_its_own_reason_and_what_is_absolute_is_not_offered(
    item: dict[str, Any], field: str, vaidya_client: Client, draft: Assessment, kati_basti: Variant
) -> None:
    answer = vaidya_client.post(page_of(draft), said(item | {"variant": kati_basti.pk}))

    assert list(answer.context["items"][0].errors) == [field]


def test_order_shows_each_limit_that_it_lifts_with_its_reason(
    vaidya_client: Client, draft: Assessment, kati_basti: Variant
) -> None:
    lifts = {"limit_1": "course_length", "limit_reason_1": "Slow to heal"}
    vaidya_client.post(page_of(draft), said(lifts | {"variant": kati_basti.pk, "sessions": 15}))

    page = vaidya_client.get(f"/desk/patients/{draft.patient.public_id}/record/").content.decode()

    assert "The longest course of this treatment" in page
    assert "Slow to heal" in page


def test_usual_material_dose_and_temperature_come_from_the_catalogue(
    vaidya_client: Client, draft: Assessment, kati_basti: Variant
) -> None:
    vaidya_client.post(page_of(draft), said({"variant": kati_basti.pk}))

    row = PrescriptionItem.objects.get()
    assert (row.materials, row.dose_words, row.temperature_words) == ("Medicated oil", "150–250 ml", "40–45 °C")


def test_ordered_material_brings_no_dose_of_another(
    vaidya_client: Client, draft: Assessment, kati_basti: Variant
) -> None:
    vaidya_client.post(page_of(draft), said({"variant": kati_basti.pk, "materials": "Coconut oil", "dose_from": "160"}))

    row = PrescriptionItem.objects.get()
    assert (row.materials, row.dose_words, row.temperature_words) == ("Coconut oil", "160 ml", "")


@pytest.mark.parametrize(
    ("materials", "reason", "kept"),
    [
        ("Sesame oil", "", False),
        ("", "", False),
        ("Coconut oil", "", True),
        ("Sesame oil", "Patch test on 1 March: nothing", True),
    ],
)
def test_material_that_matches_a_told_allergy_needs_a_written_reason(
    vaidya_client: Client, draft: Assessment, kati_basti: Variant, materials: str, reason: str, *, kept: bool
) -> None:
    alert = {"kind": "allergy", "en": "Allergy: sesame", "hi": "एलर्जी: तिल"}
    make_question("al_sesame", "medicines", 10, alert=alert, terms=["allergy_sesame"])
    factories.tell(draft.patient, draft.clinic, al_sesame="yes")
    item = {"variant": kati_basti.pk, "materials": materials, "material_reason": reason}

    answer = vaidya_client.post(page_of(draft), said(item))

    assert PrescriptionItem.objects.exists() == kept
    assert ("matches an allergy (Allergy: sesame)" in answer.content.decode()) != kept


def test_schedule_brings_its_number_of_sessions(vaidya_client: Client, draft: Assessment) -> None:
    course = {"sessions_default": 10, "sessions_max": 30, "schedules": ["yoga_basti"]}
    basti = make_therapy("basti", facts={"course": course})

    vaidya_client.post(page_of(draft), said({"variant": basti.pk, "schedule": "yoga_basti"}))

    assert list(PrescriptionItem.objects.values_list("sessions", "days_between", "schedule")) == [(8, 1, "yoga_basti")]


@pytest.mark.parametrize(
    ("item", "field"),
    [
        ({"sessions": 0}, "sessions"),
        ({"sessions": 61}, "sessions"),
        ({"days_between": 0}, "days_between"),
        ({"pressure": "hard"}, "pressure"),
        ({"schedule": "kala_basti"}, "schedule"),
        ({"materials": "x" * 201}, "materials"),
        ({"sessions": 15}, "limit_1"),
    ],
)
def test_wrong_item_is_told_beside_it(
    item: dict[str, Any], field: str, vaidya_client: Client, draft: Assessment, kati_basti: Variant
) -> None:
    answer = vaidya_client.post(page_of(draft), said(item | {"variant": kati_basti.pk}))

    assert (answer.status_code, list(answer.context["items"][0].errors)) == (422, [field])
    assert Prescription.objects.count() == 0


def test_item_without_a_therapy_is_told(vaidya_client: Client, draft: Assessment) -> None:
    answer = vaidya_client.post(page_of(draft), said({"sessions": 3}))

    assert answer.context["items"][0].errors == {"variant": ["Please choose the therapy."]}


def test_empty_prescription_is_told(vaidya_client: Client, draft: Assessment) -> None:
    answer = vaidya_client.post(page_of(draft), said())

    assert "A prescription has between 1 and 6 therapies." in answer.content.decode()


def test_seventh_therapy_is_not_taken(vaidya_client: Client, draft: Assessment) -> None:
    items = [{"variant": make_therapy(f"therapy-{number}").pk, "sessions": 1} for number in range(7)]

    vaidya_client.post(page_of(draft), said(*items, **{"items-TOTAL_FORMS": 7}))

    assert PrescriptionItem.objects.count() <= 6


def test_same_therapy_twice_is_told(vaidya_client: Client, draft: Assessment, kati_basti: Variant) -> None:
    answer = vaidya_client.post(page_of(draft), said({"variant": kati_basti.pk}, {"variant": kati_basti.pk}))

    assert "Each therapy can appear only once in a prescription." in answer.content.decode()


@pytest.mark.parametrize(
    "therapy", [{"is_active": False}, {"needs": "nothing"}, {"booking_mode": "none"}], ids=["gone", "free", "at home"]
)
def test_therapy_that_is_not_ordered_cannot_be_chosen(
    therapy: dict[str, Any], vaidya_client: Client, draft: Assessment
) -> None:
    variant = make_therapy("lepa", **therapy)

    answer = vaidya_client.post(page_of(draft), said({"variant": variant.pk}))

    assert list(answer.context["items"][0].errors) == ["variant"]


def test_therapy_that_is_no_longer_offered_is_not_left_out_unseen(
    vaidya_client: Client, draft: Assessment, kati_basti: Variant
) -> None:
    make_prescription(draft, kati_basti, signed=False)
    kati_basti.therapy.is_active = False
    kati_basti.therapy.save()

    answer = vaidya_client.post(page_of(draft), said({"variant": kati_basti.pk}, initial=1))

    assert answer.context["items"][0].errors == {"variant": ["This therapy is no longer offered."]}


def test_therapy_that_does_not_suit_is_refused(vaidya_client: Client, draft: Assessment, kati_basti: Variant) -> None:
    Suitability.objects.create(assessment=draft, therapy=kati_basti.therapy, level="not_suited", reason="Skin")

    answer = vaidya_client.post(page_of(draft), said({"variant": kati_basti.pk}))

    assert answer.context["items"][0].errors == {
        "variant": ["According to the examination, this treatment is not suitable for the patient."]
    }


@pytest.mark.parametrize(
    ("whole", "field"),
    [
        ({"valid_until": "2026-03-01"}, "valid_until"),
        ({"valid_until": "2026-06-01"}, "valid_until"),
        ({"valid_until": ""}, "valid_until"),
        ({"valid_until": "soon"}, "valid_until"),
        ({"review_on": "2026-03-01"}, "review_on"),
        ({"replaces": "nonsense"}, "replaces"),
    ],
)
def test_wrong_days_are_told(
    whole: dict[str, str], field: str, vaidya_client: Client, draft: Assessment, kati_basti: Variant
) -> None:
    answer = vaidya_client.post(page_of(draft), said({"variant": kati_basti.pk}, **whole))

    assert list(answer.context["form"].errors) == [field]
    assert Prescription.objects.count() == 0


def test_draft_is_shown_and_changed(vaidya_client: Client, draft: Assessment, kati_basti: Variant) -> None:
    steam = make_therapy("nadi_sweda")
    order = make_prescription(draft, kati_basti, signed=False, advice="Rest")
    page = vaidya_client.get(page_of(draft)).context
    assert (page["form"].initial["advice"], page["items"][0].initial["sessions"]) == ("Rest", 7)

    kept_out = {"variant": kati_basti.pk, "sessions": 7, "DELETE": "on"}
    vaidya_client.post(page_of(draft), said(kept_out, {"variant": steam.pk, "sessions": 2}, initial=1))

    assert list(PrescriptionItem.objects.values_list("prescription", "variant")) == [(order.pk, steam.pk)]


def test_colleague_writes_no_order_on_an_unsigned_examination(
    enter: Enter, draft: Assessment, colleague: User, kati_basti: Variant
) -> None:
    answer = enter(colleague).post(page_of(draft), said({"variant": kati_basti.pk}), follow=True)

    assert "Only the author can change or sign a draft." in answer.content.decode()
    assert Prescription.objects.count() == 0


def test_rule_that_cannot_be_read_blocks_and_says_so(vaidya_client: Client, draft: Assessment) -> None:
    Rule.objects.filter(code="fr_assessment_validity").delete()

    answer = vaidya_client.get(page_of(draft), follow=True)

    assert "The rule “fr_assessment_validity” cannot be read." in answer.content.decode()


# --- in place of another ----------------------------------------------------------------------------------------------


def test_new_version_begins_with_what_is_not_given_yet(
    vaidya_client: Client, order: Prescription, clinic: Clinic, patient: Patient, kati_basti: Variant, now: dt.datetime
) -> None:
    for day, status in enumerate(["completed", "completed", "booked"]):
        start = now - dt.timedelta(days=3 - day)
        factories.make_visit(
            clinic=clinic, variant=kati_basti, start=start, patient=patient, status=status, item=order.items.get()
        )

    page = vaidya_client.get(page_of(order.assessment, order)).context

    assert page["form"].initial["replaces"] == order.public_id
    assert [form.initial.get("sessions") for form in page["items"]] == [5, None, None, None, None, None]


def test_new_version_is_kept_in_place_of_the_old(
    enter: Enter, order: Prescription, colleague: User, kati_basti: Variant
) -> None:
    item = {"variant": kati_basti.pk, "sessions": 3}

    enter(colleague).post(page_of(order.assessment, order), said(item, initial=1, replaces=str(order.public_id)))

    new = Prescription.objects.get(version=2)
    assert (new.replaces, new.by, list(Prescription.objects.in_force(LAST_DAY))) == (order, colleague, [order])


def test_new_version_of_an_examination_proposes_its_order(
    vaidya_client: Client, order: Prescription, patient: Patient, clinic: Clinic, vaidya_user: User
) -> None:
    new = make_assessment(patient, clinic, vaidya_user, signed=False, replaces=order.assessment, version=2)

    assert vaidya_client.get(page_of(new)).context["form"].initial["replaces"] == order.public_id


@pytest.mark.parametrize("address", ["nonsense", "00000000-0000-0000-0000-000000000007", "theirs"])
def test_address_that_names_no_order_of_this_patient_proposes_none(
    address: str, vaidya_client: Client, examination: Assessment, clinic: Clinic, vaidya_user: User, kati_basti: Variant
) -> None:
    other = make_assessment(factories.make_patient("Arun", clinics=[clinic]), clinic, vaidya_user)
    theirs = make_prescription(other, kati_basti)
    wanted = str(theirs.public_id) if address == "theirs" else address

    answer = vaidya_client.get(page_of(examination) + f"?replaces={wanted}")

    assert (answer.status_code, answer.context["form"].initial["replaces"]) == (200, None)
    assert str(theirs.public_id) not in answer.content.decode().replace(f"replaces={wanted}", "")


# --- ending and discarding --------------------------------------------------------------------------------------------


def test_prescription_is_ended_with_a_reason(enter: Enter, order: Prescription, colleague: User) -> None:
    page = reverse("desk:end_prescription", args=[order.patient.public_id, order.public_id])
    client = enter(colleague)
    assert client.post(page, {"reason": " "}).status_code == 422

    client.post(page, {"reason": "Fever since today"})

    assert list(PrescriptionEnd.objects.values_list("prescription", "by", "reason")) == [
        (order.pk, colleague.pk, "Fever since today")
    ]
    assert client.post(page, {"reason": "Ended again"}).status_code == 422


def test_order_that_is_a_draft_is_discarded(vaidya_client: Client, draft: Assessment, kati_basti: Variant) -> None:
    order = make_prescription(draft, kati_basti, signed=False)

    vaidya_client.post(reverse("desk:discard_prescription", args=[draft.patient.public_id, order.public_id]))

    assert Prescription.objects.count() == 0


def test_signed_order_is_not_discarded(vaidya_client: Client, order: Prescription) -> None:
    page = reverse("desk:discard_prescription", args=[order.patient.public_id, order.public_id])

    assert "Signed records cannot be deleted." in vaidya_client.post(page, follow=True).content.decode()
    assert Prescription.objects.count() == 1


@pytest.mark.parametrize("begun", [False, True], ids=["both tabs begin a new one", "both tabs change the draft"])
def test_prescription_open_in_two_tabs_is_not_overwritten_unseen(
    begun: bool, vaidya_client: Client, draft: Assessment, kati_basti: Variant
) -> None:
    """The second tab is told; its words stay on the page, and saving again is then a choice."""

    def fingerprint(page: str) -> str:
        return page.split('name="shown" value="')[1].split('"', maxsplit=1)[0]

    def save(advice: str, opened: str) -> Any:
        return vaidya_client.post(page_of(draft), said({"variant": kati_basti.pk}, advice=advice, shown=opened))

    if begun:
        vaidya_client.post(page_of(draft), said({"variant": kati_basti.pk}))
    opened = fingerprint(vaidya_client.get(page_of(draft)).content.decode())
    first, second = save("First tab", opened), save("Second tab", opened)
    kept = Prescription.objects.get().advice
    page = second.content.decode()
    third = save("Second tab", fingerprint(page))

    assert (first.status_code, second.status_code, third.status_code) == (302, 422, 302)
    assert (kept, Prescription.objects.get().advice) == ("First tab", "Second tab")
    assert "This draft was changed in another window. Save again to replace what was written there." in page
    assert "Second tab" in page


# --- dose and temperature are numbers ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"celsius_from": "95"}, "Possible for this treatment: 15–50 °C."),
        ({"dose_from": "5 litres"}, "Enter a number without its unit."),
        ({"dose_from": "5", "dose_unit": "drops"}, "For this treatment the unit is ml."),
        ({"dose_from": "300"}, "Usual for this treatment: 150–250 ml. Please give a reason for another value."),
        ({"materials": "Til taila at 95 °C"}, "Enter a temperature in its own field"),
        ({"note": "heat to 200 F"}, "Enter a temperature in its own field"),
    ],
)
def test_95_degrees_and_5_litres_are_not_prescribed(
    vaidya_client: Client, draft: Assessment, kati_basti: Variant, typed: dict[str, str], words: str
) -> None:
    answer = vaidya_client.post(page_of(draft), said({"variant": kati_basti.pk, **typed}))

    assert (answer.status_code, PrescriptionItem.objects.exists()) == (422, False)
    assert words in answer.content.decode()


def test_unusual_dose_is_prescribed_with_its_reason(
    vaidya_client: Client, draft: Assessment, kati_basti: Variant
) -> None:
    typed = {"dose_from": "260", "dose_to": "300", "amount_reason": "Broad back of a tall man"}

    vaidya_client.post(page_of(draft), said({"variant": kati_basti.pk, **typed}))

    row = PrescriptionItem.objects.get()
    assert (row.dose_words, row.temperature_words) == ("260–300 ml", "40–45 °C")
    assert row.amount_reason == typed["amount_reason"]


def test_words_of_a_dose_that_are_no_number_go_into_the_note_of_a_new_version() -> None:
    row = PrescriptionItem(dose="two ladles", temperature="40 °C", note="Left side", variant=Variant(therapy=Therapy()))

    (initial,) = initial_items([row])

    assert (initial["note"], initial["dose_from"], initial["celsius_from"]) == ("Left side; two ladles", None, 40)
