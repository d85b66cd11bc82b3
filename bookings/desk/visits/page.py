"""What the pages of a visit and of a patient read."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Min, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bookings.desk.words import reason_in_words
from bookings.models import Booking, History, Message, Occupancy, Status, Visit
from bookings.rules.paper import GAPS, why_not_review_gaps
from clinic.people.models import Access, Patient
from clinic.premises.models import Clinic

VERBS: dict[str, str | Promise] = {
    "hold": _("Time held"),
    "extend": _("Hold extended"),
    "release": _("Hold released"),
    "expire": _("Hold expired"),
    "book": _("Booked"),
    "accept": _("Request accepted"),
    "decline": _("Request declined"),
    "screening": _("Health questions reviewed again"),
    "move": _("Time changed"),
    "cancel": _("Cancelled"),
    "check_in": _("Checked in"),
    "start": _("Started"),
    "complete": _("Completed"),
    "no_show": _("Marked as no-show"),
    "undo": _("Undone"),
    "close_late": _("Recorded on a later day"),
    "reassign": _("Staff or room changed"),
    "change_end": _("Made shorter or longer"),
    "settle": _("Change after the booking dealt with"),
    "hand_over": _("Handed over to a colleague"),
    "record_past": _("Recorded from paper"),
    "merge": _("Moved here from another record of the patient"),
    "undo_merge": _("Moved back to the other record"),
    "review_gaps": _("Gaps of a session from paper reviewed"),
    "note": _("Session record saved"),
    "stop": _("Stopped"),
    "block": _("Not given for safety reasons"),
    "send_questions": _("Health questions sent"),
    "sign": _("Note added during the session"),
    "undo_stop": _("Stop taken back"),
    "count_stopped": _("Stopped session counted as taken"),
    "measure": _("Values measured"),
    "decide_readings": _("Measured values decided on by a Vaidya"),
    "day_check": _("Checked by a Vaidya on the day"),
    "day_check_no": _("Not to be given today, said a Vaidya"),
    "sign_record": _("Examination record signed"),
    "running_late": _("Told that the clinic runs late"),
    "pay": _("Payment recorded"),
    "reverse_payment": _("Payment reversed"),
    "prescribe_anew": _("Moved to a new version of the prescription"),
}
"""An action of the history in words; an unknown one is shown by its code."""

STATUS_WORDS = dict(Status.choices)


@dataclass(frozen=True)
class GapsFound:
    """What a session from paper lacked by the rules, in words; `is_open` while no Vaidya has reviewed it."""

    booking: Booking
    words: tuple[str, ...]
    is_open: bool


def gaps_found(visit: Visit) -> list[GapsFound]:
    """Of each session of the visit that lacked something."""
    rows = [booking for booking in visit.bookings.all() if booking.gaps]
    return [
        GapsFound(row, tuple(str(GAPS.get(gap, _("Something else"))) for gap in row.gaps), not why_not_review_gaps(row))
        for row in rows
    ]


@dataclass(frozen=True)
class HistoryRow:
    """One act: what, from which state to which, why, by whom, when."""

    what: str
    was: str
    became: str
    why: str
    by: str
    at: dt.datetime


# --- a visit ----------------------------------------------------------------------------------------------------------


def occupancies(visit: Visit) -> list[Occupancy]:
    """The time that people and places are taken for, in order; the patient's own left out."""
    rows = [row for booking in visit.bookings.all() for row in booking.occupancies.all() if row.resource_id]
    return sorted(rows, key=lambda row: (row.during.lower, row.part, row.pk))


def history(visit: Visit) -> list[HistoryRow]:
    """What happened, the newest first."""
    acts: QuerySet[History] = visit.history.select_related("by").order_by("-pk")
    return [
        HistoryRow(
            what=str(VERBS.get(act.verb, act.verb)),
            was=str(STATUS_WORDS.get(act.was, act.was)),
            became=str(STATUS_WORDS.get(act.became, act.became)),
            why=reason_in_words(str(act.detail.get("reason", ""))),
            by=str(act.by) if act.by else "",
            at=act.at,
        )
        for act in acts
    ]


def messages_of(visit: Visit) -> list[Message]:
    """The letters, calls and papers of a visit, by when they are due."""
    return list(visit.messages.order_by("due_at", "pk"))


# --- a patient --------------------------------------------------------------------------------------------------------


def coming(patient: Patient, clinics: QuerySet[Clinic], now: dt.datetime) -> list[Visit]:
    """Visits to come, at the clinics of whoever asks."""
    return list(Visit.objects.at(clinics).filter(patient=patient).upcoming(now).with_everything())


def past(patient: Patient, clinics: QuerySet[Clinic], now: dt.datetime, *, count: int = 20) -> list[Visit]:
    """The latest visits that are over or were called off, at the clinics of whoever asks."""
    return list(Visit.objects.at(clinics).filter(patient=patient).past(now).with_everything()[:count])


def comes_elsewhere(patient: Patient, clinics: QuerySet[Clinic]) -> bool:
    """Whether the patient also comes to a clinic of ours where the asker does not work."""
    return patient.clinics.exclude(pk__in=clinics).exists()


def accesses(patient: Patient, now: dt.datetime) -> list[Access]:
    """Which accounts act for the patient now, with `joined_at`: they begin everywhere at once, so not by a date."""
    rows = patient.accesses.in_force(now.date()).select_related("user")
    return list(rows.annotate(joined_at=Min("events__pgh_created_at")).order_by("pk"))
