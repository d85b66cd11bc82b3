"""A usual course fills the rows of a prescription in one press; the Vaidya changes it and signs."""

import datetime as dt
import re

import pytest
from django.test import Client
from django.urls import reverse

from bookings.actions.prescriptions import prescribe, why_not_order
from bookings.desk.clinical.course_choice import course_rows
from bookings.models import Assessment, Prescription
from bookings.rules.prescriptions import Item, course_limits
from clinic.people.models import User
from tests.bookings import clinical
from tests.shipped import load_shipped
from therapies.models import Variant
from therapies.usual_courses import usual_courses

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
        items = [Item(variants[row["variant"]], row["sessions"], row["days_between"]) for row in rows]
        order = Prescription(patient=draft.patient, clinic=draft.clinic, assessment=draft, valid_until=LAST_DAY)
        assert (course.code, why_not_order(order, items, now)) == (course.code, "")
        assert {item.days_between for item in items} == {items[0].days_between}
    prescribe(
        assessment=draft, clinic=draft.clinic, items=items, valid_until=LAST_DAY, by=vaidya_user, now=now, shown=""
    )
