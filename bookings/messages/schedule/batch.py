"""What the leased messages need, read for all of them at once.

It may be some seconds old, so `delivery.why_void` reads the visit again directly before sending.
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

# Messages that depend on other visits of the patient on the days around.
LOOK_AROUND = REPLACED | {MessageKind.NEXT_VISIT, MessageKind.AFTERCARE}


@dataclass
class Batch:
    """`near`: the patient's other visits around, by message; `sent`: when recent messages were sent, by patient."""

    rows: dict[int, Message]
    near: dict[int, list[tuple[int, Visit]]] = field(default_factory=dict)
    sent: dict[int, list[dt.datetime]] = field(default_factory=dict)
    stopped: frozenset[str] = frozenset()
    unwilling: frozenset[int] = frozenset()
    without_reminders: frozenset[int] = frozenset()
    senders: dict[int, Sender] = field(default_factory=dict)

    def sender(self, message: Message) -> Sender | None:
        """The message's clinic as messages name it, built once for the batch."""
        if message.clinic is None:
            return None
        if message.clinic.pk not in self.senders:
            self.senders[message.clinic.pk] = sender_of(message.clinic)
        return self.senders[message.clinic.pk]

    def others(self, message: Message) -> list[Visit]:
        """The day's other coming visits that this message mentions, if it is about the whole day."""
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
        """Count this message for the patient's next ones in the batch."""
        if message.whom and message.kind not in CHANGES:
            self.sent.setdefault(message.whom.pk, []).append(now)

    def sent_since(self, message: Message, moment: dt.datetime) -> int:
        """How many messages, except those about changes, the patient got since `moment`."""
        patient = message.whom.pk if message.whom else 0
        return sum(at >= moment for at in self.sent.get(patient, []))


def read_batch(ids: list[int], *, now: dt.datetime) -> Batch:
    """Read the messages with visit, patient, clinic and bookings, and what the limits on messages need."""
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
        without_reminders=_without_reminders(
            {row.whom.pk for row in rows.values() if row.whom and SORTS[row.kind].reminds}
        ),
    )


def _near(rows: Iterable[Message]) -> dict[int, list[tuple[int, Visit]]]:
    """For each message in LOOK_AROUND: the patient's other visits around, with the distance in days.

    Most patients have none: whole visits are read only where there is one.
    """
    looking = {row.pk: row.visit for row in rows if row.visit and row.kind in LOOK_AROUND}
    if not looking:
        return {}
    around = Visit.objects.filter(
        patient__in={visit.patient_id for visit in looking.values()},
        arrives_at__gt=min(visit.arrives_at for visit in looking.values()) - NEAR,
        arrives_at__lt=max(visit.arrives_at for visit in looking.values()) + NEAR,
        bookings__position=0,
        bookings__status__in=COMING | CONFIRMED,
    )
    visits_by_patient: dict[int | None, set[int]] = {}
    for pk, patient in around.values_list("pk", "patient"):
        visits_by_patient.setdefault(patient, set()).add(pk)
    wanted = {pk for visit in looking.values() for pk in visits_by_patient.get(visit.patient_id, set()) - {visit.pk}}
    visits = _whole(wanted)
    return {pk: _around(visit, visits.get(visit.patient_id, [])) for pk, visit in looking.items()}


def _whole(visits: set[int]) -> dict[int | None, list[Visit]]:
    """These visits with all that messages say about them, by patient, earliest first."""
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
    """The stopped ones among these addresses, in lower case."""
    wanted = {address.lower() for address in addresses if address}
    if not wanted:
        return frozenset()
    return frozenset(StoppedAddress.objects.filter(address__in=wanted).values_list("address", flat=True))


def _unwilling(patients: set[int]) -> frozenset[int]:
    """The patients among these who stopped optional messages."""
    if not patients:
        return frozenset()
    return frozenset(StoppedPatient.objects.filter(patient__in=patients).values_list("patient", flat=True))


def _without_reminders(patients: set[int]) -> frozenset[int]:
    """The patients among these who stopped reminders."""
    if not patients:
        return frozenset()
    rows = StoppedPatient.objects.filter(patient__in=patients, reminders_at__isnull=False)
    return frozenset(rows.values_list("patient", flat=True))
