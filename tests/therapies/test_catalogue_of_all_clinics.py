"""What holds at every clinic of the organisation is changed by who manages all of them, and by no one of them alone."""

import pytest
from django.test import Client
from django.urls import reverse

from clinic.people.models import User
from clinic.premises.models import Clinic
from tests import factories
from tests.admin_forms import form_of
from therapies.catalogue.reader import Catalogue
from therapies.models import SafetyProposal, Step, Therapy, TherapyText, Variant

FORGED = {
    "is_active": "",
    "name": "Evil https://evil.example",
    "synonyms": "evil",
    "change_notice_hours": "1",
    "reminder_hours": "1",
    "texts-0-aftercare": "HACKED after care",
    "texts-0-reviewed_by": "Dr Asha Sharma",
    "texts-0-reviewed_on": "2026-02-28",
    "steps-0-minutes": "5",
}


@pytest.fixture
def everywhere(client: Client, manager: User) -> Client:
    """The browser of a manager of the only clinic."""
    client.force_login(manager)
    return client


@pytest.fixture
def of_one(everywhere: Client) -> Client:
    """The same, when the organisation has another clinic."""
    factories.make_clinic(slug="kochi", name="Kochi")
    return everywhere


def pages() -> dict[str, str]:
    therapy = Therapy.objects.get(code="kati_basti")
    variant = Variant.objects.get(therapy=therapy, is_default=True)
    step = Step.objects.filter(variant=variant).earliest("offset")
    rows = {"therapy": therapy.pk, "variant": variant.pk, "step": step.pk}
    return {name: reverse(f"admin:therapies_{name}_change", args=[pk]) for name, pk in rows.items()}


def catalogue() -> list[list[dict[str, object]]]:
    return [list(model._default_manager.order_by("pk").values()) for model in (Therapy, TherapyText, Variant, Step)]


def test_manager_of_one_clinic_changes_nothing_for_the_others(of_one: Client, loaded: Catalogue) -> None:
    before = catalogue()

    for url in pages().values():
        of_one.post(url, form_of(of_one, url) | FORGED)

    assert catalogue() == before
    assert not SafetyProposal.objects.exists()


def test_manager_of_one_clinic_still_proposes(of_one: Client, loaded: Catalogue) -> None:
    url = pages()["therapy"]

    of_one.post(url, form_of(of_one, url) | {"minimum_age": "3", "reason_for_vaidya": "as our patients ask"})

    assert list(SafetyProposal.objects.values_list("model", flat=True)) == ["therapy"]


def test_manager_of_one_clinic_adds_no_term_and_no_source(of_one: Client, loaded: Catalogue) -> None:
    pages = [reverse(f"admin:therapies_{name}_add") for name in ("term", "source", "therapy")]

    assert [of_one.get(page).status_code for page in pages] == [403] * 3


def test_closed_clinic_does_not_count(of_one: Client, loaded: Catalogue) -> None:
    Clinic.objects.filter(slug="kochi").update(is_active=False)
    url = pages()["therapy"]

    of_one.post(url, form_of(of_one, url) | {"position": "77"})

    assert Therapy.objects.get(code="kati_basti").position == 77


def test_other_words_are_not_reviewed_and_nobody_types_a_review(everywhere: Client, loaded: Catalogue) -> None:
    texts = TherapyText.objects.filter(therapy__code="kati_basti").order_by("pk")
    texts.update(reviewed_by="Dr Asha Sharma", reviewed_on="2026-02-01")
    url = pages()["therapy"]
    changed = form_of(everywhere, url) | {
        "texts-0-aftercare": "Rest.",
        "texts-0-reviewed_by": "Dr Asha Sharma",
        "texts-0-reviewed_on": "2026-02-28",
    }

    answer = everywhere.post(url, changed)

    assert answer.status_code == 302
    read = [(text.aftercare == ["Rest."], text.reviewed_by, text.reviewed_on is None) for text in texts.all()]
    assert read == [(True, "", True), *[(False, "Dr Asha Sharma", False)] * (len(read) - 1)]
