"""The storms of letters at small size: real senders, real kills, a real mail server (I5, I7, I8)."""

import datetime as dt
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from bookings.messages.account_messages import write_account_message
from bookings.models import Heartbeat
from clinic.premises.models import Clinic
from tests.eventually import eventually
from tests.factories import make_clinic, make_consultation
from tests.messages.sink import Sink, running_sink
from tests.storms.nursery import Nursery
from tests.storms.outbox_house import LOOP, SLEEPING, House, house, opened_nursery, our_database
from tests.storms.outbox_storms import call_off_while_sending, kill_senders, send_beside_each_other
from therapies.models import Variant

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


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


HASTY = {"LETTERS_DEADLINE_SECONDS": "2", "LETTERS_LEASE_SECONDS": "6"}
"""Where a sender is killed or a server hangs: the rest has to wait for it."""
UNHURRIED = {"LETTERS_DEADLINE_SECONDS": "30", "LETTERS_LEASE_SECONDS": "120"}
"""Where nothing is to be waited for: a mail that a slow machine sends slowly is not sent twice."""


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("senders") / "senders.log"


@pytest.fixture(scope="module")
def nursery(log: Path, _as_the_serving_role: None) -> Iterator[Nursery]:
    """One for all tests: each of their senders has settings of its own."""
    with opened_nursery(log, os.environ | {"MODE": "local", "DATABASE_URL": our_database()}) as opened:
        yield opened


@pytest.fixture
def senders(
    sink: Sink, log: Path, nursery: Nursery, transactional_db: None, request: pytest.FixtureRequest
) -> Iterator[House]:
    with house(sink, log, nursery=nursery, **getattr(request, "param", UNHURRIED)) as opened:
        yield opened


@pytest.mark.parametrize("senders", [HASTY], ids=["hasty"], indirect=True)
def test_killed_senders_lose_nothing(senders: House, sink: Sink, clinic: Clinic, variant: Variant) -> None:
    found = kill_senders(senders, sink, clinic, variant, LOOP, letters=50, kills=4, senders=2)

    assert (found.lost, found.unlisted, found.message_ids_per_letter) == ([], [], 1)
    assert found.repeated <= found.kills


def test_three_senders_repeat_nothing(senders: House, sink: Sink, clinic: Clinic, variant: Variant) -> None:
    found = send_beside_each_other(senders, sink, clinic, variant, [LOOP, LOOP, LOOP], letters=60)

    assert (found.lost, found.repeated) == ([], 0)


def test_called_off_visits_never_remind_afterwards(
    senders: House, sink: Sink, clinic: Clinic, variant: Variant
) -> None:
    found = call_off_while_sending(senders, sink, clinic, variant, [LOOP, LOOP], letters=60)

    assert (found.late, found.untold) == (0, 0)


def test_sign_in_code_wakes_a_sleeping_sender(senders: House, sink: Sink, clinic: Clinic) -> None:
    senders.start(SLEEPING)
    assert eventually(Heartbeat.objects.exists)

    now = dt.datetime.now(dt.UTC)
    write_account_message(email="a@example.org", template="login_code", context={"code": "1"}, language="en", now=now)

    assert eventually(lambda: sink.taken)
