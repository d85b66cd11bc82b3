"""An older page does not undo a newer change: what changed meanwhile is said, and saving once more is on purpose."""

import re
from typing import Any

import pytest
from django import forms
from django.contrib import admin
from django.test import Client, RequestFactory
from django.urls import get_resolver

from clinic.people.models import Patient, User
from clinic.people.versioned_forms import LockedForm, VersionedForm
from clinic.people.versions import changed_since, version_of
from clinic.premises.models import Clinic
from tests.admin_forms import values_of_field
from therapies.models import Practitioner, Question, Rule, SafetyProposal, Term, Therapy, Variant


def fields_of(page: Any) -> dict[str, Any]:
    """What the browser sends of the page's own form, unchanged."""
    form = page.context["adminform"].form if "adminform" in page.context else page.context["form"]
    said: dict[str, Any] = {}
    for field in form:
        said |= values_of_field(field)
    inlines = page.context.get("inline_admin_formsets") or []
    for inline in inlines:
        for each in [inline.formset.management_form, *inline.formset.forms]:
            for field in each:
                said |= values_of_field(field)
    return {name: "" if value is None or value is False else value for name, value in said.items()}


def words(answer: Any) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def test_desk_learns_what_the_patient_changed_and_undoes_nothing(
    client: Client, front_desk: User, patient: Patient
) -> None:
    client.force_login(front_desk)
    address = f"/desk/patients/{patient.public_id}/change/"
    older = fields_of(client.get(address)) | {"needs": "No stairs"}
    Patient.objects.filter(pk=patient.pk).update(phone="+919829055555")

    refused = client.post(address, older)
    patient.refresh_from_db()
    kept = (str(patient.phone), patient.needs)
    saved = client.post(address, fields_of(refused))

    patient.refresh_from_db()
    assert (refused.status_code, saved.status_code) == (422, 302)
    assert "Someone else changed this in the meantime: Phone (now: +919829055555)" in words(refused)
    assert kept == ("+919829055555", "")
    assert (str(patient.phone), patient.needs) == ("+919829055555", "No stairs")


def test_what_both_changed_is_kept_as_typed_and_saved_on_purpose(client: Client, owner: User, patient: Patient) -> None:
    client.force_login(owner)
    address = f"/people/{patient.public_id}/"
    older = fields_of(client.get(address)) | {"phone": "+919829011111"}
    Patient.objects.filter(pk=patient.pk).update(phone="+919829055555")

    refused = client.post(address, older)
    saved = client.post(address, fields_of(refused))

    patient.refresh_from_db()
    assert (refused.status_code, saved.status_code, str(patient.phone)) == (422, 302, "+919829011111")


def test_page_that_nobody_overtook_is_saved_at_once(client: Client, front_desk: User, patient: Patient) -> None:
    client.force_login(front_desk)
    address = f"/desk/patients/{patient.public_id}/change/"

    answer = client.post(address, fields_of(client.get(address)) | {"needs": "No stairs"})

    patient.refresh_from_db()
    assert (answer.status_code, patient.needs) == (302, "No stairs")


def test_second_manager_does_not_undo_the_first(client: Client, manager: User, clinic: Clinic) -> None:
    client.force_login(manager)
    address = f"/admin/premises/clinic/{clinic.pk}/change/"
    older = fields_of(client.get(address)) | {"lead_minutes": 180}
    Clinic.objects.filter(pk=clinic.pk).update(horizon_days=45)

    refused = client.post(address, older)
    clinic.refresh_from_db()
    untouched = (clinic.horizon_days, clinic.lead_minutes)
    client.post(address, fields_of(refused))

    clinic.refresh_from_db()
    assert "Someone else changed this in the meantime" in words(refused)
    assert untouched == (45, 120)
    assert (clinic.horizon_days, clinic.lead_minutes) == (45, 180)


@pytest.mark.parametrize("page", ["add", "change"])
def test_pages_without_a_list_of_fields_open(client: Client, manager: User, page: str) -> None:
    term = Term.objects.create(code="t", group="state", labels={"en": "Fever"})
    client.force_login(manager)
    address = f"/admin/therapies/term/{term.pk}/change/" if page == "change" else "/admin/therapies/term/add/"

    shown = client.get(address)

    assert ('type="hidden" name="version"' in words(shown)) == (page == "change")


def test_second_manager_proposes_nothing_that_undoes_the_first(client: Client, manager: User) -> None:
    term = Term.objects.create(code="t", group="state", labels={"en": "Fever"})
    client.force_login(manager)
    address = f"/admin/therapies/term/{term.pk}/change/"
    older = fields_of(client.get(address)) | {"group": "condition"}
    Term.objects.filter(pk=term.pk).update(labels={"en": "Fever, now"})

    refused = client.post(address, older)
    before = SafetyProposal.objects.count()
    client.post(address, fields_of(refused))

    proposal = SafetyProposal.objects.get()
    assert "Someone else changed this in the meantime: Text by language (now: en: Fever, now)" in words(refused)
    assert (before, proposal.after) == (0, {"group": "condition"})


def test_every_page_on_which_managers_change_rows_carries_the_version(rf: RequestFactory, manager: User) -> None:
    request = rf.get("/admin/")
    request.user = manager
    pages = [page for page in admin.site._registry.values() if page.has_change_permission(request)]

    assert {Clinic, Practitioner, Question, Rule, Term, Therapy, Variant} <= {page.model for page in pages}
    assert [page.opts.label for page in pages if not issubclass(page.form, LockedForm)] == []


@pytest.mark.parametrize("version", ["", "²", "phone", ":", "nonsense:abc", "pk:abc", "registered_by:abc"])
def test_words_that_are_no_version_name_no_field(patient: Patient, version: str) -> None:
    assert changed_since(patient, version, ["phone", "needs"]) == []


def test_version_is_of_values_alone(patient: Patient) -> None:
    version = version_of(patient, ["phone", "needs"])

    assert changed_since(Patient.objects.get(pk=patient.pk), version, ["phone", "needs"]) == []


WITHOUT_A_VERSION = {
    "clinic.people.versioned_forms.VersionedForm": "the version itself",
    "clinic.people.forms.NamesTidied": "only part of others",
    "clinic.people.admin.NewAccountForm": "makes a row",
    "clinic.people.admin.MembershipForm": "makes a row",
    "bookings.portal.forms.people.PatientForm": "makes a row; OwnDetailsForm, which changes one, is versioned",
    "bookings.portal.forms.people.NewPatientForm": "makes a row",
    "bookings.desk.clinical.assessment_forms.AssessmentForm": "has its own: `shown`, which its action compares",
}
"""Forms of whole rows, and why each needs none."""


def all_forms(form: type) -> list[type]:
    return [each for below in form.__subclasses__() for each in (below, *all_forms(below))]


def test_every_form_of_a_whole_row_carries_a_version_or_says_why_it_needs_none() -> None:
    """Of the admin, the desk and the portal; a new form is either versioned or named above."""
    get_resolver().url_patterns  # noqa: B018 - reads every module of pages
    ours = [
        form
        for form in all_forms(forms.ModelForm)
        if form.__module__.split(".")[0] in ("clinic", "therapies", "bookings") and "<locals>" not in form.__qualname__
    ]
    without = {
        f"{form.__module__}.{form.__name__}"
        for form in ours
        if not issubclass(form, VersionedForm) or form is VersionedForm
    }

    assert without == set(WITHOUT_A_VERSION)
