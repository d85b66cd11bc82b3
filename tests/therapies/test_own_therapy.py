"""A manager makes a therapy; nobody else sees it until a Vaidya has confirmed it."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from clinic.people.models import User
from tests import factories
from tests.admin_forms import form_of
from therapies.models import Contraindication, SafetyProposal, Step, Term, Therapy, TherapyText, Variant
from therapies.offers import missing_of
from therapies.safety.decisions import confirm_proposal

STEPS = [("setup", "Setting up", -10, 10, ""), ("treatment", "Neck oil", 0, 40, "on"), ("rest", "Rest", 40, 10, "on")]


@pytest.fixture
def inside(client: Client, manager: User) -> Client:
    client.force_login(manager)
    return client


def made(client: Client) -> Therapy:
    url = reverse("admin:therapies_therapy_add")
    said = form_of(client, url) | {"code": "greeva_basti", "name": "Greeva Basti", "is_active": "on"}
    client.post(url, said | {"kind": "procedure", "booking_mode": "patient"})
    return Therapy.objects.get(code="greeva_basti")


def with_steps(client: Client, therapy: Therapy, steps: list[tuple[Any, ...]]) -> Any:
    url = reverse("admin:therapies_variant_add")
    said = form_of(client, url) | {"therapy": therapy.pk, "code": "default", "is_default": "on"}
    said |= {"steps-TOTAL_FORMS": len(steps)}
    for number, (code, name, offset, minutes, patient) in enumerate(steps):
        row = {"code": code, "name": name, "offset": offset, "minutes": minutes, "room_kept": "on"}
        said |= {f"steps-{number}-{key}": value for key, value in (row | {"patient_present": patient}).items()}
    return client.post(url, said)


def test_new_therapy_is_private_and_asks_for_an_order(inside: Client) -> None:
    therapy = made(inside)

    assert (therapy.is_active, therapy.needs) == (False, "prescription")
    assert Client().get("/therapies/greeva_basti/").status_code == 404


def test_steps_that_overlap_are_refused_in_words_and_nothing_is_kept(inside: Client) -> None:
    therapy = made(inside)

    answer = with_steps(inside, therapy, [*STEPS, ("cleanup", "Cleaning", 30, 10, "")])

    assert "needs the room until minute 40, but “Cleaning” needs it from minute 30" in answer.content.decode()
    assert Variant.objects.count() == 0


def test_therapy_is_offered_when_it_is_complete_and_a_vaidya_has_confirmed_it(
    inside: Client, manager: User, vaidya_user: User
) -> None:
    therapy = made(inside)
    url = reverse("admin:therapies_therapy_change", args=[therapy.pk])
    missing = [missing_of(therapy)]
    TherapyText.objects.create(therapy=therapy, language="en", summary="Warm oil is held over the neck.")
    missing.append(missing_of(therapy))
    term = Term.objects.create(code="neck_injury", group="condition", labels={"en": "Injury of the neck"})
    Contraindication.objects.create(therapy=therapy, term=term, level="absolute")
    missing.append(missing_of(therapy))
    with_steps(inside, therapy, STEPS)
    missing.append(missing_of(therapy))
    step = Step.objects.get(code="treatment")
    of_step = reverse("admin:therapies_step_change", args=[step.pk])
    crew = {"crews-0-role": "therapist", "crews-0-count": 1, "crews-0-minimum": 1, "crews-0-presence": "performs"}
    inside.post(of_step, form_of(inside, of_step) | crew | {"crews-TOTAL_FORMS": 1})

    inside.post(url, form_of(inside, url) | {"is_active": "on", "reason_for_vaidya": "Asked for by many patients."})

    proposal = SafetyProposal.objects.get(model="therapy")
    assert missing == [
        "Patients have nothing to read yet: add a text for patients first.",
        "Nobody would be kept from it yet: add when it is not suitable first.",
        "Add a variant, and make one the default.",
        "Nobody gives the variant “default” yet: say who works in its steps.",
    ]
    assert (proposal.tightens, Therapy.objects.get().is_active) == (False, False)

    confirm_proposal(proposal=proposal, by=vaidya_user, now=factories.NOW)

    assert Therapy.objects.get().is_active is True
    assert Client().get("/therapies/greeva_basti/").status_code == 200


def test_longer_treatment_is_refused_beside_its_step_where_it_reaches_into_the_rest(inside: Client) -> None:
    with_steps(inside, made(inside), STEPS)
    step = Step.objects.get(code="treatment")
    url = reverse("admin:therapies_step_change", args=[step.pk])

    answer = inside.post(url, form_of(inside, url) | {"minutes": 60})

    assert "“Neck oil” lasts until minute 60, but “Rest” starts at minute 40." in answer.content.decode()
    assert Step.objects.get(pk=step.pk).minutes == 40


def test_what_patients_can_book_gets_no_other_variant_unseen(inside: Client) -> None:
    offered = factories.make_therapy("lepa")

    answer = with_steps(inside, offered, STEPS)

    assert (answer.status_code, Variant.objects.filter(therapy=offered, code="default").count()) == (200, 0)
