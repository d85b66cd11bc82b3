"""Which messages of a course are replaced by the evening message or by another one."""

from django.db.models import F, Q

from bookings.messages.kinds import is_well_ahead, offset_of
from bookings.messages.schedule.batch import Batch
from bookings.messages.schedule.runs import CONFIRMED, REPLACED
from bookings.models import Booking, Channel, Message, MessageKind, State, Status, Visit

TOLD_IN_THE_EVENING = "told by the evening letter of the course"


def why_told_otherwise(message: Message, visit: Visit, batch: "Batch") -> str:
    """ "" or why this message is not needed: another one covers it, or the course has changed."""
    if message.kind == MessageKind.NEXT_VISIT:
        lonely = not offset_of(message) and not batch.neighbours(message) and not _stood_in(message)
        return "no longer one of several days" if lonely else ""
    if message.kind in REPLACED and _is_covered(message, visit, batch):
        return TOLD_IN_THE_EVENING
    if message.kind == MessageKind.AFTERCARE and _has_read_it_the_day_before(visit, batch.days_before(message)):
        return "told after an earlier session of the course"
    if message.kind == MessageKind.FOLLOW_UP and _came_again(visit):
        return "another visit came since"
    return ""


def _stood_in(message: Message) -> bool:
    """Whether a message of the visit was held back in favour of the evening message, which must then be sent."""
    rows = Message.objects.filter(visit=message.visit, sequence=message.sequence, kind__in=REPLACED)
    return rows.filter(state=State.VOID, problem=TOLD_IN_THE_EVENING).exists()


def _is_covered(message: Message, visit: Visit, batch: "Batch") -> bool:
    """Whether an evening message covers this visit: it is due, or was sent since this message was planned.

    A reminder two days ahead of the first day is not covered: it says in time how to prepare.
    """
    alone = not batch.neighbours(message) and not (message.kind == MessageKind.PREPARATION and _stood_in(message))
    if alone or (is_well_ahead(message) and not batch.days_before(message)):
        return False
    telling = Q(state=State.DUE) | Q(state=State.SENT, sent_at__gte=message.made_at)
    rows = Message.objects.filter(
        telling, kind=MessageKind.NEXT_VISIT, channel=Channel.EMAIL, sequence=F("visit__sequence")
    )
    return rows.filter(visit__in=[visit, *batch.same_day(message)]).exists()


def _has_read_it_the_day_before(visit: Visit, before: list[Visit]) -> bool:
    """Whether all treatments of the visit were also given the day before, so that their after-care was sent then."""
    given = Booking.objects.filter(visit__in=[visit, *before], status=Status.COMPLETED)
    rows = set(given.values_list("visit_id", "variant__therapy_id"))
    now = {therapy for visit_id, therapy in rows if visit_id == visit.pk}
    return now <= {therapy for visit_id, therapy in rows if visit_id != visit.pk}


def _came_again(visit: Visit) -> bool:
    later = Visit.objects.filter(patient=visit.patient_id, arrives_at__gt=visit.arrives_at)
    return later.filter(bookings__status__in=CONFIRMED).exists()
