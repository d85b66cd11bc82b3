"""What a person says about sending: stop all, go on, and for each held message whether it is sent."""

import datetime as dt

from django.db import transaction
from django.db.models import Q, QuerySet

from bookings.models import Message, Sending, State
from bookings.models.message import MessageQuerySet
from clinic.people.models import User
from clinic.premises.models import Clinic

from .outbox.switch import ONLY, held_mail
from .wakeup import wake_senders

NOT_WANTED = "not sent after a restore"


@transaction.atomic
def stop_sending(*, reason: str, by: User, now: dt.datetime) -> None:
    """No message of any clinic leaves from now on."""
    Sending.objects.update_or_create(pk=ONLY, defaults={"stopped_at": now, "stopped_by": by, "reason": reason})


@transaction.atomic
def resume_sending() -> None:
    """Messages leave again, but for those that are held."""
    Sending.objects.filter(pk=ONLY).update(stopped_at=None, stopped_by=None, reason="")
    wake_senders()


def held_at(clinics: QuerySet[Clinic]) -> MessageQuerySet:
    """What is held of these clinics, and mail about accounts, which belongs to none."""
    return held_mail().filter(Q(clinic__in=clinics) | Q(clinic=None)).with_visit()


@transaction.atomic
def release_held(*, messages: MessageQuerySet, by: User, now: dt.datetime) -> int:
    """Let these leave as soon as messages leave at all. Returns how many."""
    rows = _locked(messages)
    count = Message.objects.filter(pk__in=rows).update(due_at=now, settled_by=by)
    wake_senders()
    return count


@transaction.atomic
def discard_held(*, messages: MessageQuerySet, by: User) -> int:
    """Never send these: the patient has them already, or was told in another way. Returns how many."""
    rows = _locked(messages)
    return Message.objects.filter(pk__in=rows).update(state=State.VOID, problem=NOT_WANTED, settled_by=by, secret={})


def _locked(messages: MessageQuerySet) -> list[int]:
    numbers = list(messages.values_list("pk", flat=True))
    rows = held_mail().filter(pk__in=numbers).order_by("pk").select_for_update(of=("self",))
    return list(rows.values_list("pk", flat=True))
