"""The rules as they are shipped, against a second reading of the same data: pair by pair, day by day."""

import datetime as dt
import random
from collections import Counter
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from bookings.rules.limits import BookingLimits, PlannedTherapy
from tests.bookings.oracle_rules import Given, forbids
from tests.shipped import load_shipped
from therapies.models import Rule, Variant
from therapies.rulebook import KINDS, names_of, rule_of
from therapies.rules import WRITTEN_ORDER, Session

pytestmark = pytest.mark.django_db

ZONE = ZoneInfo("Europe/London")
FIRST = dt.datetime(2026, 3, 20, 8, 0, tzinfo=ZONE)  # the clocks change on the 29th


@pytest.fixture
def rules(db: None) -> list[Rule]:
    load_shipped()
    return list(Rule.objects.filter(kind__in=KINDS).order_by("code"))


@pytest.fixture
def variants(rules: list[Rule]) -> list[Variant]:
    asked = Variant.objects.filter(steps__isnull=False).exclude(therapy__kind="consultation").distinct()
    return list(asked.select_related("therapy").prefetch_related("steps").order_by("therapy__code", "code"))


def lifted_by(given: Given) -> frozenset[str]:
    """What its order lifts: all that a Vaidya may."""
    return frozenset([WRITTEN_ORDER] if given.beyond else [])


def session(given: Given) -> Session:
    therapy = given.variant.therapy
    return Session(names_of(therapy.code, therapy.groups, given.variant.code), given.at, lifted=lifted_by(given))


def limits_of(rules: list[Rule], visit_parts: list[Given], had: list[Given]) -> BookingLimits:
    made = [rule_of(row.code, kind=row.kind, is_hard=row.is_hard, data=row.data, sources=row.sources) for row in rules]
    parts = []
    for visit_part in visit_parts:
        present = sorted((step.offset, step.code) for step in visit_part.variant.steps.all() if step.patient_present)
        steps = tuple(code for _, code in present)
        parts.append(
            PlannedTherapy(session(visit_part).names, steps, visit_part.at - visit_parts[0].at, lifted_by(visit_part))
        )
    return BookingLimits(tuple(rule for rule in made if rule), tuple(parts), tuple(session(each) for each in had), ZONE)


def a_life(variants: list[Variant], chance: random.Random) -> tuple[list[Given], list[Given]]:
    """A visit of one to three therapies, and what the patient had or will have within three weeks of it."""

    def some(days: int) -> dt.datetime:
        return FIRST + dt.timedelta(days=days, minutes=5 * chance.randrange(0, 96))

    few = chance.sample(variants, 4)  # the same ones come again, as in a course
    had = [
        Given(chance.choice(few), some(chance.randrange(-21, 21)), chance.random() < 0.2)
        for _ in range(chance.randrange(12))
    ]
    if chance.random() < 0.5:  # days of ghee, without which nothing strong is ever allowed
        ghee = next(variant for variant in variants if variant.therapy.code == "snehapana")
        end = chance.randrange(-6, 2)
        had += [Given(ghee, some(end - n)) for n in range(chance.randrange(1, 9))]
    start = some(0)
    count = chance.choice([1, 1, 1, 2, 3])
    beyond = chance.random() < 0.2
    visit_parts = [
        Given(chance.choice(few if chance.random() < 0.6 else variants), start + n * dt.timedelta(hours=1), beyond)
        for n in range(count)
    ]
    return visit_parts, had


def moved(visit_parts: list[Given], start: dt.datetime) -> list[Given]:
    """The same visit at another time."""
    return [replace(visit_part, at=start + (visit_part.at - visit_parts[0].at)) for visit_part in visit_parts]


def test_shipped_rules_forbid_what_a_second_reading_forbids(rules: list[Rule], variants: list[Variant]) -> None:
    chance = random.Random(3)
    wrong, answers = [], Counter[bool]()
    for _ in range(300):
        visit_parts, had = a_life(variants, chance)
        limits = limits_of(rules, visit_parts, had)
        for day in (0, 1, 9):  # the ninth is that of the clocks
            midnight = (FIRST + dt.timedelta(days=day)).replace(hour=0)
            starts = [midnight + dt.timedelta(minutes=5 * cell) for cell in sorted(chance.sample(range(48, 264), 4))]
            starts += [midnight.replace(hour=had[0].at.hour, minute=had[0].at.minute)] if had else []
            expected = [start for start in starts if not forbids(rules, moved(visit_parts, start), had)]
            found, closed = limits.permitted(starts)
            answers[bool(found)] += 1
            if found != expected or bool(closed) == bool(found):
                wrong.append((found, expected, visit_parts, had))

    assert wrong == []
    assert min(answers[True], answers[False]) > 100


def test_every_shipped_hard_rule_speaks_in_some_life_or_is_held_by_somebody_else(
    rules: list[Rule], variants: list[Variant]
) -> None:
    chance = random.Random(5)
    spoke: set[str] = set()
    # The oil and the heat that these ask for are steps of the therapies themselves, so nothing shipped breaks them.
    never = {"seq_oleation_before_sudation", "seq_basti_local_prep", "seq_nasya_local_prep"}
    expected = {rule.code for rule in rules if "held_by" not in rule.data} - never
    for _ in range(4000):
        if spoke >= expected:
            break
        visit_parts, had = a_life(variants, chance)
        limits = limits_of(rules, visit_parts, had)
        spoke |= {ruling.code for ruling in limits._broken(visit_parts[0].at) + limits.notes(visit_parts[0].at)}

    assert spoke == expected


def test_next_possible_date_has_an_hour_that_the_second_reading_allows(
    rules: list[Rule], variants: list[Variant]
) -> None:
    chance = random.Random(8)
    seen = 0
    for _ in range(100):
        visit_parts, had = a_life(variants, chance)
        limits = limits_of(rules, visit_parts, had)
        following = limits.next_possible(visit_parts[0].at) if limits.why_not(visit_parts[0].at) else None
        if following is None:
            continue
        seen += 1
        for date in {max(following - dt.timedelta(days=1), visit_parts[0].day + dt.timedelta(days=1)), following}:
            assert has_an_hour(rules, visit_parts, had, date) == (date == following), (
                date,
                following,
                visit_parts,
                had,
            )

    assert seen > 8


def has_an_hour(rules: list[Rule], visit_parts: list[Given], had: list[Given], date: dt.date) -> bool:
    """Tries every five minutes from which the visit does not go on into another date."""
    length = visit_parts[-1].at - visit_parts[0].at
    for number in range(288 - int(length.total_seconds()) // 300):
        at = dt.datetime.combine(date, dt.time(number // 12, number % 12 * 5), tzinfo=ZONE)
        if not forbids(rules, moved(visit_parts, at), had):
            return True
    return False
