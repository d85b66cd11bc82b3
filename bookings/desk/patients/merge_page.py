"""What the page of a merge shows: both records side by side, what moves, and visits at the same time."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings.desk.request import TwoRecordsRequest
from bookings.desk.visits.page import coming
from bookings.facts.merges import accesses_to_move, merge_facts_of
from bookings.models import Visit
from bookings.rules.merges import why_not_merge
from clinic.clock import date_format
from clinic.people.models import Patient, PatientMerge

from .forms import SAID_BY_THE_DESK, PatientForm


@dataclass(frozen=True)
class ComparedDetail:
    """One detail, as each record has it."""

    label: str
    survivor: str
    other: str

    @property
    def differs(self) -> bool:
        return self.survivor != self.other


@dataclass(frozen=True)
class OverlapRow:
    """One of two visits at the same time. `is_here`: whether whoever asks may open it."""

    visit: Visit
    is_here: bool


@dataclass(frozen=True)
class Preview:
    """`moves`: sentences. `coming`: the visits to come that move, at the clinics of whoever asks."""

    lines: list[ComparedDetail]
    overlaps: list[list[OverlapRow]]
    moves: list[str]
    coming: list[Visit]
    why_not: str


DETAILS = (
    "village",
    "gender",
    "phone",
    "email",
    "channel",
    "language",
    "accepts_therapist",
    "needs",
    "emergency_contact",
)


def preview_of(request: TwoRecordsRequest, now: dt.datetime) -> Preview:
    """Reads what a merge of the two would do now, and what speaks against it."""
    survivor, other = request.patient, request.other
    facts, here = merge_facts_of(survivor, other, now=now), set(request.clinics.values_list("pk", flat=True))
    rows = PatientMerge.objects.standing().filter(merged__in=[survivor, other]).select_related("by")
    return Preview(
        lines=[
            *_who(survivor, other),
            *(_detail(survivor, other, name) for name in DETAILS),
            _registered(survivor, other, request.clinic.zone),
        ],
        overlaps=[[OverlapRow(visit, visit.clinic_id in here) for visit in row.visits] for row in facts.overlaps],
        moves=list(_moves(survivor, other)),
        coming=coming(other, request.clinics, now),
        why_not=why_not_merge(survivor, other, facts, earlier=rows.first()),
    )


def _who(survivor: Patient, other: Patient) -> Iterable[ComparedDetail]:
    yield ComparedDetail(_("Name"), survivor.full_name, other.full_name)
    yield ComparedDetail(_("Date of birth"), *(_born(patient) for patient in (survivor, other)))
    yield ComparedDetail(
        _("S/o, D/o, W/o"), *(f"{row.get_kinship_display()} {row.kin_name}".strip() for row in (survivor, other))
    )


def _born(patient: Patient) -> str:
    if patient.birth_is_approximate:
        return _("about %(year)s") % {"year": patient.birth_date.year}
    return date_format(patient.birth_date, "j F Y")


def _detail(survivor: Patient, other: Patient, name: str) -> ComparedDetail:
    label = SAID_BY_THE_DESK.get(name) or PatientForm.base_fields[name].label or ""
    return ComparedDetail(str(label), *(_said(patient, name) for patient in (survivor, other)))


def _said(patient: Patient, name: str) -> str:
    if name == "phone":
        return patient.phone.as_international if patient.phone else ""
    if name == "gender":
        return patient.gender_words
    words = getattr(patient, f"get_{name}_display", None)
    return str(words() if words else getattr(patient, name))


def _registered(survivor: Patient, other: Patient, zone: ZoneInfo) -> ComparedDetail:
    days = (patient.registered_at.astimezone(zone).date() for patient in (survivor, other))
    return ComparedDetail(_("Registered"), *(date_format(day, "j F Y") for day in days))


def _moves(survivor: Patient, other: Patient) -> Iterable[str]:
    visits = other.visits.count()
    yield ngettext(
        "%(count)s visit moves to the record that stays.", "%(count)s visits move to the record that stays.", visits
    ) % {"count": visits}
    for access in accesses_to_move(survivor, other).select_related("user"):
        words = _("%(account)s, who acts for the merged record, acts for this patient from now on.")
        yield words % {"account": access.user}
    yield _(
        "What was signed or answered stays as it is and is read for both: pauses, allergies and limits of either"
        " record hold."
    )
    yield _("Messages go to the contact details of the record that stays.")
    yield _("Searching for the names or phone numbers of the merged record finds the one that stays.")
