"""Questions about our own health: each answers "" or what is wrong, in words for whoever runs the service."""

from functools import cache

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from bookings.messages.outbox.heartbeat import pulse
from bookings.messages.outbox.leases import database_clock
from clinic.premises.models import Clinic
from clinic.wall import ZoneIsKnown, zones_of_python

BROKER_SECONDS = 1


def database() -> str:
    """Whether PostgreSQL answers."""
    try:
        connection.ensure_connection()
        usable = connection.is_usable()
    except DatabaseError as error:
        return f"the database does not answer ({type(error).__name__})"
    return "" if usable else "the database does not answer"


def migrations() -> str:
    """Whether the tables are those of this program."""
    try:
        missing = _missing_migrations()
    except DatabaseError as error:
        return f"the migrations cannot be read ({type(error).__name__})"
    return f"{missing} migrations are not applied" if missing else ""


def clinics() -> str:
    """Whether the program and the database know the time zone of each clinic: else its own pages and letters fail."""
    try:
        rows = list(Clinic.objects.annotate(known=ZoneIsKnown("timezone")).values_list("slug", "timezone", "known"))
    except DatabaseError as error:
        return f"the clinics cannot be read ({type(error).__name__})"
    zones = zones_of_python()
    wrong = [slug for slug, zone, is_known in rows if not is_known or zone not in zones]
    return f"the time zone is not known of: {', '.join(wrong)}" if wrong else ""


def broker() -> str:
    """Whether Redis or Valkey answers."""
    try:
        with redis.Redis.from_url(
            settings.REDIS_URL, socket_timeout=BROKER_SECONDS, socket_connect_timeout=BROKER_SECONDS
        ) as client:
            client.ping()
    except (redis.RedisError, OSError) as error:
        return f"the broker does not answer ({type(error).__name__})"
    return ""


def messages() -> dict[str, str]:
    """Whether senders look (three silent ticks are an illness), and whether letters pile up.

    By PostgreSQL's clock, as the senders: that of a web process may be ahead of it.
    """
    try:
        health = pulse(now=database_clock())
    except DatabaseError as error:
        return {"tick": f"the database does not answer ({type(error).__name__})"}
    looked = health.last_look_seconds
    silent = f"silent for three ticks: {', '.join(health.silent)}" if health.silent else ""
    oldest = health.oldest_due_seconds or 0
    return {
        "tick": "no sender has looked within a day" if looked is None else silent,
        "sending": "a person stopped all sending" if health.is_stopped else "",
        "held": "messages are held since a restore, for a manager to release" if health.is_holding else "",
        "oldest_due": f"a letter waits since {oldest:.0f} seconds" if health.late else "",
    }


def _missing_migrations() -> int:
    if _all_applied.cache_info().currsize:
        return 0
    executor = MigrationExecutor(connection)
    missing = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    if not missing:
        _all_applied()
    return missing


@cache
def _all_applied() -> bool:
    """Remembered by this process once it is so: reading the files takes a tenth of a second."""
    return True
