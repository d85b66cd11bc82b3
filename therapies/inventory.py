"""What a clinic has on record for some days, in one statement: its hours, places and people, as plain rows.

`rota` makes bitmaps of them. A search asks nothing else about what there is; written by hand, because building six
queries cost several times what reading their rows does.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypedDict

from clinic.grid import Window
from clinic.premises.models import Clinic
from clinic.statements import Statement


class OpeningRow(TypedDict):
    """A stretch of the week in which the clinic is open."""

    weekday: int
    from_minute: int
    to_minute: int
    use: str


class ClosureRow(TypedDict):
    """A closed date (ISO), and the hours of it that running courses have."""

    on: str
    use: str
    from_minute: int
    to_minute: int
    reason: str


class PlaceRow(TypedDict):
    """A room with its features, or a piece of equipment with its kind."""

    id: int
    provides: list[str]


class SpanRow(TypedDict):
    """Dates (ISO), the last not included; None: no limit within the days that are asked for."""

    first: str | None
    until: str | None


class WorkRow(SpanRow):
    """A stretch of the week in which a person works."""

    weekday: int
    from_minute: int
    to_minute: int


class PersonRow(TypedDict):
    """Somebody with hours here. `spans`: when their account holds a role; None without an account."""

    id: int
    gender: str
    roles: list[str]
    hands_on_limit: int
    hours: list[WorkRow]
    spans: list[SpanRow] | None


class QualificationRow(SpanRow):
    """When somebody may give a therapy."""

    practitioner_id: int
    therapy_id: int


class AbsenceRow(TypedDict):
    """The cells in which somebody or something is away."""

    resource_id: int
    first: int
    last: int


@dataclass(frozen=True)
class Inventory:
    """The rows, as the statement names them."""

    hours: list[OpeningRow]
    closures: list[ClosureRow]
    rooms: list[PlaceRow]
    equipment: list[PlaceRow]
    people: list[PersonRow]
    qualifications: list[QualificationRow]
    absences: list[AbsenceRow]


# Who has an account serves in the roles that it holds at the clinic, on the days on which it holds one; an account that
# is closed, or has lost its last role, is out. Helpers without an account serve as they are entered.
# Absences are told in the window's cells, rounded outward. Dates outside the asked days are left out: null is no limit.
ON_RECORD = Statement(
    """
SELECT on_record.* FROM (
WITH room AS (
    SELECT resource.id, room.features AS provides
    FROM premises_room room JOIN premises_resource resource ON resource.id = room.resource_ptr_id
    WHERE room.clinic_id = %(clinic)s AND resource.is_active
    ORDER BY resource.id
), piece AS (
    SELECT resource.id, ARRAY[piece.kind] AS provides
    FROM premises_equipment piece JOIN premises_resource resource ON resource.id = piece.resource_ptr_id
    WHERE piece.clinic_id = %(clinic)s AND resource.is_active AND piece.kind = ANY(%(kinds)s::varchar[])
    ORDER BY resource.id
), worker AS (
    SELECT resource.id, person.gender, person.roles, person.hands_on_limit, person.user_id,
           json_agg(json_build_object(
               'weekday', h.weekday, 'from_minute', h.from_minute, 'to_minute', h.to_minute,
               'first', CASE WHEN h.valid_from > %(first)s THEN h.valid_from END,
               'until', CASE WHEN h.valid_until <= %(last)s THEN h.valid_until END)) AS hours
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
               json_agg(json_build_object(
                   'first', CASE WHEN m.starts_on > %(first)s THEN m.starts_on END,
                   'until', CASE WHEN m.ends_on <= %(last)s THEN m.ends_on END)) AS spans
        FROM people_membership m JOIN people_user account ON account.id = m.user_id AND account.is_active
        WHERE m.user_id = worker.user_id AND m.clinic_id = %(clinic)s AND m.role = ANY(worker.roles)
          AND m.starts_on <= %(last)s AND (m.ends_on IS NULL OR m.ends_on > %(first)s)
    ) held ON worker.user_id IS NOT NULL
    WHERE worker.user_id IS NULL OR held.roles IS NOT NULL
    ORDER BY worker.id
), opening AS (
    SELECT weekday, from_minute, to_minute, use FROM premises_openinghours WHERE clinic_id = %(clinic)s
), closure AS (
    SELECT "on", use, from_minute, to_minute, reason FROM premises_closure
    WHERE clinic_id = %(clinic)s AND "on" BETWEEN %(first)s AND %(last)s
), qualification AS (
    SELECT practitioner_id, therapy_id,
           CASE WHEN starts_on > %(first)s THEN starts_on END AS first,
           CASE WHEN ends_on <= %(last)s THEN ends_on END AS until
    FROM therapies_qualification
    WHERE practitioner_id IN (SELECT id FROM person) AND therapy_id = ANY(%(therapies)s::bigint[])
      AND starts_on <= %(last)s AND (ends_on IS NULL OR ends_on > %(first)s)
), absence AS (
    SELECT resource_id,
           floor(extract(epoch FROM lower(during)) / 300)::bigint - %(origin)s AS first,
           ceil(extract(epoch FROM upper(during)) / 300)::bigint - %(origin)s AS last
    FROM premises_absence
    WHERE during && tstzrange(%(begin)s, %(end)s)
      AND resource_id IN (SELECT id FROM room UNION ALL SELECT id FROM piece UNION ALL SELECT id FROM person)
)
SELECT coalesce((SELECT json_agg(opening) FROM opening), '[]') AS hours,
       coalesce((SELECT json_agg(closure) FROM closure), '[]') AS closures,
       coalesce((SELECT json_agg(room) FROM room), '[]') AS rooms,
       coalesce((SELECT json_agg(piece) FROM piece), '[]') AS equipment,
       coalesce((SELECT json_agg(person) FROM person), '[]') AS people,
       coalesce((SELECT json_agg(qualification) FROM qualification), '[]') AS qualifications,
       coalesce((SELECT json_agg(absence) FROM absence), '[]') AS absences
) on_record
""",
    Inventory,
)


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
    return ON_RECORD.one(
        clinic=clinic.pk,
        first=first,
        last=last,
        begin=frame.start,
        end=frame.end,
        origin=int(frame.start.timestamp()) // 300,
        therapies=[*therapy_ids],
        kinds=[*kinds],
    )
