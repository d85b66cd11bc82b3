"""Events of the security log as numbers, for Prometheus: the same in every process, and kept over a restart."""

from collections import Counter
from collections.abc import Iterator

from django.db.models import F
from prometheus_client.core import CounterMetricFamily, Metric
from prometheus_client.registry import Collector

from clinic.people.models import SecurityEventCount


def add(events: Counter[tuple[str, str]]) -> None:
    """Add so many of each event and outcome. Each by itself, so that no two requests wait for each other."""
    for (event, outcome), number in events.items():
        fresh = SecurityEventCount(event=event, outcome=outcome)
        SecurityEventCount.objects.bulk_create([fresh], ignore_conflicts=True)
        SecurityEventCount.objects.filter(event=event, outcome=outcome).update(count=F("count") + number)


class SecurityEvents(Collector):
    """One counter with the event and how it ended."""

    def collect(self) -> Iterator[Metric]:
        family = CounterMetricFamily("security_events", "Events of the security log", labels=["event", "outcome"])
        for row in SecurityEventCount.objects.order_by("event", "outcome"):
            family.add_metric([row.event, row.outcome], row.count)
        yield family
