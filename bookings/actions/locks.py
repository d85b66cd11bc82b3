"""Sorted advisory locks: who writes time takes them first, so that writers queue instead of deadlocking."""

import hashlib
from collections.abc import Iterable
from typing import NamedTuple

from bookings.actions.transaction import is_trial
from bookings.slots.search_space import VisitPart
from clinic.premises.models import Clinic
from clinic.statements import Id, Statement
from therapies.shape import WATCH_PLACE


class LockedRow(NamedTuple):
    """A lock that was taken; PostgreSQL says nothing about it."""

    locked: str


# Everything of a clinic that could serve: rooms, equipment, and people with hours there.
CANDIDATES = Statement(
    """
SELECT room.resource_ptr_id AS id FROM premises_room room
 WHERE room.clinic_id = %(clinic)s AND (room.features && %(features)s::varchar[] OR %(any_room)s)
UNION
SELECT piece.resource_ptr_id FROM premises_equipment piece
 WHERE piece.clinic_id = %(clinic)s AND piece.kind = ANY(%(kinds)s::varchar[])
UNION
SELECT person.resource_ptr_id FROM therapies_practitioner person
 WHERE person.roles && %(roles)s::varchar[]
   AND EXISTS (SELECT FROM therapies_workinghours hours
               WHERE hours.practitioner_id = person.resource_ptr_id AND hours.clinic_id = %(clinic)s)
""",
    Id,
)
# A merged record has the lock of the one that goes on too.
LOCK = Statement(
    """
SELECT pg_advisory_xact_lock(key) AS locked FROM (
  SELECT key FROM unnest(%(keys)s::bigint[]) AS key
  UNION
  SELECT merged_into_id * 4 + 1 FROM people_patient
   WHERE id = ANY(%(patients)s::bigint[]) AND merged_into_id IS NOT NULL
  ORDER BY key
) AS needed
""",
    LockedRow,
)


def candidate_ids(clinic: Clinic, visit_parts: Iterable[VisitPart]) -> set[int]:
    """Every resource that an assignment of these legs may choose from, free or not."""
    shapes = [visit_part.shape for visit_part in visit_parts]
    roles = {crew.role for made in shapes for crew in made.crews if not crew.on_site}
    if any(made.watch for made in shapes):  # nobody may be booked away meanwhile who is needed for the watch
        roles |= {*clinic.watch_roles}
    rows = CANDIDATES.rows(
        clinic=clinic.pk,
        features=[made.room_feature for made in shapes],
        any_room=any(made.room and not made.room_feature for made in shapes),
        kinds=[kind for made in shapes for kind, _parts in made.equipment],
        roles=sorted(roles),
    )
    return {row.id for row in rows}


def watching_ids(clinic: Clinic) -> frozenset[int]:
    """Everybody who may be needed for a watch, with the watch places: where a clinic has such places."""
    if not clinic.equipment.filter(kind=WATCH_PLACE).exists():
        return frozenset()
    roles = sorted(clinic.watch_roles)
    rows = CANDIDATES.rows(clinic=clinic.pk, features=[], any_room=False, kinds=[WATCH_PLACE], roles=roles)
    return frozenset(row.id for row in rows)


def lock(*, resources: Iterable[int] = (), patients: Iterable[int] = (), holders: Iterable[str] = ()) -> None:
    """Wait for these resources and patients until the transaction ends; always in the same order.

    Raises OperationalError when `lock_timeout` is over; the action answers "busy". What is only tried waits for nobody.
    """
    if is_trial():
        return
    people = [*patients]
    keys = {resource * 4 for resource in resources} | {patient * 4 + 1 for patient in people}
    for holder in holders:
        number = int.from_bytes(hashlib.sha256(holder.encode()).digest()[:7], "big")
        keys.add(number * 4 + 2)
    LOCK.run(keys=sorted(keys), patients=people)
