"""Consent: what makes one, what withdraws it, and the words that were read."""

import datetime as dt
from typing import Any

import pytest
from django.utils import translation

from bookings.actions.consents import Signature, give_consent, withdraw_consent
from bookings.actions.photos import LARGEST, made_anew
from bookings.errors import PolicyRefused
from bookings.models import Consent, ConsentPaper
from clinic.people.models import Patient, User
from clinic.premises.models import Clinic
from tests import factories
from tests.bookings.clinical import make_rules
from tests.pictures import JPEG, PNG, WEBP
from tests.shipped import CATALOGUE
from therapies.consent_texts import LANGUAGES, _words, consent_text
from therapies.models import Rule, Therapy

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _rules(db: None) -> None:
    make_rules()


@pytest.fixture
def child(clinic: Clinic) -> Patient:
    """Seventeen, and eighteen tomorrow."""
    return factories.make_patient("Anu", clinics=[clinic], birth_date=dt.date(2008, 3, 3))


def given(patient: Patient, clinic: Clinic, by: User, **said: Any) -> Consent:
    fields = {"how": "screen", "name": "Meera Nair"} | {
        name: said.pop(name) for name in [*said] if name in Signature.__dataclass_fields__
    }
    usual = {"therapy": None, "text_version": "1-abc", "language": "hi", "explained_by": by, "now": factories.NOW}
    return give_consent(patient=patient, clinic=clinic, signature=Signature(**fields), by=by, **(usual | said))


def refused(act: Any) -> str:
    with pytest.raises(PolicyRefused) as refusal:
        act()
    return refusal.value.reason


def test_consent_is_kept_with_its_words_and_who_explained(
    patient: Patient, clinic: Clinic, vaidya_user: User, therapist_user: User, now: dt.datetime
) -> None:
    """The Vaidya explained; the therapist had it signed."""
    given(patient, clinic, therapist_user, explained_by=vaidya_user)

    row = Consent.objects.get()
    assert (row.patient, row.therapy, row.text_version, row.language) == (patient, None, "1-abc", "hi")
    assert (row.how, row.signed_name, row.explained_by, row.given_at) == ("screen", "Meera Nair", vaidya_user, now)


@pytest.mark.parametrize("photo", [JPEG, PNG, WEBP])
def test_photo_is_kept_as_it_was_made_anew(photo: bytes, patient: Patient, clinic: Clinic, vaidya_user: User) -> None:
    consent = given(patient, clinic, vaidya_user, how="paper", paper=photo)

    paper = ConsentPaper.objects.get()
    assert (paper.consent, paper.content_type, bytes(paper.content)) == (consent, "image/jpeg", made_anew(photo))


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"name": " "}, "Please enter the name of the person who signs."),
        ({"how": "telepathy"}, "Please choose one of the answers."),
        ({"how": "paper"}, "Please add a photo of the signed form."),
        ({"how": "thumbprint", "paper": JPEG}, "A thumbprint needs a named witness."),
        ({"how": "thumbprint", "paper": JPEG, "witness": " "}, "A thumbprint needs a named witness."),
        ({"how": "thumbprint", "witness": "Ravi"}, "Please add a photo of the signed form."),
        ({"how": "paper", "paper": b"<html>"}, "Only JPEG, PNG or WebP photos are accepted."),
        ({"how": "paper", "paper": JPEG + b"0" * LARGEST}, "The photo is larger than 15 MB."),
    ],
)
def test_signature_that_is_not_enough_is_refused(
    said: dict[str, Any], reason: str, patient: Patient, clinic: Clinic, vaidya_user: User
) -> None:
    assert refused(lambda: given(patient, clinic, vaidya_user, **said)) == reason
    assert (Consent.objects.count(), ConsentPaper.objects.count()) == (0, 0)


def test_photo_of_exactly_the_limit_is_kept(patient: Patient, clinic: Clinic, vaidya_user: User) -> None:
    photo = JPEG.ljust(LARGEST, b"0")

    given(patient, clinic, vaidya_user, how="thumbprint", witness="Ravi", paper=photo)

    assert bytes(ConsentPaper.objects.get().content) == made_anew(JPEG)


@pytest.mark.parametrize("missing", [{}, {"guardian": "Lakshmi Nair"}, {"guardian_relation": "mother"}])
def test_child_does_not_consent_alone(
    missing: dict[str, str], child: Patient, clinic: Clinic, vaidya_user: User
) -> None:
    said = refused(lambda: given(child, clinic, vaidya_user, **missing))

    assert said == "A guardian must consent for patients under 18. Please enter the guardian's name and relation."


def test_guardian_consents_for_a_child(child: Patient, clinic: Clinic, vaidya_user: User) -> None:
    given(child, clinic, vaidya_user, guardian="Lakshmi Nair", guardian_relation="mother", name="Lakshmi Nair")

    assert Consent.objects.values_list("guardian", "guardian_relation").get() == ("Lakshmi Nair", "mother")


def test_eighteenth_birthday_ends_it(child: Patient, clinic: Clinic, vaidya_user: User, now: dt.datetime) -> None:
    given(child, clinic, vaidya_user, now=now + dt.timedelta(days=1))

    assert Consent.objects.count() == 1


def test_rule_of_the_guardian_that_cannot_be_read_blocks(patient: Patient, clinic: Clinic, vaidya_user: User) -> None:
    Rule.objects.filter(code="df_guardian_consent_below_years").update(data={})

    assert "cannot be read" in refused(lambda: given(patient, clinic, vaidya_user))


@pytest.mark.parametrize("role", ["therapist", "front_desk", "manager"])
def test_only_a_vaidya_explains(role: str, patient: Patient, clinic: Clinic, vaidya_user: User) -> None:
    other = factories.make_member(clinic, role)

    said = refused(lambda: given(patient, clinic, vaidya_user, explained_by=other))

    assert said == "A Vaidya must explain the consent."


def test_second_consent_to_the_same_is_refused(patient: Patient, clinic: Clinic, vaidya_user: User) -> None:
    procedure = factories.make_therapy("virechana")
    for therapy in (None, procedure):
        given(patient, clinic, vaidya_user, therapy=therapy)

        said = refused(lambda therapy=therapy: given(patient, clinic, vaidya_user, therapy=therapy))
        assert said == "This consent has already been given. To renew it, withdraw it first."

    assert Consent.objects.count() == 2


def test_withdrawn_consent_stays_written_down(
    patient: Patient, clinic: Clinic, vaidya_user: User, owner: User, now: dt.datetime
) -> None:
    """The patient takes it back, and gives it again later."""
    first = given(patient, clinic, vaidya_user)

    withdraw_consent(consent=first, by=owner, now=now)

    assert Consent.objects.values_list("withdrawn_at", "withdrawn_by").get() == (now, owner.pk)
    assert Consent.objects.active().count() == 0
    assert (
        refused(lambda: withdraw_consent(consent=first, by=owner, now=now))
        == "This consent has already been withdrawn."
    )
    second = given(patient, clinic, vaidya_user)
    assert list(Consent.objects.active()) == [second]


# --- the words --------------------------------------------------------------------------------------------------------


@pytest.fixture
def procedure(db: None) -> Therapy:
    facts = {"monitoring": {"stop_signs": ["blood_in_stool", "fainting"]}}
    names = {"en": "Virechana", "hi": "विरेचन"}
    return factories.make_therapy("virechana", names=names, consent="procedure_specific", facts=facts)


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_of_a_procedure_name_it_and_its_signs(language: str, procedure: Therapy) -> None:
    text = consent_text(procedure, language)

    assert procedure.names[language] in text.title
    assert (
        text.signs
        == {
            "en": ("blood in the stool", "faintness"),
            "hi": ("मल में ख़ून", "चक्कर या बेहोशी जैसा लगना"),
        }[language]
    )


def test_words_are_those_of_their_language_whoever_reads(procedure: Therapy) -> None:
    with translation.override("hi"):
        assert consent_text(procedure, "en").title == "Consent to Virechana"


def test_language_without_words_is_read_in_english() -> None:
    assert consent_text(None, "ml").language == "en"


def test_version_changes_with_the_words(procedure: Therapy) -> None:
    before = consent_text(procedure, "en").version
    assert consent_text(procedure, "en").version == before

    procedure.facts["monitoring"]["stop_signs"].append("chest_pain")

    after = consent_text(procedure, "en").version
    assert (after != before, len(after) <= 20, consent_text(procedure, "hi").version != after) == (True, True, True)


def test_every_sign_of_the_catalogue_has_words() -> None:
    therapies = CATALOGUE.therapies.values()
    codes = {sign for shape in therapies for sign in shape.facts.model_dump()["monitoring"].get("stop_signs", [])}

    assert len(codes) > 20
    assert {language: codes - _words()[language]["signs"].keys() for language in LANGUAGES} == {
        "en": set(),
        "hi": set(),
    }


def test_every_procedure_of_the_catalogue_says_what_is_usual() -> None:
    own = {code for code, shape in CATALOGUE.therapies.items() if shape.consent == "procedure_specific"}

    assert own == _words()["en"]["expected_of"].keys()


def test_both_languages_have_the_same_parts() -> None:
    from therapies.consent_texts import _words

    english, hindi = _words()["en"], _words()["hi"]
    for part in ("general", "procedure"):
        assert len(english[part]["points"]) == len(hindi[part]["points"])
    for part in ("signs", "expected_of"):
        assert english[part].keys() == hindi[part].keys()
