"""Consent to treatment: given after it was explained, withdrawn at any time."""

import datetime as dt
from dataclasses import dataclass

import pghistory
from django.utils.translation import gettext as _

from bookings.actions import photos
from bookings.actions.conditional_writes import update_once
from bookings.actions.locks import lock
from bookings.actions.transaction import action
from bookings.errors import PolicyRefused, refuse_if
from bookings.facts.catalogue_numbers import GUARDIAN_BELOW
from bookings.models import Consent, ConsentPaper, How
from clinic.people.models import Patient, Role, User
from clinic.people.records import RecordsOf
from clinic.premises.models import Clinic
from therapies.models import Therapy


@dataclass(frozen=True)
class Signature:
    """How somebody consented. `name` is who signs: the patient, or their guardian."""

    how: str
    name: str
    witness: str = ""
    guardian: str = ""
    guardian_relation: str = ""


@action
def give_consent(
    *,
    patient: Patient,
    clinic: Clinic,
    therapy: Therapy | None,
    text_version: str,
    language: str,
    signature: Signature,
    explained_by: User,
    by: User,
    now: dt.datetime,
    paper: bytes = b"",
) -> Consent:
    """Keep a consent, with the photo when it was given on paper. No therapy: to treatment in general.

    The photo is made anew: where and when it was taken is not kept.
    """
    refuse_if(why_not_consent(patient, signature, on=clinic.today(now)) or why_not_paper(signature.how, paper))
    photo = _made_anew(paper) if paper else b""  # it takes a moment: nobody waits for a lock meanwhile
    lock(patients=[patient.pk])
    if not explained_by.clinics_at(now, Role.VAIDYA).exists():
        raise PolicyRefused(_("A Vaidya must explain the consent."))
    if Consent.objects.active().filter(patient__in=RecordsOf(patient), therapy=therapy).exists():
        raise PolicyRefused(_("This consent has already been given. To renew it, withdraw it first."))
    with pghistory.context(user=by.pk):
        consent = Consent.objects.create(
            patient=patient,
            clinic=clinic,
            therapy=therapy,
            text_version=text_version,
            language=language,
            how=signature.how,
            signed_name=signature.name,
            witness=signature.witness,
            guardian=signature.guardian,
            guardian_relation=signature.guardian_relation,
            explained_by=explained_by,
            given_at=now,
        )
        if photo:
            ConsentPaper.objects.create(consent=consent, content_type=photos.CONTENT_TYPE, content=photo)
    return consent


@action
def withdraw_consent(*, consent: Consent, by: User, now: dt.datetime) -> Consent:
    """From now on nothing of it may start. What was given stays written down."""
    lock(patients=[consent.patient_id])
    current = Consent.objects.get(pk=consent.pk)
    if current.withdrawn_at is not None:
        raise PolicyRefused(_("This consent has already been withdrawn."))
    with pghistory.context(user=by.pk):
        update_once(Consent.objects.filter(pk=current.pk, withdrawn_at=None), withdrawn_at=now, withdrawn_by=by)
    current.withdrawn_at, current.withdrawn_by = now, by
    return current


def why_not_consent(patient: Patient, signature: Signature, *, on: dt.date) -> str:
    """Whether this signature is enough: a name, a witness for a thumbprint, a guardian for a child."""
    if signature.how not in How.values:
        return _("Please choose one of the answers.")
    if not signature.name.strip():
        return _("Please enter the name of the person who signs.")
    if signature.how == How.THUMBPRINT and not signature.witness.strip():
        return _("A thumbprint needs a named witness.")
    below = GUARDIAN_BELOW.read()
    guarded = signature.guardian.strip() and signature.guardian_relation.strip()
    if patient.ages(on).least < below and not guarded:
        return _(
            "A guardian must consent for patients under %(age)s. Please enter the guardian's name and relation."
        ) % {"age": below}
    return ""


def why_not_paper(how: str, paper: bytes) -> str:
    """Whether the photo is there when it must be."""
    if how != How.SCREEN and not paper:
        return _("Please add a photo of the signed form.")
    return ""


def _made_anew(paper: bytes) -> bytes:
    try:
        return photos.made_anew(paper)
    except photos.NoPhoto as refusal:
        raise PolicyRefused(refusal.reason) from refusal
