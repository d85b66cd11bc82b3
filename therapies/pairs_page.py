"""The page of every two therapies on the same day and the days after, written from the catalogue. Pure text."""

from collections.abc import Callable, Iterable, Sequence
from itertools import product

from therapies.catalogue.reader import Catalogue
from therapies.frequency import Gap
from therapies.pairs import PairedTherapy, PairVerdict, booking_rules, given_therapies, pair_verdict, rules_for_two
from therapies.rule_forms import GRADES
from therapies.rules import BookingRule, Ruling

UNKNOWN = ""
Verdicts = dict[tuple[PairedTherapy, PairedTherapy], PairVerdict]
Group = list[PairedTherapy]
HEAD = """# Two therapies: the same day and the days after

Written from `therapies/catalogue/rules.yaml` by `manage.py write_pairs`; do not edit it by hand. It is for the
Vaidyas of a clinic to read and to object to: a manager proposes a changed rule in the admin under its code, and a
Vaidya confirms it. **These are working rules.** Where the source is `clinic_default`, there is none.

Each section says what may follow one therapy. *Same day*: later on the same date. *Open from*: the first day, counted
from the first therapy, on which no rule closes the second; 0 is the same day. *With a note*: it is booked, and a note
says what is usual. Pairs are judged alike whichever of the two was booked first. What speaks against a therapy in the
body of the patient is another matter, and a Vaidya's order decides first of all.
"""
TABLE = ["| then | same day | next day | open from day | why |", "|---|---|---|---|---|"]


def pairs_page(catalogue: Catalogue) -> str:
    """The whole page in Markdown."""
    rules = booking_rules(catalogue)
    given, two = given_therapies(catalogue), rules_for_two(rules)
    grades = (UNKNOWN, *GRADES)
    verdicts = {(a, b): pair_verdict(two, a, b, grades=grades) for a, b in product(given, given)}
    one = _groups(given, lambda a, b: _is_one(verdicts, given, a, b))
    alike = _groups([group[0] for group in one], lambda a, b: _is_alike(verdicts, [group[0] for group in one], a, b))
    names = {group[0]: _name(group, given) for group in one}
    groups = [(group, ", ".join(names[each] for each in group)) for group in alike]
    sections = [_section(group, label, groups, verdicts) for group, label in groups]
    lines = [HEAD, *sections, _comes_first(rules), _sources(catalogue, rules)]
    return "\n".join(lines)


def _groups(given: Sequence[PairedTherapy], same: Callable[[PairedTherapy, PairedTherapy], bool]) -> list[Group]:
    """Those that the rules treat alike, in their order."""
    groups: list[Group] = []
    for each in given:
        own = next((group for group in groups if same(group[0], each)), None)
        if own is None:
            groups.append([each])
        else:
            own.append(each)
    return groups


def _is_one(verdicts: Verdicts, given: Sequence[PairedTherapy], a: PairedTherapy, b: PairedTherapy) -> bool:
    """Whether the rules do not tell them apart."""
    return all(verdicts[a, c] == verdicts[b, c] and verdicts[c, a] == verdicts[c, b] for c in given)


def _is_alike(verdicts: Verdicts, given: Sequence[PairedTherapy], a: PairedTherapy, b: PairedTherapy) -> bool:
    """Whether the rules say the same of both when one stands for the other."""
    others = [c for c in given if c not in (a, b)]
    return (
        verdicts[a, a] == verdicts[b, b]
        and verdicts[a, b] == verdicts[b, a]
        and all(verdicts[a, c] == verdicts[b, c] and verdicts[c, a] == verdicts[c, b] for c in others)
    )


def _name(group: Group, given: Sequence[PairedTherapy]) -> str:
    """The therapies of which every variant is in it, and the variants of the others."""
    whole = {each.therapy for each in group} - {each.therapy for each in given if each not in group}
    return ", ".join(dict.fromkeys(each.therapy if each.therapy in whole else each.label for each in group))


def _section(group: Group, label: str, groups: Sequence[tuple[Group, str]], verdicts: Verdicts) -> str:
    first = group[0]
    rows: dict[PairVerdict, list[str]] = {}
    rows.setdefault(verdicts[first, first], []).append("the same treatment again" if len(group) > 1 else label)
    if len(group) > 1:
        rows.setdefault(verdicts[first, group[1]], []).append("another of these")
    for other, name in groups:
        if other is not group:
            rows.setdefault(verdicts[first, other[0]], []).append(name)
    free = [name for verdict, named in rows.items() if not verdict.closes + verdict.notes for name in named]
    closed_rows = [_row(", ".join(named), verdict) for verdict, named in rows.items() if verdict.closes + verdict.notes]
    lines = [f"## After {label}", "", *([*TABLE, *closed_rows, ""] if closed_rows else [])]
    return "\n".join([*lines, *([f"Open at any time: {', '.join(free)}.", ""] if free else [])])


def _row(names: str, verdict: PairVerdict) -> str:
    why = "<br>".join(_reason(ruling) for ruling in (*verdict.closes, *verdict.notes))
    return f"| {names} | {verdict.same_day} | {verdict.next_day} | {_open_from(verdict.open_from)} | {why} |"


def _reason(ruling: Ruling) -> str:
    note = "" if ruling.is_hard else "note: "
    return f"{note}{ruling.reason.replace('|', '/')} (`{ruling.code}`: {', '.join(ruling.sources)})"


def _open_from(days: Sequence[int]) -> str:
    """One number, or one for each grade of cleansing."""
    unknown, *by_grade = days
    if {*by_grade} <= {unknown}:
        return str(unknown)
    days_by_grade = ", ".join(f"{grade} {day}" for grade, day in zip(GRADES, by_grade, strict=True))
    return f"{days_by_grade}; not written down {unknown}"


def _comes_first(rules: Iterable[BookingRule]) -> str:
    """Rules that ask for a therapy before another, which two alone cannot show."""
    two = rules_for_two(rules)
    firsts = [rule for rule in rules if rule not in two or (isinstance(rule, Gap) and rule.max_days is not None)]
    rows = [f"| {rule.says} | `{rule.code}` | {', '.join(rule.sources)} |" for rule in firsts]
    return "\n".join(["## What must come first", "", "| rule | code | sources |", "|---|---|---|", *rows, ""])


def _sources(catalogue: Catalogue, rules: Iterable[BookingRule]) -> str:
    codes = sorted({source for rule in rules for source in rule.sources})
    rows = [(code, catalogue.sources[code]) for code in codes]
    lines = [f"- `{code}`: {source.title}{f', <{source.url}>' if source.url else ''}" for code, source in rows]
    return "\n".join(["## Sources", "", *lines, ""])
