"""JSON that somebody sent: one reader, which takes what Python, PostgreSQL and the libraries behind it can hold.

Anything else is no JSON: deeper than `DEEPEST`, numbers beyond the database, infinite ones, halves of letters and zero
bytes in texts. Each of them is well-formed to Python and breaks something later.
"""

import json
import math
from typing import Any

DEEPEST = 20
"""Lists and objects within each other; ours have six, those of a passkey four."""
LONGEST_NUMBER = 40
"""Signs of a number: more than a moment in milliseconds or a measure has."""


class BoundedDecoder(json.JSONDecoder):
    """Django's form fields and `read_json` read with it; all that it refuses is a JSONDecodeError, a ValueError."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options, parse_int=_whole, parse_float=_decimal, parse_constant=_refuse)

    def decode(self, s: str, *args: Any) -> Any:
        try:
            value = super().decode(s, *args)
            _check(value, DEEPEST)
        except json.JSONDecodeError:
            raise
        except (ValueError, RecursionError) as error:
            raise json.JSONDecodeError("No JSON that we take", "", 0) from error
        return value


def read_json(text: str | bytes) -> Any:
    """What a body or a field says. Raises ValueError."""
    return json.loads(text, cls=BoundedDecoder)


def _whole(digits: str) -> int:
    return int(_short(digits))


def _decimal(digits: str) -> float:
    number = float(_short(digits))
    if not math.isfinite(number):
        raise ValueError("A number is too large.")
    return number


def _short(digits: str) -> str:
    if len(digits) > LONGEST_NUMBER:
        raise ValueError("A number is too long.")
    return digits


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is no number.")


def _check(value: Any, depth: int) -> None:
    """Refuse what is nested deeper, and texts that no database keeps."""
    if isinstance(value, str):
        if "\x00" in value:
            raise ValueError("A text has a zero byte.")
        value.encode()  # half of a letter has no bytes: UnicodeEncodeError, a ValueError
    elif isinstance(value, list | dict):
        if depth == 0:
            raise ValueError("It is nested too deeply.")
        for part in value if isinstance(value, list) else [*value.keys(), *value.values()]:
            _check(part, depth - 1)
