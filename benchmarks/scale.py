"""What must not grow with the clinic: health, messages to staff, a sign-in code, the lists of the admin.

Milliseconds of one run, medians: by the clock, and CPU of the database's session beside it. Messages are as many as a
real clinic has, three a visit; each clinic has a front desk and a manager.
"""

import datetime as dt
import statistics
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from django.contrib import admin
from django.db import connection
from django.http import HttpRequest
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bookings.messages.account_messages import write_account_message
from bookings.messages.outbox.heartbeat import TICK, beat, pulse
from bookings.messages.outbox.leases import database_clock, lease
from bookings.messages.schedule.staff_messages import plan_staff_messages
from bookings.messages.times import on_day
from bookings.models import Message
from clinic.people.factors import note_proof
from clinic.people.models import Membership, Role, User
from clinic.premises.models import Clinic

ROUNDS = 7
HOURS = {"day lists": 6 * 60 + 31, "failed messages": 8 * 60 + 1, "new bookings": 18 * 60 + 1}
LISTS = ("visit", "booking", "occupancy", "history", "message")
FILL = """
INSERT INTO bookings_message (key, kind, channel, urgent, clinic_id, visit_id, sequence, recipient, language, secret,
    due_at, state, attempts, problem, sent_at, message_id, outcome, made_at, reason)
SELECT 'visit:' || v.public_id || ':0:' || k.kind || ':0:email', k.kind, 'email', false, v.clinic_id, v.id, v.sequence,
    'p@example.org', 'en', '{}', at.moment,
    CASE WHEN at.moment > now() THEN 'due' WHEN v.id % 1000 = 0 THEN 'failed' ELSE 'sent' END, 1, '', at.moment, '', '',
    v.arrives_at - interval '20 days', ''
FROM bookings_visit v
CROSS JOIN (VALUES ('confirmed', interval '20 days'), ('reminder', interval '2 days'),
    ('follow_up', interval '-14 days')) AS k (kind, ahead)
CROSS JOIN LATERAL (SELECT v.arrives_at - k.ahead AS moment) AS at
"""


def figure(act: Callable[[], object], rounds: int = ROUNDS) -> str:
    """By the clock, and what the database worked for it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        session = Path(f"/proc/{cursor.fetchone()[0]}/schedstat")
    act()
    wall, work = [], []
    for _round in range(rounds):
        begun, used = time.perf_counter(), int(session.read_text().split()[0])
        act()
        wall.append((time.perf_counter() - begun) * 1000)
        work.append((int(session.read_text().split()[0]) - used) / 1e6)
    return f"{statistics.median(wall):.1f} ms, database {statistics.median(work):.1f} ms"


def row(what: str, figures: object) -> None:
    print(f"| {what} | {figures} |", flush=True)


def furnish(now: dt.datetime) -> None:
    """Messages and people, once for each world."""
    if not Message.objects.exists():
        with connection.cursor() as cursor:
            cursor.execute(FILL)
            cursor.execute("ANALYZE bookings_message")
    start = dt.date(2000, 1, 1)
    for clinic in Clinic.objects.filter(memberships=None):
        for role in (Role.FRONT_DESK, Role.MANAGER):
            user = User.objects.create(email=f"{role}{clinic.pk}@bench.example", name="Somebody")
            Membership.objects.create(user=user, clinic=clinic, role=role, starts_on=start, source="operator")
    beat(name=TICK, now=now)


def staff_messages(now: dt.datetime) -> None:
    """The first round after the hour of a message has come, and those that follow, of the day after tomorrow."""
    clinic = Clinic.objects.filter(is_active=True).earliest("pk")
    day = clinic.today(now) + dt.timedelta(days=2)
    for what, minute in HOURS.items():
        begun = time.perf_counter()
        count = plan_staff_messages(now=on_day(day, minute, clinic.zone))
        first = (time.perf_counter() - begun) * 1000
        moment = on_day(day, minute + 1, clinic.zone)
        later = figure(lambda moment=moment: plan_staff_messages(now=moment), rounds=3)
        row(f"messages to staff: {what}, first round ({count} written); those after it", f"{first:.0f} ms; {later}")


def sign_in_code(now: dt.datetime) -> None:
    """From writing to the lease of a sender."""
    number = iter(range(10_000))

    def act() -> None:
        context = {"code": "1"}
        address = f"a{next(number)}@example.org"
        write_account_message(email=address, template="login_code", context=context, language="en", now=now)
        _token, rows = lease(now=database_clock(), length=dt.timedelta(minutes=2))
        Message.objects.filter(pk__in=rows).update(state="void", secret={})

    row("sign-in code: written and leased", figure(act))


def admin_lists() -> None:
    for who, user in (
        ("operator", User.objects.get_or_create(email="operator@bench.example", is_superuser=True)[0]),
        ("manager of one clinic", Membership.objects.filter(role=Role.MANAGER).latest("pk").user),
    ):
        client = signed_in(user)
        for name in [*LISTS, "patient", "read"]:
            app = "bookings" if name in LISTS else "people"
            address = reverse(f"admin:{app}_{name}_changelist")
            with CaptureQueriesContext(connection) as queries:
                client.get(address)
            sql = sum(float(query["time"]) for query in queries) * 1000
            figures = figure(partial(client.get, address), 3)
            row(f"admin, {name}, {who}", f"{figures}; {sql:.0f} ms of SQL")


def signed_in(user: User) -> Client:
    client, request = Client(headers={"host": "localhost"}), HttpRequest()
    client.force_login(user, "clinic.people.passwords.PasswordBackend")
    request.session = client.session
    note_proof(request, user)
    request.session.save()
    return client


def measure(now: dt.datetime) -> None:
    admin.autodiscover()
    furnish(now)
    row("messages", f"{Message.objects.count():,}")
    row("health of the outbox", figure(lambda: pulse(now=now)))
    client = Client(headers={"host": "localhost"})
    for path in ("ready", "reminders", ""):
        row(f"/health/{path}", figure(lambda path=path: client.get(f"/health/{path}")))
    sign_in_code(now)
    staff_messages(now)
    admin_lists()
