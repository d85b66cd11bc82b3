"""Writing an examination down, discarding a draft, and beginning a new version of what is signed."""

import datetime as dt
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, TypedDict, TypeVar, Unpack

from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from bookings.actions.locks import lock
from bookings.actions.transaction import action
from bookings.errors import ActionRefused, PolicyRefused, refuse_if
from bookings.facts.record import record_fingerprint
from bookings.models import Assessment, Prescription, Suitability, Suited, Visit
from bookings.rules import assessments as assessment_rules
from clinic.people.models import Patient, Role, User
from clinic.premises.models import Clinic
from clinic.reasons import why_no_reason
from therapies.models import Therapy

Draft = TypeVar("Draft", bound=Model)


class DraftDiscarded(ActionRefused):
    """The draft was thrown away since the page was opened."""

    def __init__(self) -> None:
        super().__init__(_("This draft has been discarded. Please begin again."))


class DraftChanged(ActionRefused):
    """The draft is not as the page showed it; nothing was kept."""

    def __init__(self) -> None:
        super().__init__(_("This draft was changed in another window. Save again to replace what was written there."))


class UnknownFact(Exception):
    """An examination has no such fact."""


class AssessmentFacts(TypedDict, total=False):
    """What a Vaidya writes down; `pain` is 0 to 10, `examination` has the keys of EXAMINATION."""

    complaint: str
    prakriti: str
    vikriti: str
    agni: str
    koshtha: str
    ama: str
    pain: int | None
    examination: dict[str, str]
    diagnosis: str
    diagnosis_code: str
    note: str


@dataclass(frozen=True)
class SuitedFor:
    """What the Vaidya says of one therapy. `level` is one of Suited; a reason is needed unless it suits."""

    therapy: Therapy
    level: str
    reason: str = ""


@action
def assess(
    *,
    patient: Patient,
    clinic: Clinic,
    by: User,
    now: dt.datetime,
    visit: Visit | None = None,
    assessment: Assessment | None = None,
    suited: Sequence[SuitedFor] | None = None,
    shown: str = "",
    public_id: uuid.UUID | None = None,
    **facts: Unpack[AssessmentFacts],
) -> Assessment:
    """Write a new draft, or change one's own. What is not said stays as it was.

    `public_id` names a new draft, so that a page which sends it twice writes one. `shown` is the fingerprint of the
    draft that the page showed; without one it is not compared. Raises DraftChanged, DraftDiscarded and PolicyRefused.
    """
    lock(patients=[patient.pk])
    require_vaidya(by, now)
    if assessment is None:
        draft = _new_draft(public_id, patient=patient, clinic=clinic, by=by, made_at=now)
    else:
        draft = own_draft(assessment, by)
        if shown and shown != record_fingerprint(draft, None):
            raise DraftChanged
    draft.visit = visit or draft.visit
    if draft.visit and draft.visit.patient_id != patient.person_id:
        raise PolicyRefused(_("This visit belongs to another patient."))
    _say(draft, facts)
    draft.save()
    if suited is not None:
        _suit(draft, suited)
    return draft


def _new_draft(public_id: uuid.UUID | None, **facts: Any) -> Assessment:
    """Under this name, where nobody has written one under it yet."""
    if public_id and Assessment.objects.filter(public_id=public_id).exists():
        raise DraftChanged
    return Assessment(**facts, **({"public_id": public_id} if public_id else {}))


@action
def new_version(*, assessment: Assessment, by: User, now: dt.datetime) -> Assessment:
    """A draft with the words of a signed examination, or of a colleague's draft, that will stand in its place.

    One's own new version that is still a draft is given back.
    """
    lock(patients=[assessment.patient_id])
    require_vaidya(by, now)
    old = row_or_discarded(Assessment.objects.select_related("replaced_by__by"), assessment.pk)
    begun: Assessment | None = getattr(old, "replaced_by", None)
    if begun and not begun.is_signed and begun.by_id == by.pk:
        return begun
    refuse_if(assessment_rules.why_not_take_over(old, by=by) or assessment_rules.why_not_replace(old))
    fresh = {name: getattr(old, name) for name in AssessmentFacts.__annotations__}
    new = Assessment.objects.create(
        patient_id=old.patient_id,
        clinic_id=old.clinic_id,
        visit_id=old.visit_id,
        by=by,
        made_at=now,
        version=old.version + 1,
        replaces=old,
        **fresh,
    )
    Suitability.objects.bulk_create(
        Suitability(assessment=new, therapy_id=row.therapy_id, level=row.level, reason=row.reason)
        for row in old.suitabilities.all()
    )
    return new


@action
def discard(*, draft: Assessment | Prescription, by: User, now: dt.datetime) -> None:
    """Throw a draft away. What is signed is kept."""
    lock(patients=[draft.patient_id])
    require_vaidya(by, now)
    rows: QuerySet[Any] = type(draft)._default_manager.select_related("replaced_by")
    current: Assessment | Prescription = row_or_discarded(rows, draft.pk)
    refuse_if(assessment_rules.why_not_discard(current, by=by))
    if isinstance(current, Assessment) and current.prescriptions.exists():
        raise PolicyRefused(_("A prescription is based on this. Please discard the prescription first."))
    current.delete()


def require_vaidya(by: User, now: dt.datetime) -> None:
    """Examining, prescribing and signing are a Vaidya's, of any clinic of the organisation."""
    if not by.clinics_at(now, Role.VAIDYA).exists():
        raise PolicyRefused(_("Only a Vaidya can do this."))


def own_draft(row: Assessment, by: User) -> Assessment:
    """The draft, read again under the lock, when this person may write in it."""
    draft = row_or_discarded(Assessment.objects.select_related("replaced_by"), row.pk)
    refuse_if(assessment_rules.why_not_change(draft, by=by))
    return draft


def row_or_discarded(rows: QuerySet[Draft], pk: int) -> Draft:
    """The row with this key, read under the lock. Raises DraftDiscarded where it is there no longer."""
    row = rows.filter(pk=pk).first()
    if row is None:
        raise DraftDiscarded
    return row


def require_known_fields(row: Model, names: Collection[str]) -> None:
    """Lengths and choices of these fields, before the database refuses them with less grace."""
    try:
        row.clean_fields(exclude={field.name for field in row._meta.fields} - {*names})
    except ValidationError as problem:
        raise PolicyRefused(" ".join(problem.messages)) from problem


def _say(draft: Assessment, facts: AssessmentFacts) -> None:
    unknown = facts.keys() - AssessmentFacts.__annotations__.keys()
    if unknown:
        raise UnknownFact(", ".join(sorted(unknown)))
    for name, value in facts.items():
        setattr(draft, name, value)
    refuse_if(assessment_rules.why_not_found(draft.examination) or assessment_rules.why_not_coded(draft.diagnosis_code))
    if draft.pain is not None and not 0 <= draft.pain <= 10:
        raise PolicyRefused(_("Pain is a number from 0 to 10."))
    require_known_fields(draft, facts.keys() - {"examination"})


def _suit(draft: Assessment, suited: Sequence[SuitedFor]) -> None:
    if len({row.therapy.pk for row in suited}) < len(suited):
        raise PolicyRefused(_("Each therapy can be assessed only once."))
    if any(row.level not in Suited.values for row in suited):
        raise PolicyRefused(_("Please choose one of the answers."))
    for row in suited:
        refuse_if(why_no_reason(row.reason) if row.level != Suited.SUITED else "")
    draft.suitabilities.all().delete()
    Suitability.objects.bulk_create(
        Suitability(assessment=draft, therapy=row.therapy, level=row.level, reason=row.reason) for row in suited
    )
