"""Metrics of the outbox and of the security log for Prometheus.

They are read from the database at each scrape, so that every process reports the same.
"""

import datetime as dt
from collections.abc import Iterator

from django.db.models import Count
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from bookings.models import Message, State
from clinic.people.security_counts import SecurityEvents

from .heartbeat import pulse

A_DAY = dt.timedelta(days=1)


class MessageMetrics(Collector):
    """Gauges: messages of the last day by state, and the ages of the oldest due mail and of the last heartbeat."""

    def __init__(self, now: dt.datetime) -> None:
        self.now = now

    def collect(self) -> Iterator[Metric]:
        recent = GaugeMetricFamily("letters_last_day", "Letters of the last day", labels=["kind", "channel", "state"])
        rows = Message.objects.filter(due_at__gt=self.now - A_DAY, due_at__lte=self.now).exclude(state=State.VOID)
        for row in rows.values("kind", "channel", "state").annotate(count=Count("pk")).order_by("kind"):
            recent.add_metric([row["kind"], row["channel"], row["state"]], row["count"])
        yield recent
        health = pulse(now=self.now)
        yield GaugeMetricFamily(
            "letters_oldest_due_seconds", "Age of the oldest mail that is due", value=health.oldest_due_seconds or 0
        )
        if health.last_look_seconds is not None:
            yield GaugeMetricFamily(
                "letters_last_look_seconds", "Since a sender last looked", value=health.last_look_seconds
            )


def exposition(*, now: dt.datetime) -> bytes:
    """The metrics in Prometheus' text format."""
    registry = CollectorRegistry()
    registry.register(MessageMetrics(now))
    registry.register(SecurityEvents())
    return generate_latest(registry)
