"""How long after a meal, said once for a visit of several therapies: two different hours help nobody. Pure words."""

from collections.abc import Iterable, Sequence
from functools import cache

import yaml

from therapies.catalogue.meals import STRICTEST_FIRST
from therapies.catalogue.reader import HOME


@cache
def _sentences() -> tuple[tuple[str, ...], ...]:
    """For each of these codes its sentences in all languages, with {hours} in them."""
    preparation = yaml.safe_load((HOME / "vocabulary.yaml").read_text(encoding="utf-8"))["preparation"]
    return tuple(tuple(preparation.get(code, {}).values()) for code in STRICTEST_FIRST)


def one_meal(of_therapies: Iterable[tuple[int | None, Sequence[str]]]) -> list[str]:
    """The sentences of several therapies in their order, each once; of those about the last meal only the strictest.

    Each therapy gives its hours after a meal (None: it asks for none) and its sentences. A sentence that a clinic wrote
    in other words is kept as it is.
    """
    lines = [(_rank(line, hours), line) for hours, given in of_therapies for line in given]
    strictest = max((rank for rank, _line in lines if rank), default=None)
    return list(dict.fromkeys(line for rank, line in lines if rank in (None, strictest)))


def without_hours(lines: Iterable[str], hours: int | None) -> list[str]:
    """The sentences without those that ask for so many hours after a meal."""
    return [line for line in lines if _rank(line, hours) is None]


def _rank(line: str, hours: int | None) -> tuple[int, int] | None:
    """How strict a sentence about the last meal is: more hours first, then the stricter words; None for any other."""
    for position, sentences in enumerate(_sentences() if hours else ()):
        if line in {sentence.replace("{hours}", str(hours)) for sentence in sentences}:
            return hours or 0, -position
    return None
