"""What somebody typed while the same questions were answered elsewhere: kept in this browser's session, never a row."""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import HttpRequest

from .answers_so_far import ROOM

IN_SESSION = "typed_meanwhile"
FIELD = re.compile(r"(q\d+(-text)?|none\d+)")
MOST = 400
"""Fields; no questionnaire has as many."""


@dataclass(frozen=True)
class TypedAnswers:
    """By the names of the form's fields, and when."""

    said: Mapping[str, str]
    at: dt.datetime


def keep_unsaved(request: HttpRequest, key: str, earlier: Mapping[str, Sequence[str]], now: dt.datetime) -> None:
    """Remember what was typed on earlier pages and on the one that is posted now."""
    posted = {name: request.POST.getlist(name) for name in request.POST}
    fields = [(name, row[-1][:ROOM]) for name, row in {**earlier, **posted}.items() if row]
    values = dict([(name, value) for name, value in fields if FIELD.fullmatch(name)][:MOST])
    if values:
        everything = request.session.get(IN_SESSION, {})
        request.session[IN_SESSION] = everything | {key: {"said": values, "at": now.isoformat()}}


def unsaved_of(request: HttpRequest, key: str) -> TypedAnswers | None:
    """What this browser typed of the questionnaire of this key and could not send."""
    kept = request.session.get(IN_SESSION, {}).get(key)
    return TypedAnswers(kept["said"], dt.datetime.fromisoformat(kept["at"])) if kept else None
