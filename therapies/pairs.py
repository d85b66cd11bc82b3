"""What the rules say of two therapies: the second so many days after the first, by rules that need no third. Pure."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import product

from therapies.catalogue.reader import Catalogue
from therapies.frequency import DaysAfter, Gap, Length
from therapies.models import BookingMode, TherapyKind
from therapies.order import Order
from therapies.rulebook import KINDS, names_of, rule_of
from therapies.rules import BookingRule, Ruling, Session, judge_rules

FURTHEST = 31
"""Days after the first that are looked at: no rule for two closes more."""
MORNING = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)
LATER = dt.timedelta(hours=5)
"""How much later on the day the second begins."""


@dataclass(frozen=True)
class PairedTherapy:
    """A variant of a therapy: how it and its therapy are called, and all that a rule may call it by."""

    label: str
    therapy: str
    names: frozenset[str]


def given_therapies(catalogue: Catalogue) -> list[PairedTherapy]:
    """All that takes time at a clinic, in the catalogue's order: no consultation, no variant with a smaller crew."""
    rows = sorted(catalogue.therapies.values(), key=lambda therapy: therapy.position)
    return [
        PairedTherapy(
            (variant.names or {}).get("en", therapy.names.en),
            therapy.names.en,
            names_of(therapy.code, therapy.groups, variant.code),
        )
        for therapy in rows
        if therapy.booking_mode != BookingMode.NONE and therapy.kind != TherapyKind.CONSULTATION
        for variant in therapy.variants
        if not variant.smaller_crew_of
    ]


def booking_rules(catalogue: Catalogue) -> list[BookingRule]:
    """The rules that bookings are held against, in English."""
    made = [
        rule_of(rule.code, kind=rule.kind, is_hard=rule.hard, data=rule.rule, sources=rule.sources)
        for rule in catalogue.rules
        if rule.kind in KINDS
    ]
    return [rule for rule in made if rule]


def rules_for_two(rules: Iterable[BookingRule]) -> list[BookingRule]:
    """Those that two sessions can break: not what has to come first, nor how long a course is."""
    return [rule for rule in rules if not isinstance(rule, Order | Length)]


def against_pair(
    rules: Sequence[BookingRule], first: PairedTherapy, second: PairedTherapy, *, day: int, grade: str = ""
) -> list[Ruling]:
    """What speaks against the second so many days after the first (0: later on the same day), whichever is booked last.

    A rule that each of them breaks alone says nothing of the two.
    """
    earlier = Session(first.names, MORNING, grade=grade)
    later = Session(second.names, MORNING + LATER + dt.timedelta(days=day))
    binding = [rule for rule in rules if rule.binds(first.names) and rule.binds(second.names)]
    rulings: dict[str, Ruling] = {}
    for wish, other in ((later, earlier), (earlier, later)):
        alone = judge_rules(binding, [wish], [])
        rulings |= {ruling.code: ruling for ruling in judge_rules(binding, [wish], [other]) if ruling not in alone}
    return [rulings[rule.code] for rule in binding if rule.code in rulings]


@dataclass(frozen=True)
class PairVerdict:
    """What holds for the second after the first. `open_from` is the first day that no hard rule closes, by grade.

    `closes` and `notes` are the rules that say so, in their order; of the hard ones those that name this order of the
    two, where there are any: a gap holds on the same day whichever comes first.
    """

    same_day: str
    next_day: str
    open_from: tuple[int, ...]
    closes: tuple[Ruling, ...]
    notes: tuple[Ruling, ...]


def pair_verdict(
    rules: Sequence[BookingRule], first: PairedTherapy, second: PairedTherapy, *, grades: Sequence[str]
) -> PairVerdict:
    """The verdict on the second on the same day and the days after the first, for each of these grades of the first."""
    judged = grades if any(isinstance(rule, DaysAfter) and first.names & rule.after for rule in rules) else grades[:1]
    by_day = {
        (grade, day): against_pair(rules, first, second, day=day, grade=grade)
        for grade, day in product(judged, range(FURTHEST + 1))
    }
    hard = {ruling: None for found in by_day.values() for ruling in found if ruling.is_hard}
    soft = {ruling: None for found in by_day.values() for ruling in found if not ruling.is_hard}
    closed = {key: any(ruling.is_hard for ruling in found) for key, found in by_day.items()}
    days = range(FURTHEST + 1)
    open_from = tuple(max((day for day in days if closed[grade, day]), default=-1) + 1 for grade in judged)
    named = {rule.code for rule in rules if _names_in_order(rule, first, second)}
    closes = [ruling for ruling in hard if ruling.code in named] or [*hard]
    same, following = by_day[grades[0], 0], by_day[grades[0], 1]
    return PairVerdict(_word(same), _word(following), open_from, (*closes,), (*soft,))


def _names_in_order(rule: BookingRule, first: PairedTherapy, second: PairedTherapy) -> bool:
    """Whether a gap is one from the first to the second; any other rule names no order."""
    if not isinstance(rule, Gap | DaysAfter):
        return True
    return bool(first.names & rule.after and second.names & rule.before)


def _word(found: Sequence[Ruling]) -> str:
    if any(ruling.is_hard for ruling in found):
        return "no"
    return "with a note" if found else "yes"
