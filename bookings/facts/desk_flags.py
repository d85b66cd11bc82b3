"""Plain flags for the front desk, of all patients of a day at once: a few queries, whatever their number.

Answers become terms, terms become flags, and only the flags' own sentences leave this module.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypedDict
from zoneinfo import ZoneInfo

from bookings.models import Booking, ScreeningState, Suspension, Visit
from clinic.people.records import RecordsOfAll, person_at
from clinic.statements import Statement
from therapies.decision_limits import LASTING
from therapies.desk_flags import KIND, AtTheDesk, DeskFlag, desk_flag_of, raised, terms_of
from therapies.models import Rule


class NewestAnswerRow(TypedDict):
    """The newest answer to a question that names one of the terms; the moment in ISO form."""

    terms: list[str]
    scope: str
    days: int
    trigger: object
    value: object
    at: str


class NewestRow(NamedTuple):
    """The columns of NEWEST_ANSWERS."""

    patient: int
    answers: list[NewestAnswerRow]


NEWEST_ANSWERS = Statement(
    """
SELECT patient.id AS patient, coalesce((SELECT json_agg(answer) FROM (
    SELECT DISTINCT ON (q.id) q.data -> 'terms' AS terms, q.data ->> 'scope' AS scope,
           coalesce((q.data ->> 'lasts_days')::int, 0) AS days, q.data -> 'trigger' AS trigger, a.value, a.at
      FROM bookings_answer a JOIN therapies_question q ON q.id = a.question_id
     WHERE a.patient_id = ANY(people_records_of(patient.id)) AND q.data -> 'terms' ?| %(terms)s::text[]
     ORDER BY q.id, a.at DESC, a.id DESC
  ) answer), '[]') AS answers
  FROM unnest(%(patients)s::bigint[]) AS patient(id)
""",
    NewestRow,
)


@dataclass(frozen=True)
class DeskPatient:
    """Somebody who comes: their age that day, and what their visit asks for."""

    patient: int
    age: int
    is_fasting: bool
    waits_for_vaidya: bool


def desk_patient_of(visit: Visit, *, now: dt.datetime) -> DeskPatient:
    """Who comes to this visit; reads its prefetched bookings with their therapies."""
    bookings = [*visit.bookings.all()]
    if visit.patient is None:
        raise ValueError("A visit of the day has a patient.")
    coming = [booking for booking in bookings if booking.is_still_to_come(now)]
    first = min(bookings, key=lambda booking: booking.position)
    return DeskPatient(
        visit.patient.pk,
        visit.patient.ages(first.starts_at.astimezone(visit.zone).date()).greatest,
        is_fasting=any(_asks_empty_stomach(booking) for booking in coming),
        waits_for_vaidya=any(booking.screening == ScreeningState.WAITING for booking in coming),
    )


def _asks_empty_stomach(booking: Booking) -> bool:
    return bool(booking.variant.fasting_hours)


def desk_flags_of(
    patients: Sequence[DeskPatient], *, zone: ZoneInfo, now: dt.datetime, paused: Collection[int] | None = None
) -> Mapping[DeskPatient, list[str]]:
    """What to do for each of them, in the reader's language. `paused`: whose treatments are, where that was read."""
    flags = [
        desk_flag_of(data) for data in Rule.objects.filter(kind=KIND).order_by("pk").values_list("data", flat=True)
    ]
    if not patients or not flags:
        return {patient: [] for patient in patients}
    ids = [patient.patient for patient in patients]
    terms = _terms_told(flags, ids, zone=zone, now=now)
    if paused is None:
        paused = _paused(ids)
    return {
        row: raised(
            flags,
            AtTheDesk(
                terms[row.patient],
                row.age,
                row.is_fasting,
                waits_for_vaidya=row.waits_for_vaidya or row.patient in paused,
            ),
        )
        for row in patients
    }


def _paused(patients: Collection[int]) -> set[int]:
    standing = Suspension.objects.active().filter(patient__in=RecordsOfAll(patients))
    return set(standing.values_list(person_at("patient"), flat=True))


def flags_of_visit(visit: Visit, *, now: dt.datetime) -> list[str]:
    """The same for whoever comes to this visit; reads its bookings, as prefetched."""
    patient = desk_patient_of(visit, now=now)
    return desk_flags_of([patient], zone=visit.zone, now=now)[patient]


def _terms_told(
    flags: Iterable[DeskFlag], patients: Collection[int], *, zone: ZoneInfo, now: dt.datetime
) -> Mapping[int, frozenset[str]]:
    """By patient: the terms of the answers that count, told or not sure."""
    rows = NEWEST_ANSWERS.rows(patients=[*patients], terms=[*terms_of(flags)])
    return {
        row.patient: frozenset(
            term for answer in row.answers if _counts(answer, zone=zone, now=now) for term in answer["terms"]
        )
        for row in rows
    }


def _counts(answer: NewestAnswerRow, *, zone: ZoneInfo, now: dt.datetime) -> bool:
    if answer["value"] not in (answer["trigger"], "unsure"):
        return False
    at = dt.datetime.fromisoformat(answer["at"])
    age = now.astimezone(zone).date() - at.astimezone(zone).date()
    return answer["scope"] == LASTING or age <= dt.timedelta(days=answer["days"])
