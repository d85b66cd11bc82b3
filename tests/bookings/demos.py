"""The demo clinic as tests make it, and what must be true of it at any hour."""

import datetime as dt

from bookings.demo import cast, house, visits
from bookings.demo.findings import FINDINGS
from bookings.demo.guests import GUESTS
from bookings.models import Booking, Message, State, Status, Visit


def make(now: dt.datetime) -> list[Visit]:
    clinic = house.open_clinic(now)
    desk = house.employ(clinic, now)
    return visits.fill(clinic, house.welcome(clinic, desk, now, GUESTS), desk, now)


def check_one_reminder_is_due_and_the_diary_is_full(now: dt.datetime) -> None:
    due = Message.objects.filter(kind="reminder", state=State.DUE, due_at__lte=now + dt.timedelta(minutes=1))
    assert [message.visit.patient.given_name for message in due] == ["Meera"]
    reminded = due.get().visit.bookings.get()
    assert now + dt.timedelta(hours=2) < reminded.starts_at <= now + dt.timedelta(hours=24)
    walk_ins_too = now - dt.timedelta(minutes=5)
    coming = Booking.objects.filter(starts_at__gt=walk_ins_too).exclude(pk=reminded.pk)
    booked = sorted(coming.values_list("visit__patient__given_name", "variant__therapy__code"))
    assert booked == sorted((plan.guest, plan.therapy) for plan in cast.PLANS)
    assert Booking.objects.filter(status=Status.COMPLETED).count() == len(FINDINGS)
    assert Message.objects.filter(channel="call", state=State.DUE).exists()
