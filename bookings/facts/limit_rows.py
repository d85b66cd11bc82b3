"""What the limits of bookings rest on, as rows, in one statement: `rules.limits` judges it."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import NamedTuple, TypedDict

from bookings.facts.orders import SESSIONS_OF_ORDERS, ScheduleRow, SessionRow, order_values
from bookings.models import PrescriptionItem
from bookings.models.booking import HOLDS_TIME_NOW
from clinic.statements import Statement
from therapies.rota import Calendar
from therapies.rulebook import KINDS
from therapies.rules import LIFTED_TOGETHER, REACH


class RuleRow(TypedDict):
    """A rule of the catalogue; `data` is JSON text, so that the rule of the same content is made once."""

    code: str
    kind: str
    is_hard: bool
    data: str
    sources: list[str]


class OtherSessionRow(TypedDict):
    """Another session of the patient: what it is, when it begins in seconds, and which rules its order lifts.

    `grade`: how much it has cleansed, "" where nobody has written that down.
    """

    therapy: str
    groups: list[str]
    treatment: str
    epoch: float
    lifted: list[str]
    grade: str


class LimitRows(NamedTuple):
    """The columns of the statement."""

    rules: list[RuleRow]
    others: list[OtherSessionRow]
    sessions: list[SessionRow]
    schedules: list[ScheduleRow]


# In one go: the rules; the patient's sessions near these days, and what their orders lift in writing;
# all sessions of the orders that are asked for; and the schedules of those. The visit being moved is left out.
LIMITS = Statement(
    f"""
SELECT
  coalesce((SELECT json_agg(rule) FROM (
    SELECT code, kind, is_hard, data::text AS data, sources
      FROM therapies_rule WHERE kind = ANY(%(kinds)s::varchar[])
     ORDER BY array_position(%(kinds)s::varchar[], kind), code
  ) rule), '[]') AS rules,
  coalesce((SELECT json_agg(other) FROM (
    SELECT t.code AS therapy, t.groups, coalesce(nullif(v.smaller_crew_of, ''), v.code) AS treatment,
           date_part('epoch', b.starts_at) AS epoch, ARRAY(SELECT jsonb_object_keys(i.lifted_limits)
             UNION SELECT unnest(%(lifted_together)s::varchar[]) WHERE i.override_reason <> '') AS lifted,
           coalesce(note.grade, '') AS grade
      FROM bookings_booking b
      JOIN bookings_visit visit ON visit.id = b.visit_id
      JOIN therapies_variant v ON v.id = b.variant_id
      JOIN therapies_therapy t ON t.id = v.therapy_id
      LEFT JOIN bookings_prescriptionitem i ON i.id = b.item_id
      LEFT JOIN bookings_sessionnote note ON note.booking_id = b.id
     WHERE visit.patient_id = %(patient)s AND b.visit_id <> ALL(%(ignoring)s::bigint[])
       AND b.starts_at > %(begin)s AND b.starts_at < %(end)s AND {HOLDS_TIME_NOW}
  ) other), '[]') AS others,
{SESSIONS_OF_ORDERS}""",  # noqa: S608 - our own words
    LimitRows,
)


def limit_rows(
    patient_id: int, days: Calendar, now: dt.datetime, ignoring: Iterable[int], items: Sequence[PrescriptionItem]
) -> LimitRows:
    """The rules, the patient's sessions, those of the orders and the schedules, as rows."""
    reach = dt.timedelta(days=REACH + 1)
    return LIMITS.one(
        **order_values(items, ignoring=ignoring),
        now=now,
        kinds=[*KINDS],
        lifted_together=[*LIFTED_TOGETHER],
        patient=patient_id,
        begin=days.window.start - reach,
        end=days.window.end + reach,
    )
