"""What the front desk does for a patient without knowing why: pure. `catalogue/desk_flags.yaml` has the flags."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from therapies.models.words import in_reader_language

KIND = "desk_flag"


@dataclass(frozen=True)
class DeskFlag:
    """Raised by one of `terms`, from an age in whole years, or by what the visit `waits_for`: meal or vaidya."""

    terms: frozenset[str]
    age_from: int | None
    waits_for: str
    says: Mapping[str, str]


@dataclass(frozen=True)
class AtTheDesk:
    """What raises flags: terms that the answers which count name, age in whole years, what the visit asks for."""

    terms: frozenset[str]
    age: int
    is_fasting: bool = False
    waits_for_vaidya: bool = False


def desk_flag_of(data: Mapping[str, Any]) -> DeskFlag:
    """The flag that a rule's data means."""
    return DeskFlag(frozenset(data.get("terms", [])), data.get("age_from"), data.get("waits_for", ""), data["says"])


def raised(flags: Iterable[DeskFlag], at_the_desk: AtTheDesk) -> list[str]:
    """The sentences to show, in the reader's language; they tell what to do and never why."""
    return [in_reader_language(flag.says) for flag in flags if _is_raised(flag, at_the_desk)]


def terms_of(flags: Iterable[DeskFlag]) -> Collection[str]:
    """All the terms that raise one."""
    return frozenset(term for flag in flags for term in flag.terms)


def _is_raised(flag: DeskFlag, at_the_desk: AtTheDesk) -> bool:
    is_old = flag.age_from is not None and at_the_desk.age >= flag.age_from
    waits = {"meal": at_the_desk.is_fasting, "vaidya": at_the_desk.waits_for_vaidya}.get(flag.waits_for, False)
    return is_old or waits or bool(flag.terms & at_the_desk.terms)
