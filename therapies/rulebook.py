"""Makes rules out of the catalogue's data, and says what it cannot understand.

A rule either names who else holds it (`held_by`), or has one of the forms and a sentence (`says`) for the people it
stops. Numbers in braces are filled in: "{nth} massage within {days} days".
"""

import re
from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _
from pydantic import JsonValue, ValidationError

from therapies.models.words import in_reader_language
from therapies.rule_forms import FORMS, Form, Numbers
from therapies.rules import BookingRule, Unreadable

KINDS = tuple(FORMS)
"""The kinds of rules that a booking is held against."""
HELD_BY = {
    "assessment": "the policies: who may be booked at all",
    "screening": "the questions at booking, and how long their answers hold",
    "day_check": "the questions and the Vaidya's look on the day",
    "review": "the list of what a Vaidya has to look at again",
    "prescription": "the Vaidya's order",
    "steps": "the minutes of the therapy's own steps",
    "advice": "what patients are told",
    "another_rule": "the same rule, written a second time",
}
NAMING = ("applies_to", "each_of", "target", "after", "before", "therapy", "therapy_group", "forbid_after")
BRACES = re.compile(r"\{([^{}]*)\}")


class RuleUnclear(Exception):
    """The data of a rule cannot be understood; `problems` says where, one line each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


def names_of(code: str, groups: Iterable[str], variant: str) -> frozenset[str]:
    """All that a rule may call a therapy by: basti, niruha, basti_niruha, shodhana_family, any_shodhana, all."""
    groups = {*groups}
    events = {"any_shodhana"} if "shodhana_family" in groups else set()
    return frozenset({code, variant, f"{code}_{variant}", "all"} | groups | events)


def rule_of(
    code: str, *, kind: str, is_hard: bool, data: Mapping[str, JsonValue], sources: Iterable[str]
) -> BookingRule | None:
    """The rule that this data means, with its sentence in the reader's language; None where somebody else holds it.

    Raises RuleUnclear.
    """
    if not isinstance(data, Mapping):
        raise RuleUnclear(["is no list of names and values"])
    if "held_by" in data:
        if data["held_by"] not in HELD_BY:
            raise RuleUnclear([f"held_by: unknown “{data['held_by']}”"])
        return None
    form = _form(kind, data)
    rows = {language: _filled(words, form.numbers(), language) for language, words in form.says.items()}
    if not rows.get("en"):
        raise RuleUnclear(["says.en: is missing"])
    says = in_reader_language(rows)
    return form.made(
        {"code": code, "says": says, "sources": tuple(sources), "is_hard": is_hard, "may_be_lifted": form.may_be_lifted}
    )


def rule_or_block(
    code: str, *, kind: str, is_hard: bool, data: Mapping[str, JsonValue], sources: Iterable[str]
) -> BookingRule | None:
    """As `rule_of`, but what cannot be understood becomes a rule that lets nothing pass it may speak of."""
    try:
        return rule_of(code, kind=kind, is_hard=is_hard, data=data, sources=sources)
    except RuleUnclear:
        says = _("The rule “%(code)s” cannot be read. Please tell the manager") % {"code": code}
        return Unreadable(code=code, says=says, sources=tuple(sources), is_hard=is_hard, of=_named(data))


def _form(kind: str, data: Mapping[str, JsonValue]) -> Form:
    forms = FORMS.get(kind, {})
    marks = [str(data.get("kind"))] if kind == "gap" else [*data]
    form = next((forms[mark] for mark in marks if mark in forms), None)
    if form is None:
        raise RuleUnclear([f"no form of {kind} that is known; say held_by where something else holds it"])
    try:
        return form.model_validate(dict(data))
    except ValidationError as error:
        lines = [f"{'.'.join(str(part) for part in one['loc'])}: {one['msg']}" for one in error.errors()]
        raise RuleUnclear(lines) from error


def _filled(words: str, numbers: Numbers, language: str) -> str:
    """The sentence with its numbers; nothing but the numbers of the form may stand in braces."""
    unknown = [name for name in BRACES.findall(words) if name not in numbers]
    if unknown:
        raise RuleUnclear([f"says.{language}: unknown number “{unknown[0]}”"])
    return BRACES.sub(lambda found: str(numbers[found[1]]), words)


def _named(data: Mapping[str, JsonValue] | JsonValue) -> frozenset[str]:
    """The names that unreadable data speaks of, as far as they can be told; none means everything."""
    rows: set[str] = set()
    if not isinstance(data, Mapping):
        return frozenset()
    for key in NAMING:
        value = data.get(key)
        codes = value if isinstance(value, list) else [value]
        if key in data and not all(isinstance(code, str) for code in codes):
            return frozenset()
        rows |= {code for code in codes if isinstance(code, str)}
    return frozenset(rows)
