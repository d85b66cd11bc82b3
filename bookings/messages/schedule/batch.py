"""What a few leased rows need to know, read together: one query for all of them instead of one for each.

It may be some seconds old, so whether a visit still stands is never answered from here: `delivery.why_void` asks anew.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Prefetch

from bookings.messages.content.appointment import Sender, sender_of
from bookings.messages.kinds import CHANGES, COMING, SORTS, is_of_the_day
from bookings.models import (
    Booking,
    Channel,
    Message,
    MessageKind,
    State,
    StoppedAddress,
    StoppedPatient,
    Visit,
)

from .runs import CONFIRMED, NEAR, REPLACED, days_apart, zone_or_utc

# Letters that depend on what other visits the patient has on the days around.
LOOK_AROUND = REPLACED | {MessageKind.NEXT_VISIT, MessageKind.AFTERCARE}


@dataclass
class Batch:
    """`near` are the patient's other visits around, by row; `sent` the moments of today's letters, by patient."""

    rows: dict[int, Message]
    near: dict[int, list[tuple[int, Visit]]] = field(default_factory=dict)
    sent: dict[int, list[dt.datetime]] = field(default_factory=dict)
    stopped: frozenset[str] = frozenset()
    unwilling: frozenset[int] = frozenset()
    senders: dict[int, Sender] = field(default_factory=dict)

    def sender(self, message: Message) -> Sender | None:
        """The clinic of this row as letters name it, worked out once for all its rows."""
        if message.clinic is None:
            return None
        if message.clinic.pk not in self.senders:
            self.senders[message.clinic.pk] = sender_of(message.clinic)
        return self.senders[message.clinic.pk]

    def others(self, message: Message) -> list[Visit]:
        """What a letter about the whole day tells of besides its own visit: the others that are still to come."""
        if not is_of_the_day(message):
            return []
        return [visit for visit in self.same_day(message) if visit.bookings.all()[0].status in COMING]

    def same_day(self, message: Message) -> list[Visit]:
        return [visit for days, visit in self.near.get(message.pk, ()) if days == 0]

    def neighbours(self, message: Message) -> list[Visit]:
        """Confirmed visits on the day before and the day after."""
        return [visit for days, visit in self.near.get(message.pk, ()) if abs(days) == 1 and _is_confirmed(visit)]

    def days_before(self, message: Message) -> list[Visit]:
        """Confirmed visits on the day before."""
        return [visit for days, visit in self.near.get(message.pk, ()) if days == -1 and _is_confirmed(visit)]

    def note_sent(self, message: Message, now: dt.datetime) -> None:
        """One more letter of today, for the rows of the same patient that follow."""
        if message.whom and message.kind not in CHANGES:
            self.sent.setdefault(message.whom.pk, []).append(now)

    def sent_since(self, message: Message, moment: dt.datetime) -> int:
        """How many letters, changes left out, the patient of this row got since then."""
        patient = message.whom.pk if message.whom else 0
        return sum(at >= moment for at in self.sent.get(patient, []))


def read_batch(ids: list[int], *, now: dt.datetime) -> Batch:
    """Rows with visit, patient, clinic and bookings, and what decides how many letters are enough."""
    messages = Message.objects.select_related("patient", "visit__patient").prefetch_related("clinic", "visit__bookings")
    rows = {row.pk: row for row in messages.filter(pk__in=ids)}
    for row in rows.values():
        if row.visit and row.clinic and row.visit.clinic_id == row.clinic_id:
            row.visit.clinic = row.clinic
    return Batch(
        rows=rows,
        near=_near(rows.values()),
        sent=_sent({row.whom.pk for row in rows.values() if row.whom and not SORTS[row.kind].change}, now=now),
        stopped=_stopped(address for row in rows.values() if row.whom for address in (row.whom.email, row.recipient)),
        unwilling=_unwilling({row.whom.pk for row in rows.values() if row.whom and SORTS[row.kind].optional}),
    )


def _near(rows: Iterable[Message]) -> dict[int, list[tuple[int, Visit]]]:
    """For each row that looks around: the patient's other visits there, with the dates between.

    Most patients have no other: whole visits are read only where there is one.
    """
    asking = {row.pk: row.visit for row in rows if row.visit and row.kind in LOOK_AROUND}
    if not asking:
        return {}
    around = Visit.objects.filter(
        patient__in={visit.patient_id for visit in asking.values()},
        arrives_at__gt=min(visit.arrives_at for visit in asking.values()) - NEAR,
        arrives_at__lt=max(visit.arrives_at for visit in asking.values()) + NEAR,
        bookings__position=0,
        bookings__status__in=COMING | CONFIRMED,
    )
    clinics_by_patient: dict[int | None, set[int]] = {}
    for pk, patient in around.values_list("pk", "patient"):
        clinics_by_patient.setdefault(patient, set()).add(pk)
    wanted = {pk for visit in asking.values() for pk in clinics_by_patient.get(visit.patient_id, set()) - {visit.pk}}
    visits = _whole(wanted)
    return {pk: _around(visit, visits.get(visit.patient_id, [])) for pk, visit in asking.items()}


def _whole(visits: set[int]) -> dict[int | None, list[Visit]]:
    """These visits with all that letters say of them, by patient, earliest first."""
    result: dict[int | None, list[Visit]] = {}
    if visits:
        rows = Visit.objects.filter(pk__in=visits).order_by("arrives_at", "pk").select_related("patient", "clinic")
        for visit in rows.prefetch_related(Prefetch("bookings", Booking.objects.order_by("position"))):
            result.setdefault(visit.patient_id, []).append(visit)
    return result


def _around(visit: Visit, others: list[Visit]) -> list[tuple[int, Visit]]:
    zone = zone_or_utc(visit)
    here = [other for other in others if other.pk != visit.pk and other.clinic_id == visit.clinic_id]
    return [(days_apart(visit, other, zone), other) for other in here]


def _is_confirmed(visit: Visit) -> bool:
    return visit.bookings.all()[0].status in CONFIRMED


def _sent(patients: set[int], *, now: dt.datetime) -> dict[int, list[dt.datetime]]:
    result: dict[int, list[dt.datetime]] = {}
    if patients:
        sent = Message.objects.filter(visit__patient__in=patients, state=State.SENT, channel=Channel.EMAIL)
        rows = sent.filter(sent_at__gt=now - NEAR).exclude(kind__in=CHANGES).values_list("visit__patient", "sent_at")
        for patient, sent_at in rows:
            if patient is not None and sent_at is not None:
                result.setdefault(patient, []).append(sent_at)
    return result


def _stopped(addresses: Iterable[str]) -> frozenset[str]:
    """Those that mail no longer goes to, folded."""
    wanted = {address.lower() for address in addresses if address}
    if not wanted:
        return frozenset()
    return frozenset(StoppedAddress.objects.filter(address__in=wanted).values_list("address", flat=True))


def _unwilling(patients: set[int]) -> frozenset[int]:
    """Those of them who want no letters beyond what their visits need."""
    if not patients:
        return frozenset()
    return frozenset(StoppedPatient.objects.filter(patient__in=patients).values_list("patient", flat=True))
