"""One's own record: who sees it, what it shows, and taking a consent back."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from bookings.models import Assessment, Consent, ConsentPaper, Prescription
from clinic.people.models import Patient, User
from clinic.premises.models import Clinic
from tests.bookings.clinical import make_assessment, make_consent, make_prescription, make_therapy
from tests.pictures import PNG


@pytest.fixture
def order(patient: Patient, clinic: Clinic, vaidya_user: User) -> Prescription:
    examination = make_assessment(patient, clinic, vaidya_user, diagnosis="Katishula", pain=6)
    return make_prescription(examination, make_therapy(name="Kati Basti"), advice="Rest the back")


@pytest.fixture
def paper(patient: Patient, clinic: Clinic, vaidya_user: User) -> ConsentPaper:
    consent = make_consent(patient, clinic, vaidya_user, how="paper")
    return ConsentPaper.objects.create(consent=consent, content_type="image/png", content=PNG)


def page_of(patient: Patient) -> str:
    return reverse("portal:record", args=[patient.public_id])


def test_owner_reads_what_is_signed(client: Client, owner: User, patient: Patient, order: Prescription) -> None:
    client.force_login(owner)

    page = client.get(page_of(patient)).content.decode()

    told = (
        "Stiff back",
        "Tense beside the spine",
        "Katishula",
        "6 out of 10",
        "Kati Basti",
        "Rest the back",
        "Signed by",
    )
    assert [words for words in told if words not in page] == []


def test_drafts_and_replaced_versions_are_not_shown(
    client: Client, owner: User, patient: Patient, clinic: Clinic, order: Prescription, vaidya_user: User
) -> None:
    new = make_assessment(patient, clinic, vaidya_user, signed=False, replaces=order.assessment, complaint="CANARY")
    make_prescription(new, order.items.get().variant, signed=False, aim="CANARY")
    client.force_login(owner)

    assert "CANARY" not in client.get(page_of(patient)).content.decode()
    Assessment.objects.filter(pk=new.pk).update(signed_by=vaidya_user, signed_at=new.made_at)
    context = client.get(page_of(patient)).context
    assert [row for row, _facts in context["examinations"]] == [new]


@pytest.mark.parametrize("who", ["relative", "stranger", "vaidya_user", "front_desk"])
@pytest.mark.parametrize("name", ["record", "consent_paper", "withdraw_consent"])
def test_record_is_for_those_who_see_it_in_full(
    who: str, name: str, client: Client, request: pytest.FixtureRequest, patient: Patient, paper: ConsentPaper
) -> None:
    """The relative sees appointments only; staff have their own door, where the look is written down."""
    client.force_login(request.getfixturevalue(who))
    ids = [patient.public_id] if name == "record" else [patient.public_id, paper.consent.pk]

    answers = [ask(reverse(f"portal:{name}", args=ids)).status_code for ask in (client.get, client.post)]

    assert answers == ([404, 405] if name != "withdraw_consent" else [404, 404])
    assert Consent.objects.active().count() == 1


def test_visitor_signs_in_first(client: Client, patient: Patient) -> None:
    answer = client.get(page_of(patient))

    assert (answer.status_code, reverse("sign_in") in answer["Location"]) == (302, True)


def test_photo_is_shown_to_its_owner(client: Client, owner: User, patient: Patient, paper: ConsentPaper) -> None:
    client.force_login(owner)

    answer = client.get(reverse("portal:consent_paper", args=[patient.public_id, paper.consent.pk]))

    assert (answer.content, answer["Content-Type"], answer["X-Content-Type-Options"]) == (PNG, "image/png", "nosniff")


def test_photo_of_another_patient_is_not_found_below_ones_own(
    client: Client, stranger: User, paper: ConsentPaper
) -> None:
    own = stranger.accesses.get().patient
    client.force_login(stranger)

    assert client.get(reverse("portal:consent_paper", args=[own.public_id, paper.consent.pk])).status_code == 404
    assert client.post(reverse("portal:withdraw_consent", args=[own.public_id, paper.consent.pk])).status_code == 404


def test_owner_takes_a_consent_back(client: Client, owner: User, patient: Patient, paper: ConsentPaper) -> None:
    client.force_login(owner)
    page = reverse("portal:withdraw_consent", args=[patient.public_id, paper.consent.pk])
    assert "Withdraw this consent?" in client.get(page).content.decode()
    assert Consent.objects.active().count() == 1

    answer = client.post(page)

    assert answer["Location"] == page_of(patient)
    row = Consent.objects.get()
    assert (row.withdrawn_by, row.withdrawn_at is not None) == (owner, True)
    assert "This consent has already been withdrawn." in client.post(page, follow=True).content.decode()


def test_what_is_over_is_among_the_earlier(
    client: Client, owner: User, patient: Patient, order: Prescription, vaidya_user: User
) -> None:
    make_prescription(order.assessment, order.items.get().variant, valid_until=dt.date(2020, 1, 1))
    client.force_login(owner)

    context = client.get(page_of(patient)).context

    assert [row.state for row in context["earlier"]] == ["No longer valid"]
