"""A Vaidya runs late: who is told by how many minutes, and when they were last told."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace

from django import forms
from django.utils.translation import gettext_lazy as _

from bookings.models import History
from clinic.fields import MomentField, WholeField

from .queue import LATE_CHOICES, Queue


class RunningLateForm(forms.Form):
    """Whose session, and by how many minutes it runs late."""

    lane = WholeField(widget=forms.HiddenInput)
    begins = MomentField()
    minutes = forms.TypedChoiceField(
        label=_("Minutes late"), coerce=int, choices=[(minutes, str(minutes)) for minutes in LATE_CHOICES]
    )


def with_told(queues: Iterable[Queue]) -> list[Queue]:
    """The same, each with when and of how many minutes its patients were last told."""
    rows = list(queues)
    visits = [visit.pk for queue in rows for visit in queue.hears]
    acts = History.objects.filter(visit__in=visits, verb="running_late").order_by("pk") if visits else ()
    tellings = {act.visit_id: (act.at, int(act.detail.get("minutes", 0))) for act in acts}
    return [
        replace(queue, told=_latest(tellings[visit.pk] for visit in queue.hears if visit.pk in tellings))
        for queue in rows
    ]


def _latest(tellings: Iterable[tuple[dt.datetime, int]]) -> tuple[dt.datetime, int] | None:
    return max(tellings, default=None)


def queue_named(queues: Iterable[Queue], lane: int, begins: dt.datetime) -> Queue | None:
    """The session that a form names."""
    return next((queue for queue in queues if queue.lane.id == lane and queue.begins == begins), None)
