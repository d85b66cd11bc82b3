"""An independent look at the tables after two actions met: what does not fit together, in words.

It reads rows by statements of its own and never asks the program whether it was right.
"""

from collections.abc import Iterable
from typing import Any

from django.db import connection

HOLDING = {"held", "requested", "booked", "checked_in", "in_progress", "completed", "stopped"}
RAISES_VERSION = {
    "book",
    "extend",
    "expire",
    "release",
    "accept",
    "decline",
    "screening",
    "move",
    "cancel",
    "check_in",
    "start",
    "complete",
    "no_show",
    "undo",
    "reassign",
    "stop",
    "day_check",
    "block",
    "prescribe_anew",
}
RAISES_SEQUENCE = {"move", "cancel", "decline", "block"}
COMING = {"confirmed", "reminder", "preparation", "next_visit", "moved", "accepted", "questions"}
LETTERS = {
    "held": set(),
    "requested": {"requested", "questions"},
    "booked": COMING,
    "checked_in": COMING,
    "in_progress": COMING,
    "completed": {"aftercare", "follow_up"},
    "stopped": COMING | {"paused"},
    "cancelled": {"cancelled", "cancelled_by_clinic", "declined"},
    "blocked": {"cancelled_by_clinic"},
    "no_show": {"no_show"},
    "expired": {"expired"},
}
"""By the status of a visit: what may still be sent."""

BOOKINGS = """
SELECT b.id, b.visit_id, b.status, b.version, b.starts_at, b.ends_at, b.expires_at, b.arrived_at, b.started_at,
       v.sequence, v.patient_id,
       (SELECT min(s.offset) FROM therapies_step s WHERE s.variant_id = b.variant_id AND s.patient_present) first,
       (SELECT array_agg(DISTINCT o.part) FROM bookings_occupancy o WHERE o.booking_id = b.id) parts,
       (SELECT min(lower(o.during)) FROM bookings_occupancy o WHERE o.booking_id = b.id AND o.part = 'patient') begins,
       (SELECT max(upper(o.during)) FROM bookings_occupancy o WHERE o.booking_id = b.id AND o.part = 'patient') ends,
       (SELECT count(*) FROM bookings_occupancy o WHERE o.booking_id = b.id) rows
FROM bookings_booking b JOIN bookings_visit v ON v.id = b.visit_id WHERE b.visit_id = ANY(%s) ORDER BY b.id
"""
HISTORY = """
SELECT verb, was, became FROM bookings_history
WHERE visit_id = %s AND (booking_id = %s OR booking_id IS NULL) ORDER BY id
"""
DUE = "SELECT kind, sequence FROM bookings_message WHERE visit_id = %s AND state = 'due' AND kind <> 'call_back'"


def faults_of(visits: Iterable[int]) -> list[str]:
    """What does not fit in these visits, each of one booking."""
    return [fault for row in _read(BOOKINGS, [list(visits)]) for fault in _faults(row)]


def acts_of(visits: Iterable[int]) -> list[str]:
    """The actions of the history of these visits."""
    rows = _read("SELECT verb FROM bookings_history WHERE visit_id = ANY(%s) ORDER BY id", [list(visits)])
    return [row["verb"] for row in rows]


def _faults(row: dict[str, Any]) -> list[str]:
    acts = _read(HISTORY, [row["visit_id"], row["id"]])
    return [*_of_history(row, acts), *_of_time(row), *_of_fields(row), *_of_letters(row, acts)]


def _of_history(row: dict[str, Any], acts: list[dict[str, Any]]) -> Iterable[str]:
    status = acts[0]["was"] if acts else ""
    for act in acts:
        if act["was"] or act["became"]:
            if act["was"] != status:
                yield f"history: {act['verb']} from {act['was']!r}, but it was {status!r}"
            status = act["became"]
    if status != row["status"]:
        yield f"history ends with {status!r}, but the booking is {row['status']!r}"
    raised = 1 + sum(act["verb"] in RAISES_VERSION for act in acts)
    if row["version"] != raised:
        yield f"version {row['version']}, but {raised} by the history"
    told = sum(act["verb"] in RAISES_SEQUENCE or (act["verb"], act["was"]) == ("expire", "requested") for act in acts)
    if row["sequence"] != told:
        yield f"sequence {row['sequence']}, but {told} by the history"


def _of_time(row: dict[str, Any]) -> Iterable[str]:
    if row["status"] not in HOLDING:
        if row["rows"]:
            yield f"{row['status']} with {row['rows']} occupancies"
        return
    parts = {part.partition(":")[0] for part in row["parts"] or ()}
    wanted = {"crew", "room"} | (set() if row["status"] == "held" else {"patient"})
    if parts - {"equipment"} != wanted:
        yield f"{row['status']} takes {sorted(parts)}"
    if row["begins"] is None:
        return
    late = int((row["begins"] - row["starts_at"]).total_seconds()) // 60 - min(0, row["first"])
    if late or row["ends"] != row["ends_at"]:
        yield f"planned {row['starts_at']}–{row['ends_at']}, taken {row['begins']}–{row['ends']}"


def _of_fields(row: dict[str, Any]) -> Iterable[str]:
    status = row["status"]
    if status in ("held", "requested") and row["expires_at"] is None:
        yield f"{status} without a limit"
    if status in ("booked", "checked_in", "in_progress") and row["expires_at"] is not None:
        yield f"{status} with a limit"
    if (status in ("checked_in", "in_progress", "completed") and row["arrived_at"] is None) or (
        status == "booked" and row["arrived_at"] is not None
    ):
        yield f"{status}, arrived at {row['arrived_at']}"
    if (status in ("in_progress", "completed", "stopped")) != (row["started_at"] is not None):
        yield f"{status}, started at {row['started_at']}"
    if status not in ("expired", "held") and row["patient_id"] is None:
        yield f"{status} without a patient"


def _of_letters(row: dict[str, Any], acts: list[dict[str, Any]]) -> Iterable[str]:
    due = _read(DUE, [row["visit_id"]])
    kinds = {letter["kind"] for letter in due}
    if kinds - LETTERS[row["status"]]:
        yield f"{row['status']}, but still to be sent: {sorted(kinds - LETTERS[row['status']])}"
    if any(letter["sequence"] != row["sequence"] for letter in due):
        yield f"letters of another sequence than {row['sequence']}: {due}"
    last = next((act for act in reversed(acts) if act["was"] != act["became"]), None)
    wanted = {"accept": "accepted", "decline": "declined", "no_show": "no_show", "complete": "follow_up"}
    if last and (last["verb"], last["was"]) == ("expire", "requested"):
        wanted = {"expire": "expired"}
    if last and last["verb"] in wanted and wanted[last["verb"]] not in kinds:
        yield f"after {last['verb']} nobody is told: {sorted(kinds)}"


def _read(statement: str, values: list[Any]) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        names = [column.name for column in cursor.description]
        return [dict(zip(names, found, strict=True)) for found in cursor.fetchall()]
