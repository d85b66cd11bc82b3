"""What managers see and keep in the admin."""

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from clinic.people.models import User
from clinic.premises.models import Clinic, Closure, OpeningHours
from tests import factories
from tests.admin_forms import form_of
from therapies.catalogue.loader import load_catalogue
from therapies.catalogue.reader import Catalogue
from therapies.models import (
    Practitioner,
    Question,
    Rule,
    SafetyProposal,
    Source,
    Step,
    Term,
    Therapy,
    TherapyText,
    Variant,
    WorkingHours,
)


@pytest.fixture
def inside(client: Client, manager: User) -> Client:
    """A manager's browser."""
    client.force_login(manager)
    return client


KEPT = [Therapy, Variant, Step, Question, Rule, Term, Source]


@pytest.mark.parametrize("model", KEPT)
def test_every_list_and_form_of_the_catalogue_opens(inside: Client, loaded: Catalogue, model: type) -> None:
    name, row = model._meta.model_name, model._default_manager.first()

    listed = inside.get(reverse(f"admin:therapies_{name}_changelist"))
    opened = inside.get(reverse(f"admin:therapies_{name}_change", args=[row.pk]))

    assert (listed.status_code, opened.status_code) == (200, 200)


@pytest.mark.parametrize("is_superuser", [False, True], ids=["a manager", "the operator"])
def test_every_page_to_add_a_row_opens_or_is_refused(client: Client, manager: User, is_superuser: bool) -> None:
    """A row that is not there yet has no code, no clinic and no key: what reads them fails on this page alone."""
    User.objects.filter(pk=manager.pk).update(is_superuser=is_superuser)
    client.force_login(User.objects.get(pk=manager.pk))
    names = [f"{model._meta.app_label}_{model._meta.model_name}" for model in admin.site._registry]

    statuses = {name: client.get(reverse(f"admin:{name}_add")).status_code for name in names}

    assert set(statuses.values()) == {200, 403}
    assert statuses["therapies_therapy"] == 200


@pytest.mark.parametrize("model", ["clinic", "room", "equipment", "absence"])
def test_every_list_of_the_premises_opens(inside: Client, model: str) -> None:
    assert inside.get(reverse(f"admin:premises_{model}_changelist")).status_code == 200


def test_an_unchanged_form_of_a_therapy_saves_what_was_there(inside: Client, loaded: Catalogue) -> None:
    kati = Therapy.objects.get(code="kati_basti")
    url = reverse("admin:therapies_therapy_change", args=[kati.pk])
    before = list(TherapyText.objects.filter(therapy=kati).order_by("pk").values())

    answer = inside.post(url, form_of(inside, url))

    assert answer.status_code == 302
    assert list(TherapyText.objects.filter(therapy=kati).order_by("pk").values()) == before
    assert load_catalogue(catalogue=loaded, now=factories.NOW).kept == []


def test_sentences_are_edited_one_a_line(inside: Client, loaded: Catalogue) -> None:
    lepa = Therapy.objects.get(code="lepa")
    url = reverse("admin:therapies_therapy_change", args=[lepa.pk])
    said = form_of(inside, url)
    place = next(name.removesuffix("-language") for name, value in said.items() if value == "en")
    said[f"{place}-preparation"] = "Wear loose clothes.\r\n\r\n  Eat light, warm food.  \r\n"

    inside.post(url, said)

    assert lepa.texts.get(language="en").preparation == ["Wear loose clothes.", "Eat light, warm food."]


def test_a_text_says_whether_a_vaidya_has_read_it(inside: Client, loaded: Catalogue) -> None:
    lepa = Therapy.objects.get(code="lepa")
    lepa.texts.filter(language="hi").update(reviewed_by="Dr Asha Menon", reviewed_on="2026-03-01")

    page = inside.get(reverse("admin:therapies_therapy_changelist"), {"q": "lepa"})

    assert "en: not yet reviewed, hi: Dr Asha Menon" in page.content.decode()


def test_a_working_value_is_to_be_confirmed_by_the_vaidya(inside: Client, loaded: Catalogue) -> None:
    url = reverse("admin:therapies_rule_changelist")

    everything = inside.get(url).content.decode()
    unsourced = inside.get(url, {"unsourced": "yes"})

    assert "to be confirmed by your Vaidya" in everything
    codes = {rule.code for rule in unsourced.context["cl"].result_list}
    assert "fr_massage_same_day" in codes
    assert "fr_massage_cap" not in codes


def test_a_manager_sees_the_clinics_and_people_of_their_own_only(inside: Client, clinic: Clinic) -> None:
    other = factories.make_clinic("elsewhere")
    factories.make_practitioner(clinic, "Dr Here")
    factories.make_practitioner(other, "Dr Elsewhere")
    factories.make_room(other, "Far room")

    clinics = inside.get(reverse("admin:premises_clinic_changelist")).context["cl"].result_list
    people = inside.get(reverse("admin:therapies_practitioner_changelist")).context["cl"].result_list
    rooms = inside.get(reverse("admin:premises_room_changelist")).context["cl"].result_list

    assert [each.slug for each in clinics] == ["shanti"]
    assert [each.name for each in people] == ["Dr Here"]
    assert list(rooms) == []


def test_another_clinics_form_is_not_found(inside: Client) -> None:
    other = factories.make_clinic("elsewhere")

    answer = inside.get(reverse("admin:premises_clinic_change", args=[other.pk]))

    assert answer.status_code == 302  # the admin's way to say that nothing is there
    assert answer.url == reverse("admin:index")


def test_opening_hours_are_written_as_times_of_day(inside: Client, clinic: Clinic) -> None:
    url = reverse("admin:premises_clinic_change", args=[clinic.pk])
    said = form_of(inside, url)
    assert said["opening_hours-0-from_minute"] == "08:00"
    said["opening_hours-0-from_minute"] = "07:30"

    answer = inside.post(url, said)

    assert answer.status_code == 302
    assert OpeningHours.objects.get(clinic=clinic, weekday=0).from_minute == 450


def test_overlapping_opening_hours_are_refused_beside_the_field(inside: Client, clinic: Clinic) -> None:
    url = reverse("admin:premises_clinic_change", args=[clinic.pk])
    said = form_of(inside, url)
    said |= {"opening_hours-0-from_minute": "19:00"}

    answer = inside.post(url, said)

    assert answer.status_code == 200
    assert "Times must be multiples of five minutes, and the end must be after the start." in answer.content.decode()


def test_a_day_is_closed(inside: Client, clinic: Clinic) -> None:
    url = reverse("admin:premises_clinic_change", args=[clinic.pk])
    said = form_of(inside, url) | {
        "closures-TOTAL_FORMS": "1",
        "closures-0-on": "2026-03-04",
        "closures-0-use": "everyone",
        "closures-0-from_minute": "08:00",
        "closures-0-to_minute": "11:00",
        "closures-0-reason": "Holi",
    }

    inside.post(url, said)

    assert Closure.objects.get(clinic=clinic).reason == "Holi"


def test_a_practitioner_gets_hours_and_therapies(inside: Client, clinic: Clinic, loaded: Catalogue) -> None:
    person = factories.make_practitioner(clinic, "Latha", roles=["therapist"], works=("08:00", "12:00"))
    url = reverse("admin:therapies_practitioner_change", args=[person.pk])
    said = form_of(inside, url)
    said |= {
        "working_hours-0-to_minute": "13:00",
        "qualifications-TOTAL_FORMS": "1",
        "qualifications-0-therapy": Therapy.objects.get(code="abhyanga").pk,
        "qualifications-0-starts_on": "2026-01-01",
    }

    answer = inside.post(url, said)

    assert answer.status_code == 302
    assert WorkingHours.objects.get(practitioner=person, weekday=0).to_minute == 780
    assert [each.therapy.code for each in person.qualifications.all()] == ["abhyanga"]


def test_the_front_desk_may_not_enter(client: Client, front_desk: User, loaded: Catalogue) -> None:
    client.force_login(front_desk)

    assert client.get(reverse("admin:therapies_therapy_changelist")).status_code in (302, 403)


def test_a_list_of_people_asks_as_much_for_three_as_for_one(inside: Client, clinic: Clinic) -> None:
    url = reverse("admin:therapies_practitioner_changelist")
    inside.get(url)  # what is asked once in the life of a process is not counted
    counts = []
    for name in ("One", "Two", "Three"):
        factories.make_practitioner(clinic, name, qualified=[factories.make_therapy(name.lower())])
        counts.append(_queries(inside, url))

    assert counts[0] == counts[1] == counts[2]
    assert Practitioner.objects.count() == 3


def test_words_by_language_are_an_input_for_each_language(inside: Client, loaded: Catalogue) -> None:
    fever = Term.objects.get(code="acute_fever")
    url = reverse("admin:therapies_term_change", args=[fever.pk])
    said = form_of(inside, url)

    inside.post(url, said | {"labels_hi": "तेज़ बुखार", "reason_for_vaidya": "People say it so."})

    proposal = SafetyProposal.objects.get()
    assert (proposal.before, proposal.after) == (
        {"labels": fever.labels},
        {"labels": fever.labels | {"hi": "तेज़ बुखार"}},
    )


def _queries(client: Client, url: str) -> int:
    from django.db import connection  # only here is the database asked how often it was asked
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        client.get(url)
    return len(captured)
