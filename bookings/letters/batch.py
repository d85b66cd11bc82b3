"""What a few leased rows need to know, read together: one query for all of them instead of one for each.

It may be some seconds old, so whether a visit still stands is never answered from here: `delivery.why_void` asks anew.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from bookings.models import Channel, Message, State, StoppedAddress, Visit

from .kinds import COMING
from .moderation import CHANGES, is_of_the_day, zone_or_utc

NEAR = dt.timedelta(days=2)


@dataclass
class Batch:
    """`others` are the patient's other visits of the day, by row; `sent` the moments of today's letters, by patient."""

    rows: dict[int, Message]
    others: dict[int, list[Visit]] = field(default_factory=dict)
    sent: dict[int, list[dt.datetime]] = field(default_factory=dict)
    stopped: frozenset[str] = frozenset()

    def note_sent(self, message: Message, now: dt.datetime) -> None:
        """One more letter of today, for the rows of the same patient that follow."""
        if message.visit and message.visit.patient_id and message.kind not in CHANGES:
            self.sent.setdefault(message.visit.patient_id, []).append(now)

    def sent_since(self, message: Message, moment: dt.datetime) -> int:
        """How many letters, changes left out, the patient of this row got since then."""
        patient = message.visit.patient_id if message.visit else None
        return sum(at >= moment for at in self.sent.get(patient or 0, []))


def read_batch(ids: list[int], *, now: dt.datetime) -> Batch:
    """Rows with visit, patient, clinic and bookings, and what decides how many letters are enough."""
    known = Message.objects.select_related("clinic", "visit__patient", "visit__clinic")
    rows = {row.pk: row for row in known.prefetch_related("visit__bookings").filter(pk__in=ids)}
    visits = {row.pk: row.visit for row in rows.values() if row.visit}
    patients = {visit.patient_id for visit in visits.values() if visit.patient_id}
    return Batch(
        rows=rows,
        others=_others(rows.values()),
        sent=_sent(patients, now=now),
        stopped=_stopped(visit.patient.email for visit in visits.values() if visit.patient),
    )


def _others(rows: Iterable[Message]) -> dict[int, list[Visit]]:
    """For each row that tells of a day: the patient's other visits at that clinic on that date which still stand."""
    telling = {row.pk: row.visit for row in rows if row.visit and is_of_the_day(row)}
    if not telling:
        return {}
    near = Visit.objects.filter(
        patient__in={visit.patient_id for visit in telling.values()},
        arrives_at__gt=min(visit.arrives_at for visit in telling.values()) - NEAR,
        arrives_at__lt=max(visit.arrives_at for visit in telling.values()) + NEAR,
        bookings__position=0,
        bookings__status__in=COMING,
    )
    found = list(near.order_by("arrives_at", "pk").select_related("patient", "clinic").prefetch_related("bookings"))
    return {pk: [other for other in found if _same_day(visit, other)] for pk, visit in telling.items()}


def _same_day(visit: Visit, other: Visit) -> bool:
    """Whether it is another visit of the same patient, clinic and date on the clinic's wall."""
    of_one = other.patient_id == visit.patient_id and other.clinic_id == visit.clinic_id and other.pk != visit.pk
    zone = zone_or_utc(visit)
    return of_one and other.arrives_at.astimezone(zone).date() == visit.arrives_at.astimezone(zone).date()


def _sent(patients: set[int], *, now: dt.datetime) -> dict[int, list[dt.datetime]]:
    sent = Message.objects.filter(visit__patient__in=patients, state=State.SENT, channel=Channel.EMAIL)
    rows = sent.filter(sent_at__gt=now - NEAR).exclude(kind__in=CHANGES).values_list("visit__patient", "sent_at")
    found: dict[int, list[dt.datetime]] = {}
    for patient, sent_at in rows if patients else []:
        if patient is not None and sent_at is not None:
            found.setdefault(patient, []).append(sent_at)
    return found


def _stopped(addresses: Iterable[str]) -> frozenset[str]:
    """Those that mail no longer goes to, folded."""
    wanted = {address.lower() for address in addresses if address}
    if not wanted:
        return frozenset()
    return frozenset(StoppedAddress.objects.filter(address__in=wanted).values_list("address", flat=True))
