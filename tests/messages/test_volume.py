"""What senders and `/health/` ask, beside many messages: EXPLAIN tells how much of the table it reads."""

import datetime as dt
import json
from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bookings.messages.content.staff_counts import count_failed_messages
from bookings.messages.outbox.heartbeat import beat, pulse
from bookings.messages.outbox.leases import is_urgent_mail_due, lease
from clinic.premises.models import Clinic
from tests.owner import as_owner

MANY = 40_000
FEW_PAGES = 40
"""Of 8 kB. The whole table of this test has about 1,400."""
FILL = """
INSERT INTO bookings_message (key, kind, channel, urgent, clinic_id, recipient, language, secret, due_at, state,
                              attempts, problem, sent_at, message_id, outcome, made_at, reason)
SELECT 'many:' || n, 'account', 'email', false, %(clinic)s, 'a@example.org', 'en', '{}',
       %(now)s::timestamptz + (n - %(many)s / 2) * interval '1 minute',
       CASE WHEN n < %(many)s / 2 THEN 'sent' ELSE 'due' END, 0, '', %(now)s, '', '', %(now)s, ''
FROM generate_series(1, %(many)s) AS n
"""


@pytest.fixture
def full_outbox(clinic: Clinic, now: dt.datetime) -> Clinic:
    """Half of it sent, the other half due in the weeks to come."""
    with connection.cursor() as cursor:
        cursor.execute(FILL, {"clinic": clinic.pk, "now": now, "many": MANY})
    with as_owner() as cursor:
        cursor.execute("ANALYZE bookings_message")
    return clinic


def pages_read(act: Callable[[], object]) -> int:
    """How many pages of tables and indexes the statements of `act` read."""
    with CaptureQueriesContext(connection) as queries:
        act()
    pages = 0
    with connection.cursor() as cursor:
        for query in queries:
            if '"bookings_message"' in query["sql"] and query["sql"].startswith("SELECT"):
                cursor.execute("EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) " + query["sql"])
                plan = cursor.fetchone()[0]
                plan = (json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"]
                pages += plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]
    assert pages
    return pages


def test_health_reads_a_few_pages_however_many_messages_there_are(full_outbox: Clinic, now: dt.datetime) -> None:
    beat(name="tick", now=now)

    assert pages_read(lambda: pulse(now=now)) < FEW_PAGES
    assert pulse(now=now + dt.timedelta(minutes=1)).oldest_due_seconds == 60


@pytest.mark.parametrize(
    "act",
    [
        lambda _clinic, now: lease(now=now, length=dt.timedelta(minutes=2)),
        lambda _clinic, now: is_urgent_mail_due(now),
        lambda clinic, now: count_failed_messages([clinic], now),
    ],
    ids=["lease", "urgent mail", "failed messages"],
)
def test_what_senders_ask_reads_a_few_pages(
    full_outbox: Clinic, now: dt.datetime, act: Callable[[Clinic, dt.datetime], object]
) -> None:
    assert pages_read(lambda: act(full_outbox, now)) < FEW_PAGES
