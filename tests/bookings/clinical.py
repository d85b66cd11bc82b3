"""Examinations, prescriptions and consents for tests, as rows or as what the actions take."""

import datetime as dt
from typing import Any

from bookings.models import Assessment, Consent, Prescription, PrescriptionItem
from bookings.rules.prescriptions import Item
from clinic.people.models import Patient, User
from clinic.premises.models import Clinic
from tests import factories
from therapies.models import Rule, Variant

RULES = {
    "fr_assessment_validity": ("frequency", {"held_by": "assessment", "assessment_valid_days": 90}),
    "df_guardian_consent_below_years": ("definition", {"value": 18}),
    "fr_massage_cap": (
        "frequency",
        {
            "applies_to": ["massage_family"],
            "max_sessions": 3,
            "window_days": 7,
            "window": "rolling",
            "lifted_by": "vaidya",
            "says": {"en": "{nth} massage within {days} days"},
        },
    ),
    "gap_leech_sittings": (
        "gap",
        {
            "kind": "between",
            "after": "raktamokshana",
            "before": "raktamokshana",
            "min_days": 7,
            "says": {"en": "The next comes {min_days} days after the last at the earliest"},
        },
    ),
    "fr_review_course": ("frequency", {"held_by": "review", "applies_to": ["all"], "review_after_sessions": 7}),
    "fr_review_massage": (
        "frequency",
        {"held_by": "review", "applies_to": ["massage_family"], "review_after_days": 28},
    ),
    "yoga_basti": ("schedule", {"total": 8, "sequence": ["A", "N", "A", "N", "A", "N", "A", "A"]}),
}


def make_rules() -> None:
    """The rules of the catalogue that these actions read, as the catalogue says them."""
    hard = {"fr_massage_cap", "gap_leech_sittings"}
    Rule.objects.bulk_create(
        Rule(code=code, kind=kind, data=data, is_hard=code in hard) for code, (kind, data) in RULES.items()
    )


def make_therapy(code: str = "kati_basti", **fields: Any) -> Variant:
    """A therapy that needs a prescription: seven sessions, daily. Returns its one variant."""
    course = {"sessions_default": 7, "sessions_max": 14, "usual_spacing_days": 1}
    said = {"needs": "prescription", "consent": "standard", "facts": {"course": course}}
    return factories.make_variant(factories.make_therapy(code, **(said | fields)))


def make_assessment(patient: Patient, clinic: Clinic, by: User, *, signed: bool = True, **fields: Any) -> Assessment:
    said = {"complaint": "Stiff back", "examination": {"sparshana": "Tense beside the spine"}, "made_at": factories.NOW}
    signature = {"signed_by": by, "signed_at": factories.NOW} if signed else {}
    return Assessment.objects.create(patient=patient, clinic=clinic, by=by, **(said | signature | fields))


def make_prescription(
    assessment: Assessment, *variants: Variant, sessions: int = 7, signed: bool = True, **fields: Any
) -> Prescription:
    """By the author of the examination, on its clinic; signed once its items are in."""
    said = {"valid_until": factories.NOW.date() + dt.timedelta(days=90), "made_at": factories.NOW, "by": assessment.by}
    found = Prescription.objects.create(
        patient=assessment.patient, clinic=assessment.clinic, assessment=assessment, **(said | fields)
    )
    PrescriptionItem.objects.bulk_create(
        PrescriptionItem(prescription=found, variant=variant, position=position, sessions=sessions)
        for position, variant in enumerate(variants)
    )
    if signed:
        found.signed_by, found.signed_at = found.by, factories.NOW
        found.save()
    return found


def make_consent(patient: Patient, clinic: Clinic, by: User, **fields: Any) -> Consent:
    said = {"text_version": "1", "language": "en", "how": "screen", "signed_name": "Meera Nair"}
    return Consent.objects.create(
        patient=patient, clinic=clinic, explained_by=by, given_at=factories.NOW, **(said | fields)
    )


def item(variant: Variant, sessions: int = 7, **said: Any) -> Item:
    return Item(variant=variant, sessions=sessions, **said)
