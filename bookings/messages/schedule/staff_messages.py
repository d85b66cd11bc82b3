"""Messages to staff: day sheet, new online bookings, failed messages. A count and a link, never a name.

Each is looked at once a day and clinic, for all clinics at the same time: senders come every few seconds, and somebody
may be waiting for a sign-in code meanwhile.
"""

import datetime as dt
import logging
from collections.abc import Iterable

from django.db import DatabaseError, transaction

from bookings.messages.content.staff_counts import ROUNDS, Round
from bookings.messages.times import on_day
from bookings.models import Message
from bookings.models.message import StaffRound
from clinic.batches import delete_in_batches
from clinic.people.models import Membership, Role
from clinic.premises.models import Clinic

log = logging.getLogger(__name__)

READERS = (Role.FRONT_DESK, Role.MANAGER)
STILL_WORTH_IT = dt.timedelta(hours=2)
ROUNDS_KEPT_FOR = dt.timedelta(days=7)

Due = dict[tuple[Round, dt.date], list[Clinic]]


def plan_staff_messages(*, now: dt.datetime) -> int:
    """Write the messages that are due and have something to report; returns how many.

    Every sender calls it at each tick: the key contains clinic, kind, date and reader, so a message exists only once.
    """
    try:
        return sum(_write(turn, on, clinics, now=now) for (turn, on), clinics in _not_looked_at(now).items())
    except DatabaseError:
        log.exception("the messages to staff cannot be planned")
        return 0


def forget_rounds(*, now: dt.datetime) -> int:
    """Remove what was looked at on days that are long over. How many."""
    return delete_in_batches(StaffRound.objects.filter(on__lt=(now - ROUNDS_KEPT_FOR).date()))


def _not_looked_at(now: dt.datetime) -> Due:
    """The clinics where the hour of a message has come and nobody has looked yet, by message and day."""
    due: Due = {}
    for clinic in Clinic.objects.filter(is_active=True).only("slug", "timezone").order_by("pk"):
        for turn, on in _rounds_at(clinic, now):
            due.setdefault((turn, on), []).append(clinic)
    if not due:
        return due
    rows = StaffRound.objects.filter(on__in={on for _turn, on in due}).values_list("clinic", "kind", "on")
    done = set(rows)
    left = {
        (turn, on): [clinic for clinic in clinics if (clinic.pk, turn.kind.value, on) not in done]
        for (turn, on), clinics in due.items()
    }
    return {key: clinics for key, clinics in left.items() if clinics}


def _rounds_at(clinic: Clinic, now: dt.datetime) -> list[tuple[Round, dt.date]]:
    """A bad value of one clinic, such as an unknown time zone, must not stop the others."""
    try:
        on = clinic.today(now)
        begun = [(turn, on_day(on, turn.minute, clinic.zone)) for turn in ROUNDS]
    except (ValueError, KeyError, ArithmeticError):  # ZoneInfo raises the first and second
        log.exception("the messages to staff of %s cannot be planned", clinic.slug)
        return []
    return [(turn, on) for turn, due in begun if due <= now < due + STILL_WORTH_IT]


@transaction.atomic
def _write(turn: Round, on: dt.date, clinics: list[Clinic], *, now: dt.datetime) -> int:
    counts = turn.count(clinics, now)
    rows = [
        Message(
            key=f"clinic:{clinic}:{turn.kind}:{on}:{reader}",
            kind=turn.kind,
            clinic_id=clinic,
            user_id=reader,
            recipient=address,
            due_at=now,
            made_at=now,
        )
        for clinic, reader, address in _readers(counts, on)
    ]
    Message.objects.bulk_create(rows, ignore_conflicts=True)
    looked_at = [StaffRound(clinic=clinic, kind=turn.kind, on=on) for clinic in clinics]
    StaffRound.objects.bulk_create(looked_at, ignore_conflicts=True)
    return len(rows)


def _readers(clinics: Iterable[int], on: dt.date) -> list[tuple[int, int, str]]:
    """That day's front desk and managers who have an address, as (clinic, account, address); each once a clinic."""
    holding = Membership.objects.holding(*READERS, on=on).filter(clinic__in=list(clinics), user__is_active=True)
    rows = holding.exclude(user__email="").values_list("clinic", "user", "user__email")
    return sorted(set(rows))
