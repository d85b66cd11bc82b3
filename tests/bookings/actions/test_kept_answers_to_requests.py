"""Answers to requests are kept for thirty days, and swept in batches."""

import datetime as dt
import uuid

from django.conf import settings

from bookings.actions.idempotency import KEPT_FOR, forget_requests
from bookings.messages.schedule.staff_messages import ROUNDS_KEPT_FOR
from bookings.models import Request
from bookings.models.message import StaffRound
from bookings.tasks import sweep_bookings
from clinic.batches import delete_in_batches
from clinic.premises.models import Clinic

SECOND = dt.timedelta(seconds=1)


def keep(at: dt.datetime) -> Request:
    return Request.objects.create(key=uuid.uuid4(), owner="somebody", verb="book", fingerprint="x", at=at)


def test_answer_is_kept_for_thirty_days(db: None, now: dt.datetime) -> None:
    keep(now - KEPT_FOR - SECOND)
    young = keep(now - KEPT_FOR)

    assert forget_requests(now=now) == 1
    assert Request.objects.get() == young


def test_batches_remove_all(db: None, now: dt.datetime) -> None:
    for _number in range(5):
        keep(now)

    assert delete_in_batches(Request.objects.all(), size=2) == 5
    assert not Request.objects.exists()


def test_beat_sweeps_daily(clinic: Clinic) -> None:
    today = dt.datetime.now(dt.UTC)
    keep(today - KEPT_FOR - SECOND)
    StaffRound.objects.create(clinic=clinic, kind="day_sheet", on=(today - ROUNDS_KEPT_FOR - 2 * dt.timedelta(days=1)))
    planned = settings.CELERY_BEAT_SCHEDULE["sweep-bookings"]

    sweep_bookings()

    assert (planned["task"], planned["schedule"]) == (sweep_bookings.name, 86_400)
    assert not Request.objects.exists()
    assert not StaffRound.objects.exists()
