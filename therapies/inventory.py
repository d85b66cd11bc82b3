"""What a clinic has on record for some days, in one statement: its hours, places and people, as plain rows.

`rota` makes bitmaps of them. A search asks nothing else about what there is; written by hand, because building six
queries cost several times what reading their rows does.
"""

import datetime as dt
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection

from clinic.grid import Window
from clinic.premises.models import Clinic

# Who has an account serves in the roles that it holds at the clinic, on the days on which it holds one; an account that
# is closed, or has lost its last role, is out. Helpers without an account serve as they are entered.
# Absences are told in the window's cells, rounded outward. Dates outside the asked days are left out: null is no limit.
ON_RECORD = """
WITH room AS (
    SELECT resource.id, room.features
    FROM premises_room room JOIN premises_resource resource ON resource.id = room.resource_ptr_id
    WHERE room.clinic_id = %(clinic)s AND resource.is_active
), piece AS (
    SELECT resource.id, piece.kind
    FROM premises_equipment piece JOIN premises_resource resource ON resource.id = piece.resource_ptr_id
    WHERE piece.clinic_id = %(clinic)s AND resource.is_active AND piece.kind = ANY(%(kinds)s::varchar[])
), worker AS (
    SELECT resource.id, person.gender, person.roles, person.hands_on_limit, person.user_id,
           jsonb_agg(jsonb_build_array(
               h.weekday, h.from_minute, h.to_minute,
               CASE WHEN h.valid_from > %(first)s THEN h.valid_from END,
               CASE WHEN h.valid_until <= %(last)s THEN h.valid_until END)) AS hours
    FROM therapies_workinghours h
    JOIN therapies_practitioner person ON person.resource_ptr_id = h.practitioner_id
    JOIN premises_resource resource ON resource.id = h.practitioner_id
    WHERE h.clinic_id = %(clinic)s AND h.valid_from <= %(last)s AND resource.is_active
    GROUP BY resource.id, person.resource_ptr_id
), person AS (
    SELECT worker.id, worker.gender, coalesce(held.roles, worker.roles) AS roles, worker.hands_on_limit, worker.hours,
           held.spans
    FROM worker LEFT JOIN LATERAL (
        SELECT array_agg(DISTINCT m.role) AS roles,
               jsonb_agg(jsonb_build_array(
                   CASE WHEN m.starts_on > %(first)s THEN m.starts_on END,
                   CASE WHEN m.ends_on <= %(last)s THEN m.ends_on END)) AS spans
        FROM people_membership m JOIN people_user account ON account.id = m.user_id AND account.is_active
        WHERE m.user_id = worker.user_id AND m.clinic_id = %(clinic)s AND m.role = ANY(worker.roles)
          AND m.starts_on <= %(last)s AND (m.ends_on IS NULL OR m.ends_on > %(first)s)
    ) held ON worker.user_id IS NOT NULL
    WHERE worker.user_id IS NULL OR held.roles IS NOT NULL
)
SELECT
  (SELECT jsonb_agg(jsonb_build_array(h.weekday, h.from_minute, h.to_minute, h.use))
     FROM premises_openinghours h WHERE h.clinic_id = %(clinic)s),
  (SELECT jsonb_agg(jsonb_build_array(c."on", c.use, c.from_minute, c.to_minute, c.reason))
     FROM premises_closure c WHERE c.clinic_id = %(clinic)s AND c."on" BETWEEN %(first)s AND %(last)s),
  (SELECT jsonb_agg(jsonb_build_array(id, features) ORDER BY id) FROM room),
  (SELECT jsonb_agg(jsonb_build_array(id, jsonb_build_array(kind)) ORDER BY id) FROM piece),
  (SELECT jsonb_agg(jsonb_build_array(id, gender, roles, hands_on_limit, hours, spans) ORDER BY id)
     FROM person),
  (SELECT jsonb_agg(jsonb_build_array(
            q.practitioner_id, q.therapy_id,
            CASE WHEN q.starts_on > %(first)s THEN q.starts_on END, CASE WHEN q.ends_on <= %(last)s THEN q.ends_on END))
     FROM therapies_qualification q JOIN person ON person.id = q.practitioner_id
    WHERE q.therapy_id = ANY(%(therapies)s::bigint[])
      AND q.starts_on <= %(last)s AND (q.ends_on IS NULL OR q.ends_on > %(first)s)),
  (SELECT jsonb_agg(jsonb_build_array(
            a.resource_id,
            floor(extract(epoch FROM lower(a.during)) / 300)::bigint - %(origin)s,
            ceil(extract(epoch FROM upper(a.during)) / 300)::bigint - %(origin)s))
     FROM premises_absence a
    WHERE a.during && tstzrange(%(begin)s, %(end)s)
      AND a.resource_id IN (SELECT id FROM room UNION ALL SELECT id FROM piece UNION ALL SELECT id FROM person))
"""


@dataclass(frozen=True)
class Inventory:
    """The rows, as lists in the order that the statement names their columns; dates are ISO text."""

    hours: list[Any]
    closures: list[Any]
    rooms: list[Any]
    equipment: list[Any]
    people: list[Any]
    qualifications: list[Any]
    absences: list[Any]


def inventory(
    clinic: Clinic,
    first: dt.date,
    last: dt.date,
    frame: Window,
    *,
    therapy_ids: Iterable[int] = (),
    kinds: Iterable[str] = (),
) -> Inventory:
    """Everything in use at the clinic from `first` to `last`, both included, which `frame` covers.

    Of equipment only these `kinds`, and qualifications for `therapy_ids` only.
    """
    values: dict[str, Any] = {
        "clinic": clinic.pk,
        "first": first,
        "last": last,
        "begin": frame.start,
        "end": frame.end,
        "origin": int(frame.start.timestamp()) // 300,
        "therapies": [*therapy_ids],
        "kinds": [*kinds],
    }
    with connection.cursor() as cursor:
        cursor.execute(ON_RECORD, values)
        return Inventory(*(json.loads(rows or "[]") for rows in cursor.fetchone()))
