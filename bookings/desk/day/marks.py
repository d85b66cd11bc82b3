"""What changed on a day, by the database: a mark for each visit, another as soon as a row that it shows is written.

`xmin` is the transaction that wrote a row last, kept by PostgreSQL itself: no counter that two desks would wait for, no
trigger, and nothing that an action could forget. What changes with the clock alone (a visit is late now) is in the mark
too. A mark that is new for another reason (a row written again as it was) costs one line sent again, never a line lost.
"""

import datetime as dt
import hashlib
from dataclasses import dataclass
from typing import NamedTuple

from django.core.cache import caches

from clinic.premises.models import Clinic
from clinic.statements import Statement
from clinic.wall import edge


class MarkRow(NamedTuple):
    """`visit` 0: hours, leave, rooms and people; −1: the edition of the catalogue; −2: since when no message leaves."""

    visit: int
    mark: str


MARKS = Statement(
    """
SELECT marks.visit, marks.mark FROM (
WITH visit AS (
    SELECT id, patient_id, xmin::text AS written FROM bookings_visit
     WHERE clinic_id = %(clinic)s AND arrives_at >= %(begin)s AND arrives_at < %(end)s AND patient_id IS NOT NULL
)
SELECT visit.id AS visit, md5(concat_ws(' ', visit.written, patient.xmin::text,
    (SELECT string_agg(b.xmin::text || (b.status = 'booked' AND b.starts_at <= %(now)s)::text, ' ' ORDER BY b.id)
       FROM bookings_booking b WHERE b.visit_id = visit.id),
    (SELECT string_agg(m.xmin::text, ' ' ORDER BY m.id) FROM bookings_measurement m JOIN bookings_booking b
         ON b.id = m.booking_id WHERE b.visit_id = visit.id AND m.effect <> ''),
    (SELECT string_agg(d.id::text, ' ' ORDER BY d.id) FROM bookings_measurementdecision d JOIN bookings_booking b
         ON b.id = d.booking_id WHERE b.visit_id = visit.id),
    (SELECT string_agg(s.id::text, ' ' ORDER BY s.id) FROM bookings_suspension s
      WHERE s.patient_id = ANY(people_records_of(visit.patient_id)) AND s.lifted_at IS NULL),
    (SELECT max(p.id) FROM bookings_payment p WHERE p.visit_id = visit.id),
    (SELECT max(a.id) FROM bookings_screening a WHERE a.patient_id = ANY(people_records_of(visit.patient_id))),
    (SELECT max(c.id) FROM bookings_clearance c WHERE c.patient_id = ANY(people_records_of(visit.patient_id))),
    (SELECT string_agg(p.xmin::text, ' ' ORDER BY p.id) FROM bookings_prescription p
      WHERE p.patient_id = ANY(people_records_of(visit.patient_id))),
    (SELECT string_agg(m.id::text, ' ' ORDER BY m.id) FROM bookings_message m
      WHERE m.patient_id = visit.patient_id AND m.kind = 'call_back' AND m.state = 'due'))) AS mark
  FROM visit JOIN people_patient patient ON patient.id = visit.patient_id
UNION ALL
SELECT 0, md5(concat_ws(' ',
    (SELECT string_agg(xmin::text, ' ' ORDER BY id) FROM premises_openinghours WHERE clinic_id = %(clinic)s),
    (SELECT string_agg(xmin::text, ' ' ORDER BY id) FROM premises_closure
      WHERE clinic_id = %(clinic)s AND "on" = %(on)s),
    (SELECT string_agg(xmin::text, ' ' ORDER BY id) FROM therapies_workinghours
      WHERE clinic_id = %(clinic)s AND weekday = %(weekday)s),
    (SELECT string_agg(xmin::text, ' ' ORDER BY id) FROM premises_absence
      WHERE during && tstzrange(%(begin)s, %(end)s)),
    (SELECT string_agg(xmin::text, ' ' ORDER BY id) FROM premises_resource)))
UNION ALL
SELECT -2, coalesce((SELECT stopped_at::text FROM bookings_sending WHERE id = 1), '')
UNION ALL
SELECT -1, coalesce((SELECT number::text FROM premises_edition WHERE id = 1), '')
) marks
""",
    MarkRow,
)


@dataclass(frozen=True)
class DayMarks:
    """The marks of a date. `version` names them all."""

    marks: dict[int, str]
    version: str

    @property
    def edition(self) -> str:
        """Of the catalogue, read in the same moment."""
        return self.marks[-1]

    @property
    def is_sending_stopped(self) -> bool:
        return bool(self.marks[-2])

    def changed_since(self, version: str) -> set[int]:
        """The visits (0: the hours and lanes) that are new, other or gone since; all where this process has never seen
        that version, or long ago."""
        earlier: dict[int, str] = caches["days"].get(version) or {}
        return {visit for visit in {*earlier, *self.marks} if earlier.get(visit) != self.marks.get(visit)}


def read_marks(clinic: Clinic, on: dt.date, now: dt.datetime) -> DayMarks:
    """One statement."""
    begin, end = edge(on, 0, clinic.zone), edge(on + dt.timedelta(days=1), 0, clinic.zone)
    rows = MARKS.rows(clinic=clinic.pk, on=on, weekday=on.weekday(), begin=begin, end=end, now=now)
    marks = {row.visit: row.mark for row in rows}
    words = " ".join(f"{visit}:{mark}" for visit, mark in sorted(marks.items()))
    version = hashlib.sha256(f"{clinic.pk} {on} {words}".encode()).hexdigest()[:32]
    caches["days"].add(version, marks)
    return DayMarks(marks, version)
