"""How lines of the logs look, and what never stands in them: tokens of links, and what rows of the database hold."""

import copy
import datetime as dt
import json
import logging
import os
import re
from collections.abc import Iterator
from pathlib import Path

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import Error

from clinic.request_ids import current_request, id_of

HIDDEN = "<hidden>"
TOKENS = re.compile(
    r"(/letters/(?:stop|visit|prepare|aftercare|questions|contact)/"
    r"|/accounts/password/choose/"
    r"|/accounts/password/reset/key/(?!done/))[^/\s\"'?]+"
)
"""The addresses in which a token stands; whoever has it may do what the letter says."""
DETAIL = re.compile(r"DETAIL:[^\n]*")
QUOTED = re.compile(r"\"[^\"]*\"")


CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


class LineFormatter(logging.Formatter):
    """One line with the time in UTC and the request's id; a refusal has no traceback."""

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: ARG002, N802 - logging's
        return dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat(timespec="milliseconds")

    def format(self, record: logging.LogRecord) -> str:
        line = copy.copy(record)
        line.msg, line.args = (
            CONTROLS.sub(_escaped, record.getMessage()),
            (),
        )  # what was typed begins no line of its own
        line.request_id = id_of(getattr(record, "request", None) or current_request()) or "-"
        if record.exc_info and isinstance(record.exc_info[1], PermissionDenied | SuspiciousOperation):
            line.exc_info = line.exc_text = None
        text = super().format(line)
        for error in _chain(record.exc_info[1] if record.exc_info else None):
            if isinstance(error, Error) and str(error):
                for written in (str(error), CONTROLS.sub(_escaped, str(error))):
                    text = text.replace(written, _without_rows(error))
        return redacted(text)


def _escaped(control: re.Match[str]) -> str:
    return ascii(control[0])[1:-1]


def redacted(text: str) -> str:
    """The text without tokens and without details of rows."""
    return DETAIL.sub(f"DETAIL: {HIDDEN}", TOKENS.sub(rf"\1{HIDDEN}", text))


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """An error, and those it came from."""
    seen: set[int] = set()
    waiting = [error]
    while waiting:
        current = waiting.pop()
        if current is not None and id(current) not in seen:
            seen.add(id(current))
            yield current
            waiting += [current.__cause__, current.__context__]


def _without_rows(error: BaseException) -> str:
    """The first line says which constraint it was; the name stays, and of wrong data the words go."""
    first = str(error).splitlines()[0]
    return first if "constraint" in first else QUOTED.sub(HIDDEN, first)


class JsonFormatter(logging.Formatter):
    """One JSON object a line: `at`, and what the record brings in `entry`."""

    def format(self, record: logging.LogRecord) -> str:
        at = dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat(timespec="milliseconds")
        return json.dumps({"at": at, "event": record.getMessage()} | getattr(record, "entry", {}))


class DailyFileHandler(logging.Handler):
    """Appends to one file a day, `security-2026-01-31.log` for `security.log`, and removes those that are too old.

    Several processes write to the same file: each line is one write at its end, and nobody renames it.
    """

    def __init__(self, filename: str, days: int) -> None:
        super().__init__()
        self.path, self.days = Path(filename), days
        self.day: dt.date | None = None
        self.descriptor = -1

    def emit(self, record: logging.LogRecord) -> None:
        try:
            self._open(dt.datetime.fromtimestamp(record.created, dt.UTC).date())
            os.write(self.descriptor, f"{self.format(record)}\n".encode())
        except Exception:  # noqa: BLE001 - as every handler: a full disk stops no request
            self.handleError(record)

    def close(self) -> None:
        if self.descriptor >= 0:
            os.close(self.descriptor)
        self.descriptor, self.day = -1, None
        super().close()

    def _open(self, day: dt.date) -> None:
        if day == self.day:
            return
        if self.descriptor >= 0:
            os.close(self.descriptor)
            self.descriptor = -1
        name = self.path.with_name(f"{self.path.stem}-{day}{self.path.suffix}")
        self.descriptor = os.open(name, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        self.day = day
        self._remove_old(day)

    def _remove_old(self, day: dt.date) -> None:
        oldest = self.path.with_name(f"{self.path.stem}-{day - dt.timedelta(days=self.days)}{self.path.suffix}")
        for file in self.path.parent.glob(f"{self.path.stem}-????-??-??{self.path.suffix}"):
            if file.name < oldest.name:
                file.unlink(missing_ok=True)
