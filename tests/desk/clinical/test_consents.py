"""The page of a consent, its withdrawal, and the photo of a paper."""

import datetime as dt
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from bookings.actions.photos import made_anew
from bookings.models import Consent, ConsentPaper
from clinic.people.models import Patient, Read, User
from clinic.premises.models import Clinic
from tests import factories
from tests.bookings.clinical import make_consent
from tests.desk.conftest import Enter
from tests.pictures import JPEG, PNG
from therapies.consent_texts import consent_text
from therapies.models import Variant


def page_of(patient: Patient, to: Variant | None = None, language: str = "en") -> str:
    page = reverse("desk:give_consent", args=[patient.public_id])
    return f"{page}?to={to.therapy.pk if to else ''}&language={language}"


def said(by: User, to: Variant | None = None, language: str = "en", **other: Any) -> dict[str, Any]:
    version = consent_text(to.therapy if to else None, language).version
    usual = {"version": version, "agreed": "on", "signed_name": "Meera Nair", "how": "screen", "explained_by": by.pk}
    return usual | other


def photo(content: bytes, name: str = "consent.jpg", kind: str = "image/jpeg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type=kind)


@pytest.fixture
def paper(patient: Patient, clinic: Clinic, vaidya_user: User) -> ConsentPaper:
    consent = make_consent(patient, clinic, vaidya_user, how="paper")
    return ConsentPaper.objects.create(consent=consent, content_type="image/png", content=PNG)


def test_words_are_shown_in_the_language_asked_for(vaidya_client: Client, patient: Patient, virechana: Variant) -> None:
    page = vaidya_client.get(page_of(patient, virechana, "hi")).content.decode()

    assert ('lang="hi"' in page, "मल में ख़ून" in page) == (True, True)


def test_patients_own_language_comes_first(vaidya_client: Client, patient: Patient) -> None:
    patient.language = "hi"
    patient.save()

    page = vaidya_client.get(reverse("desk:give_consent", args=[patient.public_id]))

    assert page.context["text"].language == "hi"


@pytest.mark.parametrize("own", [False, True])
def test_consent_is_signed_on_the_screen(
    own: bool, vaidya_client: Client, patient: Patient, virechana: Variant, vaidya_user: User, now: dt.datetime
) -> None:
    to = virechana if own else None

    answer = vaidya_client.post(page_of(patient, to), said(vaidya_user, to))

    row = Consent.objects.get()
    assert answer["Location"] == reverse("desk:record", args=[patient.public_id])
    assert (row.therapy, row.text_version, row.language) == (
        virechana.therapy if own else None,
        said(vaidya_user, to)["version"],
        "en",
    )
    assert (row.signed_name, row.explained_by, row.given_at) == ("Meera Nair", vaidya_user, now)


def test_therapist_has_it_signed_and_names_the_vaidya_who_explained(
    enter: Enter, clinic: Clinic, patient: Patient, therapist_user: User, vaidya_user: User
) -> None:
    factories.make_treatment(therapist_user, patient, clinic)
    client = enter(therapist_user)

    assert client.post(page_of(patient), said(therapist_user)).status_code == 422
    client.post(page_of(patient), said(vaidya_user))

    assert Consent.objects.get().explained_by == vaidya_user


@pytest.mark.parametrize(
    ("other", "field"),
    [
        ({"agreed": ""}, "agreed"),
        ({"signed_name": " "}, "signed_name"),
        ({"how": "telepathy"}, "how"),
        ({"how": "paper"}, "photo"),
        ({"how": "thumbprint", "photo": photo(JPEG)}, "witness"),
        ({"how": "paper", "photo": photo(b"<script>alert(1)</script>", "consent.jpg")}, "photo"),
        ({"how": "paper", "photo": photo(JPEG + b"0" * 15 * 1024 * 1024)}, "photo"),
        ({"explained_by": "987654"}, "explained_by"),
        ({"version": "1-00000000"}, "__all__"),
    ],
)
def test_what_is_missing_is_told(
    other: dict[str, Any], field: str, vaidya_client: Client, patient: Patient, vaidya_user: User
) -> None:
    answer = vaidya_client.post(page_of(patient), said(vaidya_user, **other))

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert Consent.objects.count() == 0


def test_photo_is_asked_for_again_where_something_else_is_missing(
    vaidya_client: Client, patient: Patient, vaidya_user: User
) -> None:
    answer = vaidya_client.post(page_of(patient), said(vaidya_user, how="thumbprint", photo=photo(JPEG)))

    page = answer.content.decode()
    assert ("Please choose the photo again" in page, 'value="Meera Nair"' in page) == (True, True)


def test_changed_words_are_read_again(vaidya_client: Client, patient: Patient, vaidya_user: User) -> None:
    """The page then carries the version of the words that it shows, so that the next try counts."""
    answer = vaidya_client.post(page_of(patient), said(vaidya_user, version="1-00000000"))

    assert f'value="{consent_text(None, "en").version}"' in answer.content.decode()
    assert "1-00000000" not in answer.content.decode()


def test_child_needs_a_guardian(vaidya_client: Client, clinic: Clinic, vaidya_user: User) -> None:
    child = factories.make_patient("Anu", clinics=[clinic], birth_date=dt.date(2012, 1, 1))
    assert "A guardian must consent" in vaidya_client.get(page_of(child)).content.decode()

    assert list(vaidya_client.post(page_of(child), said(vaidya_user)).context["form"].errors) == ["guardian"]
    guardian = {"guardian": "Lakshmi Nair", "guardian_relation": "mother", "signed_name": "Lakshmi Nair"}
    vaidya_client.post(page_of(child), said(vaidya_user, **guardian))

    assert Consent.objects.get().guardian == "Lakshmi Nair"


@pytest.mark.parametrize("to", ["nonsense", "987654", "kati_basti"])
def test_consent_to_what_needs_none_is_not_found(
    to: str, vaidya_client: Client, patient: Patient, kati_basti: Variant
) -> None:
    asked = kati_basti.therapy.pk if to == "kati_basti" else to
    page = reverse("desk:give_consent", args=[patient.public_id])

    assert vaidya_client.get(f"{page}?to={asked}").status_code == 404


def test_second_consent_is_refused_in_words(vaidya_client: Client, patient: Patient, vaidya_user: User) -> None:
    vaidya_client.post(page_of(patient), said(vaidya_user))

    answer = vaidya_client.post(page_of(patient), said(vaidya_user))

    assert "This consent has already been given." in answer.content.decode()
    assert Consent.objects.count() == 1


# --- on paper ---------------------------------------------------------------------------------------------------------


def test_paper_is_kept_with_its_photo(vaidya_client: Client, patient: Patient, vaidya_user: User) -> None:
    """The file says that it is something else; its first bytes count."""
    file = photo(PNG, "consent.html", "text/html")

    vaidya_client.post(page_of(patient), said(vaidya_user, how="thumbprint", witness="Ravi", photo=file))

    paper = ConsentPaper.objects.get()
    assert (paper.content_type, bytes(paper.content), paper.consent.witness) == ("image/jpeg", made_anew(PNG), "Ravi")


def test_photo_is_shown_and_never_run(vaidya_client: Client, patient: Patient, paper: ConsentPaper) -> None:
    answer = vaidya_client.get(reverse("desk:consent_paper", args=[patient.public_id, paper.consent.pk]))

    assert (answer.content, answer["Content-Type"]) == (PNG, "image/png")
    assert answer["Content-Disposition"] == 'inline; filename="consent.png"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "no-store"
    assert ("sandbox" in answer["Content-Security-Policy"], "script" in answer["Content-Security-Policy"]) == (
        True,
        False,
    )


def test_look_at_the_photo_is_written_down(
    vaidya_client: Client, patient: Patient, paper: ConsentPaper, vaidya_user: User
) -> None:
    vaidya_client.get(reverse("desk:consent_paper", args=[patient.public_id, paper.consent.pk]))

    assert list(Read.objects.values_list("user", "door", "patients")) == [
        (vaidya_user.pk, "desk:consent_paper", [patient.pk])
    ]


@pytest.mark.parametrize(("role", "status"), [("therapist", 200), ("front_desk", 403), ("manager", 403)])
def test_photo_is_for_those_who_treat(
    role: str, status: int, enter: Enter, clinic: Clinic, patient: Patient, paper: ConsentPaper
) -> None:
    user = factories.make_member(clinic, role)
    factories.make_treatment(user, patient, clinic)
    client = enter(user)

    assert client.get(reverse("desk:consent_paper", args=[patient.public_id, paper.consent.pk])).status_code == status


def test_photo_of_a_stranger_is_not_found(
    enter: Enter, far_vaidya: User, patient: Patient, paper: ConsentPaper
) -> None:
    page = reverse("desk:consent_paper", args=[patient.public_id, paper.consent.pk])

    assert enter(far_vaidya).get(page).status_code == 404


def test_record_does_not_read_the_photos(vaidya_client: Client, patient: Patient, paper: ConsentPaper) -> None:
    page = vaidya_client.get(reverse("desk:record", args=[patient.public_id]))

    assert reverse("desk:consent_paper", args=[patient.public_id, paper.consent.pk]) in page.content.decode()
    assert page.context["consents"][0].has_paper


# --- withdrawing ------------------------------------------------------------------------------------------------------


def test_consent_is_withdrawn_after_asking(
    enter: Enter, clinic: Clinic, patient: Patient, paper: ConsentPaper, therapist_user: User, now: dt.datetime
) -> None:
    factories.make_treatment(therapist_user, patient, clinic)
    client, page = enter(therapist_user), reverse("desk:withdraw_consent", args=[patient.public_id, paper.consent.pk])
    assert "Withdraw this consent?" in client.get(page).content.decode()
    assert Consent.objects.active().count() == 1

    client.post(page)

    assert Consent.objects.values_list("withdrawn_at", "withdrawn_by").get() == (now, therapist_user.pk)
    assert "This consent has already been withdrawn." in client.post(page, follow=True).content.decode()
