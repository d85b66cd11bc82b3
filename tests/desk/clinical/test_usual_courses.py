"""A usual course fills the rows of a prescription in one press; the Vaidya changes it and signs."""

import datetime as dt
import re

import pytest
from django.test import Client
from django.urls import reverse

from bookings.actions.prescriptions import prescribe, why_not_order
from bookings.desk.clinical.course_choice import chosen_course, course_rows
from bookings.facts import record as record_facts
from bookings.models import Assessment, Prescription
from bookings.rules.prescriptions import ITEMS, Item, course_limits
from clinic.people.models import User
from tests.bookings import clinical
from tests.shipped import load_shipped
from tests.visible import visible_words
from therapies.models import Therapy, Variant
from therapies.usual_courses import usual_course, usual_courses

from .test_prescriptions import LAST_DAY, page_of, said

COURSE = "kati_basti_with_steam"


@pytest.fixture
def nadi_sweda(db: None) -> Variant:
    return clinical.make_therapy("nadi_sweda", name="Nadi Sweda")


def rows_shown(answer: object) -> list[tuple[str, int, int]]:
    rows = answer.context["items"].initial  # type: ignore[attr-defined]
    return [(row["variant"], row["sessions"], row["days_between"]) for row in rows]


def test_course_fills_the_rows_and_keeps_nothing_yet(
    vaidya_client: Client, draft: Assessment, kati_basti: Variant, nadi_sweda: Variant
) -> None:
    answer = vaidya_client.post(page_of(draft), said(course=COURSE))

    assert (answer.status_code, Prescription.objects.count()) == (200, 0)
    assert rows_shown(answer) == [(str(kati_basti.pk), 7, 1), (str(nadi_sweda.pk), 7, 1)]
    assert answer.context["form"].initial["aim"] == "Less pain and stiffness in the lower back"


def test_what_is_written_already_stays_and_no_therapy_comes_twice(
    vaidya_client: Client, draft: Assessment, kati_basti: Variant, nadi_sweda: Variant
) -> None:
    written = {"variant": kati_basti.pk, "sessions": 3, "days_between": 2}

    answer = vaidya_client.post(page_of(draft), said(written, course=COURSE, aim="Walk again"))

    assert rows_shown(answer) == [(str(kati_basti.pk), "3", "2"), (str(nadi_sweda.pk), 7, 1)]
    assert answer.context["form"].initial["aim"] == "Walk again"


def test_second_course_does_not_add_up_in_silence(
    vaidya_client: Client, draft: Assessment, kati_basti: Variant, nadi_sweda: Variant
) -> None:
    """Two courses were chosen one after the other, and the prescription held both without a word."""
    first = vaidya_client.post(page_of(draft), said(course=COURSE))

    second = vaidya_client.post(page_of(draft), said({"variant": kati_basti.pk}, course=COURSE))

    names = [(page.context["chosen"].added, page.context["chosen"].written) for page in (first, second)]
    assert names == [(("Kati Basti", "Nadi Sweda"), ()), (("Nadi Sweda",), ("Kati Basti",))]
    words = visible_words(second)
    assert "Written before, and still part of this prescription: Kati Basti" in words
    assert "Remove below what the patient is not to have." in words
    assert "Written before" not in visible_words(first)


def test_therapy_for_which_the_prescription_has_no_room_is_named() -> None:
    rows = [{"variant": str(number)} for number in range(ITEMS)]
    variants = {str(number): Variant(therapy=Therapy(code=f"t{number}")) for number in range(ITEMS + 1)}

    chosen = chosen_course(usual_courses()[0], rows, [{"variant": str(ITEMS)}], variants)

    assert (chosen.added, len(chosen.written), len(chosen.no_room)) == ((), ITEMS, 1)


def test_filled_page_is_signed_as_it_stands(
    vaidya_client: Client, draft: Assessment, kati_basti: Variant, nadi_sweda: Variant
) -> None:
    filled = vaidya_client.post(page_of(draft), said(course=COURSE))
    rows = filled.context["items"].initial

    answer = vaidya_client.post(page_of(draft), said(*rows, initial=2, then="sign"))

    assert answer["Location"] == reverse("desk:sign_assessment", args=[draft.patient.public_id, draft.public_id])
    order = Prescription.objects.get()
    assert list(order.items.values_list("variant", "sessions")) == [(kati_basti.pk, 7), (nadi_sweda.pk, 7)]


def test_course_whose_therapies_the_clinic_does_not_offer_is_not_offered(
    vaidya_client: Client, draft: Assessment, kati_basti: Variant
) -> None:
    assert vaidya_client.get(page_of(draft)).context["courses"] == []
    assert vaidya_client.post(page_of(draft), said(course=COURSE)).status_code == 422


def test_enter_key_in_a_field_saves_and_chooses_no_course(
    vaidya_client: Client, draft: Assessment, kati_basti: Variant, nadi_sweda: Variant
) -> None:
    """A browser presses the first button of a form for it."""
    page = vaidya_client.get(page_of(draft)).content.decode()

    form = page[page.index('class="clinical-form"') :]
    first = re.search(r"<button[^>]*>", form)
    assert first is not None
    assert ("course" in first.group(), "_hidden" in first.group(), "name=" in first.group()) == (False, False, False)


def test_every_shipped_course_is_an_order_that_the_rules_let_a_vaidya_sign(
    draft: Assessment, vaidya_user: User, now: dt.datetime
) -> None:
    load_shipped()
    variants = {str(row.pk): row for row in Variant.objects.select_related("therapy")}

    for course in usual_courses():
        rows = course_rows(course, variants, course_limits())
        items = [Item(**row | {"variant": variants[row["variant"]]}) for row in rows]
        order = Prescription(patient=draft.patient, clinic=draft.clinic, assessment=draft, valid_until=LAST_DAY)
        assert (course.code, why_not_order(order, items, now)) == (course.code, "")
        assert [item.lifted_limits for item in items] == [{}] * len(items), "nobody types a reason for a usual course"
        daily = [row.days_between for row in course.therapies]
        assert all(daily) or len({item.days_between for item in items}) == 1, "spread alike, for one visit"
    prescribe(
        assessment=draft, clinic=draft.clinic, items=items, valid_until=LAST_DAY, by=vaidya_user, now=now, shown=""
    )


def test_vamana_is_filled_with_its_days_of_ghee_and_its_break_day() -> None:
    load_shipped()
    variants = {str(row.pk): row for row in Variant.objects.select_related("therapy")}
    course = usual_course("vamana_with_preparation")
    assert course is not None

    rows = course_rows(course, variants, course_limits())

    shown = [(variants[row["variant"]].therapy.code, row["first_day"], row["sessions"]) for row in rows]
    assert shown == [("snehapana", 1, 5), ("abhyanga", 6, 1), ("swedana", 6, 1), ("vamana", 7, 1)]


def test_day_on_which_a_therapy_begins_is_kept_and_shown_in_the_order(
    vaidya_client: Client, draft: Assessment, kati_basti: Variant
) -> None:
    vaidya_client.post(page_of(draft), said({"variant": kati_basti.pk, "first_day": 6}))

    order = Prescription.objects.get()
    summary = record_facts.prescription_summary(
        record_facts.prescriptions_of(draft.patient, drafts=True).get(), now=order.made_at
    )
    assert list(order.items.values_list("first_day")) == [(6,)]
    assert ("Begins on day", "6") in summary.orders[0].terms_for_patient
