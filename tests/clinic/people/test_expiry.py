"""What is swept away every day, and what stays."""

import datetime as dt
from io import StringIO

import pytest
import time_machine
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse

from bookings.messages.account_messages import write_account_message
from clinic.celery import app
from clinic.people.expiry import KEPT_FOR, Swept, sweep
from clinic.people.models import User
from clinic.people.tasks import sweep_people
from clinic.premises.models import Clinic
from tests import factories

pytestmark = pytest.mark.django_db

SECOND = dt.timedelta(seconds=1)


def ask(now: dt.datetime) -> User:
    """Somebody asks for a code, and nothing more comes of it."""
    return factories.make_user("nobody@example.org", joined_at=None, asked_at=now)


def test_account_that_nobody_came_in_with_is_removed_after_thirty_days(now: dt.datetime) -> None:
    ask(now)

    kept = sweep(now=now + KEPT_FOR)
    there = User.objects.count()
    removed = sweep(now=now + KEPT_FOR + SECOND)

    assert (kept, there) == (Swept(0, 0), 1)
    assert (removed, User.objects.count()) == (Swept(0, 1), 0)


def test_account_whose_letter_is_on_record_by_address_is_removed(now: dt.datetime) -> None:
    user = ask(now)
    write_account_message(email=user.email, template="login_code", context={"code": "1"}, language="en", now=now)

    assert sweep(now=now + 2 * KEPT_FOR).accounts == 1


def test_account_that_came_in_stays(now: dt.datetime) -> None:
    factories.make_user("meera@example.org", joined_at=now, asked_at=now)

    assert sweep(now=now + 2 * KEPT_FOR) == Swept(0, 0)


def test_account_that_a_manager_made_stays(now: dt.datetime) -> None:
    factories.make_user("asha@example.org", joined_at=None)

    assert sweep(now=now + 2 * KEPT_FOR) == Swept(0, 0)


def test_account_that_acts_for_a_patient_stays(now: dt.datetime) -> None:
    factories.make_access(ask(now), factories.make_patient())

    assert sweep(now=now + 2 * KEPT_FOR) == Swept(0, 0)
    assert User.objects.get().accesses.count() == 1


def test_account_that_works_here_stays(now: dt.datetime, clinic: Clinic) -> None:
    factories.make_member(clinic, "therapist", user=ask(now))

    assert sweep(now=now + 2 * KEPT_FOR) == Swept(0, 0)


def test_one_that_must_stay_keeps_no_other(now: dt.datetime) -> None:
    factories.make_access(ask(now), factories.make_patient())
    factories.make_user("other@example.org", joined_at=None, asked_at=now)

    assert sweep(now=now + 2 * KEPT_FOR) == Swept(0, 1)


def test_asking_again_counts_anew(client: Client, now: dt.datetime) -> None:
    for moment in (now, now + 29 * dt.timedelta(days=1)):
        with time_machine.travel(moment, tick=False):
            client.post(reverse("account_request_login_code"), {"email": "nobody@example.org"})

    assert User.objects.get().asked_at == now + 29 * dt.timedelta(days=1)
    assert sweep(now=now + KEPT_FOR + SECOND).accounts == 0


def test_only_sessions_that_are_over_are_removed(client: Client, owner: User, now: dt.datetime) -> None:
    client.force_login(owner)
    Session.objects.create(session_key="over", session_data="", expire_date=now - SECOND)
    Session.objects.exclude(session_key="over").update(expire_date=now + SECOND)

    assert sweep(now=now) == Swept(1, 0)
    assert Session.objects.get().session_key == client.session.session_key


def test_entries_of_the_cache_that_expired_are_removed(db: None) -> None:
    cache.set_many({"over": 1, "here": 2}, timeout=60)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE cache SET expires = now() - interval '1 day' WHERE cache_key LIKE '%over'")

    sweep(now=dt.datetime.now(dt.UTC))

    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key FROM cache")
        assert cursor.fetchall() == [(":1:here",)]


def test_session_that_goes_on_touches_no_index(client: Client, owner: User) -> None:
    """PostgreSQL counts an update that stayed on its page."""
    client.force_login(owner)
    session = Session.objects.get()
    counts = "SELECT n_tup_upd, n_tup_hot_upd FROM pg_stat_xact_user_tables WHERE relname = 'django_session'"
    with connection.cursor() as cursor:
        cursor.execute(counts)
        before = cursor.fetchone()
        session.expire_date += 60 * SECOND
        session.save()
        cursor.execute(counts)
        after = cursor.fetchone()

    assert (after[0] - before[0], after[1] - before[1]) == (1, 1)


def test_command_says_what_it_removed(now: dt.datetime) -> None:
    ask(now)
    said = StringIO()

    with time_machine.travel(now + 2 * KEPT_FOR, tick=False):
        call_command("sweep", stdout=said)

    assert said.getvalue() == "removed 0 sessions, 1 accounts, 0 requests\n"


def test_beat_asks_for_it_daily(now: dt.datetime) -> None:
    ask(now)
    planned = settings.CELERY_BEAT_SCHEDULE["sweep-people"]

    app.loader.import_default_modules()
    with time_machine.travel(now + 2 * KEPT_FOR, tick=False):
        app.tasks[planned["task"]]()

    assert (planned["task"], planned["schedule"]) == (sweep_people.name, 86_400)
    assert not User.objects.exists()
