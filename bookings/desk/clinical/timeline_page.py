"""A patient's whole course on one page: what happened when, the newest first, as far as the asker reads the record."""

import datetime as dt
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bookings.desk.answers import answer_in_words
from bookings.desk.request import ClinicalRequest
from bookings.facts import record as record_facts
from bookings.facts import sessions as session_facts
from bookings.models import Booking, Clearance, SessionNote, Status, Suspension
from clinic.people.records import RecordsOf

from . import lookups

MOST = 150
"""Lines that the page shows at once; more are a press away."""
NEVER_CAME_ABOUT = (Status.HELD, Status.EXPIRED)


class TimelineKind(StrEnum):
    VISIT = "visit"
    EXAMINATION = "examination"
    PRESCRIPTION = "prescription"
    SESSION = "session"
    DECISION = "decision"
    PAUSE = "pause"
    CONSENT = "consent"


KIND_WORDS: dict[TimelineKind, str | Promise] = {
    TimelineKind.VISIT: _("Visits"),
    TimelineKind.EXAMINATION: _("Examinations"),
    TimelineKind.PRESCRIPTION: _("Prescriptions"),
    TimelineKind.SESSION: _("Sessions"),
    TimelineKind.DECISION: _("Decisions"),
    TimelineKind.PAUSE: _("Pauses"),
    TimelineKind.CONSENT: _("Consents"),
}
ONE_OF_A_KIND: dict[TimelineKind, str | Promise] = {
    TimelineKind.VISIT: _("Visit"),
    TimelineKind.EXAMINATION: _("Examination"),
    TimelineKind.PRESCRIPTION: _("Prescription"),
    TimelineKind.SESSION: _("Session"),
    TimelineKind.DECISION: _("Decision"),
    TimelineKind.PAUSE: _("Paused"),
    TimelineKind.CONSENT: _("Consent"),
}


@dataclass(frozen=True)
class TimelineLine:
    """One thing that happened. `by`: who signed, gave or decided it; `state`: where it stands, where that matters."""

    at: dt.datetime
    kind: TimelineKind
    title: str
    words: str = ""
    by: str = ""
    state: str = ""
    url: str = ""

    @property
    def kind_words(self) -> str:
        return str(ONE_OF_A_KIND[self.kind])


@dataclass(frozen=True)
class PatientTimeline:
    """`notes`: the records of sessions, the earliest first, for the picture of the pain; `more`: lines left out."""

    lines: tuple[TimelineLine, ...]
    notes: tuple[SessionNote, ...]
    more: int = 0


def timeline_of(
    request: ClinicalRequest, *, kinds: Collection[TimelineKind], now: dt.datetime, everything: bool = False
) -> PatientTimeline:
    """The lines of these kinds. As many queries for many lines as for few."""
    notes = [
        note for note in session_facts.notes_of(request.patient) if request.record.covers(note.booking.visit.clinic_id)
    ]
    sources = {
        TimelineKind.VISIT: lambda: _visits(request, {note.booking_id for note in notes}),
        TimelineKind.EXAMINATION: lambda: _examinations(request, now),
        TimelineKind.PRESCRIPTION: lambda: _prescriptions(request, now),
        TimelineKind.SESSION: lambda: _sessions(notes),
        TimelineKind.DECISION: lambda: _decisions(request),
        TimelineKind.PAUSE: lambda: _pauses(request),
        TimelineKind.CONSENT: lambda: _consents(request),
    }
    lines = sorted((line for kind in kinds for line in sources[kind]()), key=lambda line: line.at, reverse=True)
    shown = lines if everything else lines[:MOST]
    return PatientTimeline(tuple(shown), tuple(notes), more=len(lines) - len(shown))


def asked_kinds(words: Collection[str]) -> list[TimelineKind]:
    """Those that the address names; all where it names none."""
    chosen = [kind for kind in TimelineKind if kind.value in words]
    return chosen or list(TimelineKind)


def _visits(request: ClinicalRequest, with_record: Collection[int]) -> Iterator[TimelineLine]:
    """Bookings that have no record of a session: consultations, what is ahead, what was called off."""
    rows = Booking.objects.filter(visit__patient=request.patient).exclude(status__in=NEVER_CAME_ABOUT)
    rows = request.record.of(rows, "visit__clinic").select_related("visit__clinic", "variant__therapy")
    for row in rows.order_by("-starts_at"):
        if row.pk not in with_record:
            yield TimelineLine(
                at=row.starts_at,
                kind=TimelineKind.VISIT,
                title=str(row.variant.therapy),
                words=row.visit.clinic.name,
                state=row.get_status_display(),
                url=reverse("desk:visit", args=[row.visit.public_id]),
            )


def _examinations(request: ClinicalRequest, now: dt.datetime) -> Iterator[TimelineLine]:
    for row in lookups.assessments(request, drafts=lookups.is_vaidya(request.user, now)):
        pain = "" if row.pain is None else gettext("Pain %(pain)s of 10") % {"pain": row.pain}
        yield TimelineLine(
            at=row.made_at,
            kind=TimelineKind.EXAMINATION,
            title=row.diagnosis or row.complaint or gettext("Examination"),
            words=pain,
            by=row.signer_name or str(row.by),
            state="" if row.is_signed else gettext("Unsigned"),
            url=reverse("desk:assessment", args=[request.patient.public_id, row.public_id]),
        )


def _prescriptions(request: ClinicalRequest, now: dt.datetime) -> Iterator[TimelineLine]:
    for row in lookups.prescriptions(request, drafts=lookups.is_vaidya(request.user, now)):
        summary = record_facts.prescription_summary(row, now=now)
        ordered = [f"{order.item.variant.therapy} × {order.item.sessions}" for order in summary.orders]
        given = sum(order.given for order in summary.orders)
        yield TimelineLine(
            at=row.signed_at or row.made_at,
            kind=TimelineKind.PRESCRIPTION,
            title=", ".join(ordered),
            words=gettext("%(count)s sessions given") % {"count": given},
            by=row.signer_name or str(row.by),
            state=summary.state,
            url=reverse("desk:prescription", args=[request.patient.public_id, row.public_id]),
        )


def _sessions(notes: Collection[SessionNote]) -> Iterator[TimelineLine]:
    for note in notes:
        booking, pain = note.booking, ""
        if note.pain_before is not None or note.pain_after is not None:
            values = {"before": _number(note.pain_before), "after": _number(note.pain_after)}
            pain = gettext("pain before %(before)s, after %(after)s") % values
        said = [pain, note.materials, note.observations, note.adverse_event]
        yield TimelineLine(
            at=booking.starts_at,
            kind=TimelineKind.SESSION,
            title=str(booking.variant.therapy),
            words=" · ".join(part for part in said if part),
            by=str(note.by),
            state=booking.get_status_display(),
            url=reverse("desk:session", args=[booking.visit.public_id, booking.position]),
        )


def _decisions(request: ClinicalRequest) -> Iterator[TimelineLine]:
    rows = request.record.of(Clearance.objects.filter(patient__in=RecordsOf(request.patient)))
    zone: ZoneInfo = request.clinic.zone
    for row in rows.select_related("question", "by"):
        yield TimelineLine(
            at=row.at,
            kind=TimelineKind.DECISION,
            title=f"{row.question}: {answer_in_words(row.value, row.text, zone)}",
            words=row.reason,
            by=str(row.by),
            state=gettext("Allowed") if row.allowed else gettext("Not allowed"),
            url=reverse("desk:sessions", args=[request.patient.public_id]),
        )


def _pauses(request: ClinicalRequest) -> Iterator[TimelineLine]:
    signs = session_facts.words_of_signs()
    rows = request.record.of(Suspension.objects.filter(patient__in=RecordsOf(request.patient)))
    for row in rows.select_related("by", "lifted_by"):
        yield TimelineLine(
            at=row.at,
            kind=TimelineKind.PAUSE,
            title=signs.get(row.sign) or gettext("Another sign"),
            words=row.lift_reason,
            by=str(row.by),
            state=gettext("Resumed") if row.lifted_at else gettext("Paused"),
            url=reverse("desk:sessions", args=[request.patient.public_id]),
        )


def _consents(request: ClinicalRequest) -> Iterator[TimelineLine]:
    for row in lookups.consents(request):
        yield TimelineLine(
            at=row.given_at,
            kind=TimelineKind.CONSENT,
            title=str(row.therapy) if row.therapy else gettext("Treatment in general"),
            by=str(row.explained_by),
            state=gettext("Withdrawn") if row.withdrawn_at else "",
            url=reverse("desk:record", args=[request.patient.public_id]),
        )


def _number(pain: int | None) -> str:
    return "–" if pain is None else str(pain)
