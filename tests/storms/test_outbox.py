"""Promises I5 to I8 at full size, each with its control: the same storm with the guard off must fail.

`pytest -m storm tests/storms/test_outbox.py -s` prints the counts.
"""

import datetime as dt
import re
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from django.db import connection, transaction
from pytest_django import Settings

from bookings.messages.account_messages import write_account_message
from bookings.messages.outbox.heartbeat import pulse
from bookings.messages.outbox.leases import lease
from bookings.models import Heartbeat, Message, State
from clinic.local.embedded_servers import Server, Servers, servers
from clinic.premises.models import Clinic
from tests.eventually import eventually
from tests.factories import make_clinic, make_consultation
from tests.messages.sink import Sink, running_sink
from tests.storms.outbox_house import CELERY, LOOP, RECKLESS, WORKER, House, fill, house, left
from tests.storms.outbox_storms import (
    call_off_while_sending,
    figures,
    kill_senders,
    send_beside_each_other,
)
from therapies.models import Variant

pytestmark = [pytest.mark.storm, pytest.mark.django_db(transaction=True)]

MANY = 10_000
BEAT = [*CELERY, "beat", "--loglevel", "WARNING", "--pidfile", "", "--schedule"]


@pytest.fixture
def sink() -> Iterator[Sink]:
    with running_sink(later_times=2, hanging_times=1) as running:
        yield running


@pytest.fixture
def clinic(transactional_db: None) -> Clinic:
    return make_clinic()


@pytest.fixture
def variant(clinic: Clinic) -> Variant:
    return make_consultation()


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Servers]:
    """A Valkey of this test's own: it is flushed, frozen and killed."""
    with servers(None, durable=False, given={"DATABASE_URL": "ours"}) as started:
        yield started


@pytest.fixture
def loops(sink: Sink, tmp_path: Path, transactional_db: None) -> Iterator[House]:
    with house(sink, tmp_path / "senders.log") as opened:
        yield opened


@pytest.fixture
def celery(sink: Sink, broker: Servers, tmp_path: Path, transactional_db: None) -> Iterator[House]:
    with house(sink, tmp_path / "senders.log", redis_url=broker.redis_url) as opened:
        yield opened


# --- I5 ---------------------------------------------------------------------------------------------------------------


def test_i5_every_due_letter_is_sent_though_senders_are_killed_and_the_broker_is_ill(
    celery: House, broker: Servers, sink: Sink, clinic: Clinic, variant: Variant, tmp_path: Path
) -> None:
    celery.start(WORKER)
    beat = celery.start([*BEAT, str(tmp_path / "beat")])
    illness = {
        20: lambda: redis.Redis.from_url(broker.redis_url).flushall(),
        40: lambda: freeze(broker, signal.SIGSTOP),
        60: lambda: freeze(broker, signal.SIGCONT),
        80: lambda: valkey_of(broker).kill(),
        100: lambda: valkey_of(broker).start(),
        120: lambda: celery.retire(beat),
    }

    def meanwhile(kill: int) -> None:
        illness.get(kill, lambda: None)()

    found = kill_senders(celery, sink, clinic, variant, LOOP, letters=1000, kills=150, senders=3, meanwhile=meanwhile)

    print("I5", found, figures())
    assert (found.lost, found.unlisted, found.message_ids_per_letter) == ([], [], 1)
    assert found.repeated <= found.kills


def valkey_of(broker: Servers) -> Server:
    assert broker.valkey is not None
    return broker.valkey


def freeze(broker: Servers, how: signal.Signals) -> None:
    """Stop the broker without ending it, or let it go on."""
    child = valkey_of(broker).child
    assert child is not None
    child.process.send_signal(how)


def test_i5_control_marking_before_sending_loses_letters(
    sink: Sink, clinic: Clinic, variant: Variant, tmp_path: Path
) -> None:
    with house(sink, tmp_path / "log", RECKLESS="mark-first") as senders:
        found = kill_senders(senders, sink, clinic, variant, RECKLESS, letters=200, kills=20, senders=3)

    print("I5 control", len(found.lost), "lost")
    assert found.lost != []


# --- I6 ---------------------------------------------------------------------------------------------------------------


def test_i6_worker_consumes_soon_after_the_broker_returns(
    celery: House, broker: Servers, sink: Sink, clinic: Clinic, variant: Variant, tmp_path: Path
) -> None:
    celery.start(WORKER)
    celery.start([*BEAT, str(tmp_path / "beat")])
    fill(clinic, variant, ["first@example.org"], now=dt.datetime.now(dt.UTC))
    assert eventually(lambda: left() == 0, seconds=60)
    valkey = valkey_of(broker)
    valkey.kill()
    fill(clinic, variant, ["second@example.org"], now=dt.datetime.now(dt.UTC))
    time.sleep(5)  # the outage itself

    valkey.start()
    valkey.wait()
    back = time.monotonic()
    assert eventually(lambda: left() == 0, seconds=60)

    print(f"I6 consumed {time.monotonic() - back:.1f} s after the broker returned")
    assert time.monotonic() - back <= 15


def test_i6_silent_tick_is_seen_within_three_ticks(
    celery: House, sink: Sink, clinic: Clinic, tmp_path: Path, settings: Settings
) -> None:
    settings.LETTERS_TICK_SECONDS = 1.0
    celery.start(WORKER)
    beat = celery.start([*BEAT, str(tmp_path / "beat")])
    assert eventually(lambda: Heartbeat.objects.filter(name="tick").exists(), seconds=60)
    assert pulse(now=dt.datetime.now(dt.UTC)).well

    celery.retire(beat)
    silent = time.monotonic()

    assert eventually(lambda: not pulse(now=dt.datetime.now(dt.UTC)).well, seconds=10)
    print(f"I6 red {time.monotonic() - silent:.1f} s after the last tick of 1 s")
    assert time.monotonic() - silent <= 4


# --- I7 ---------------------------------------------------------------------------------------------------------------


def test_i7_three_senders_and_two_beats_repeat_nothing(
    celery: House, sink: Sink, clinic: Clinic, variant: Variant, tmp_path: Path
) -> None:
    beats = [[*BEAT, str(tmp_path / name)] for name in ("one", "two")]

    found = send_beside_each_other(celery, sink, clinic, variant, [WORKER, *beats, LOOP, LOOP, LOOP], letters=1000)

    print("I7", found)
    assert (found.lost, found.repeated) == ([], 0)


def test_i7_control_without_leases_letters_go_twice(
    sink: Sink, clinic: Clinic, variant: Variant, tmp_path: Path
) -> None:
    with house(sink, tmp_path / "log", RECKLESS="no-lease") as senders:
        found = send_beside_each_other(senders, sink, clinic, variant, [RECKLESS] * 3, letters=100)

    print("I7 control", found.repeated, "repeated")
    assert found.repeated > 0


# --- I8 ---------------------------------------------------------------------------------------------------------------


def test_i8_no_letter_for_the_old_time_begins_after_the_commit(
    loops: House, sink: Sink, clinic: Clinic, variant: Variant
) -> None:
    found = call_off_while_sending(loops, sink, clinic, variant, [LOOP, LOOP, LOOP], letters=900)

    print("I8", found)
    assert (found.late, found.untold) == (0, 0)
    assert found.reminded_before > 0, "nothing was on the wire: the storm did not blow"


def test_i8_control_without_a_second_look_old_times_are_sent(
    sink: Sink, clinic: Clinic, variant: Variant, tmp_path: Path
) -> None:
    sink.seconds = 0.05  # what was read at the lease is a few letters old when it is sent
    with house(sink, tmp_path / "log", RECKLESS="no-look") as senders:
        found = call_off_while_sending(senders, sink, clinic, variant, [RECKLESS] * 3, letters=300)

    print("I8 control", found.late, "late")
    assert found.late > 0


# --- speed ------------------------------------------------------------------------------------------------------------


def test_ten_thousand_letters_leave_in_two_minutes(
    sink: Sink, clinic: Clinic, variant: Variant, tmp_path: Path
) -> None:
    to = [f"fine+{number}@mail{number % 20}.example" for number in range(MANY)]
    fill(clinic, variant, to, now=dt.datetime.now(dt.UTC))
    with house(sink, tmp_path / "senders.log", LETTERS_PER_MINUTE_AND_DOMAIN="600") as senders:
        begun = time.monotonic()
        for _sender in range(2):
            senders.start(LOOP)

        assert senders.until_sent(seconds=600, every=0.5)

        seconds = time.monotonic() - begun
        cpu = senders.cpu_seconds() / MANY * 1000
    print(f"{MANY:,} letters in {seconds:.0f} s, {len(sink.taken)} taken, {cpu:.1f} ms of the senders' CPU each")
    assert len({taken.to for taken in sink.taken}) == len(sink.taken) == MANY
    assert seconds < 120


def test_sign_in_code_arrives_within_three_seconds(loops: House, sink: Sink, clinic: Clinic) -> None:
    loops.start([sys.executable, "manage.py", "send_due", "--loop", "--every", "600"])
    assert eventually(Heartbeat.objects.exists, seconds=60)
    begun = time.monotonic()

    now = dt.datetime.now(dt.UTC)
    write_account_message(email="a@example.org", template="login_code", context={"code": "1"}, language="en", now=now)

    assert eventually(lambda: sink.taken, seconds=10)
    print(f"a sign-in code arrived after {time.monotonic() - begun:.2f} s")
    assert time.monotonic() - begun < 3


def test_claim_stays_quick_with_a_million_sent_letters(clinic: Clinic, variant: Variant) -> None:
    now = dt.datetime.now(dt.UTC)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO bookings_message (key, kind, channel, urgent, recipient, language, secret, due_at, state,"
            " attempts, problem, sent_at, message_id, outcome, made_at, reason)"
            " SELECT 'old:' || n, 'account', 'email', false, 'a@example.org', 'en', '{}', %s, 'sent',"
            " 1, '', %s, '', '', %s, '' FROM generate_series(1, 1000000) n",
            [now, now, now],
        )
        cursor.execute("ANALYZE bookings_message")
    fill(clinic, variant, [f"fine+{number}@example.org" for number in range(2000)], now=now)

    said = now + dt.timedelta(seconds=1)
    due = Message.objects.due(said).filter(urgent=False).select_for_update(skip_locked=True).values_list("pk")[:5]
    with transaction.atomic():
        plans = [due.explain(analyze=True) for _turn in range(50)]
    query = sorted(float(re.search(r"Execution Time: ([\d.]+) ms", plan)[1]) for plan in plans)[25]  # type: ignore[index]
    took = []
    for _turn in range(200):
        begun = time.perf_counter()
        _token, ids = lease(now=said, length=dt.timedelta(seconds=120))
        took.append(time.perf_counter() - begun)
        assert len(ids) == 5
    whole = sorted(took)[100] * 1000

    sent = Message.objects.filter(state=State.SENT).count()
    print(f"beside {sent:,} sent rows the lease query takes {query:.2f} ms, the lease {whole:.2f} ms (medians)")
    assert "message_to_mail" in plans[-1]
    assert query < 5
