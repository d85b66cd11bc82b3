"""Lines of the logs: no tokens, no rows, and files of days that go when they are too old."""

import datetime as dt
import logging
import stat
import threading
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DataError, IntegrityError
from django.urls import URLPattern, URLResolver, get_resolver

from clinic.log_lines import DailyFileHandler, LineFormatter, redacted

TOKEN = "Wn0tB3inL0gs"


def logged(error: Exception, message: str = "Internal Server Error") -> str:
    try:
        raise error
    except type(error) as raised:
        record = logging.LogRecord("x", logging.ERROR, "", 0, message, (), (type(raised), raised, raised.__traceback__))
        return LineFormatter("{request_id} {message}", style="{").format(record)


def token_paths() -> list[str]:
    """An address for each view behind a door of tokens, a token where the view takes one."""
    patterns = [(("/" + prefix).replace("^", ""), entry) for prefix, entry in walk(get_resolver(), "")]
    return [
        prefix.replace("<str:token>", TOKEN).replace("(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$", f"1-{TOKEN}/")
        for prefix, entry in patterns
        if getattr(entry.callback, "access", "") == "token" and "<slug" not in prefix
    ]


def walk(resolver: URLResolver, prefix: str) -> list[tuple[str, URLPattern]]:
    found = []
    for entry in resolver.url_patterns:
        path = prefix + str(entry.pattern)
        found += walk(entry, path) if isinstance(entry, URLResolver) else [(path, entry)]
    return found


def test_tokens_of_all_such_addresses_are_hidden() -> None:
    paths = token_paths()

    assert len(paths) >= 9
    assert [path for path in paths if TOKEN in path and TOKEN in redacted(f"Not Found: {path}")] == []
    assert [path for path in paths if TOKEN not in path] == ["/letters/metrics/"] or all(
        TOKEN in path for path in paths
    )


def test_other_addresses_stay_readable() -> None:
    path = "/desk/patients/2f0b1c1e-0000-4000-8000-000000000000/record/"

    assert redacted(path) == path
    assert redacted("/accounts/password/reset/key/done/") == "/accounts/password/reset/key/done/"


def test_rows_are_hidden_also_those_of_several_lines() -> None:
    first = 'null value in column "x" violates not-null constraint'
    words = f"{first}\nDETAIL:  Failing row contains (1, two\n\nlines, pain)."

    text = logged(IntegrityError(words))

    assert text.splitlines()[-1].endswith(f"IntegrityError: {first}")
    assert "pain" not in text
    assert "pain" not in logged(ValueError("x"), message=repr(words))


def test_a_wrong_value_is_hidden() -> None:
    text = logged(DataError('invalid input syntax for type integer: "pain"\nLINE 1: SELECT pain'))

    assert text.splitlines()[-1].endswith("DataError: invalid input syntax for type integer: <hidden>")
    assert "pain" not in text


def test_rows_are_hidden_where_the_message_repeats_the_error() -> None:
    words = 'invalid input syntax for type integer: "x"\nLINE 1: SELECT pain'

    assert "pain" not in logged(DataError(words), message=f"could not be kept: {words}")


def test_what_was_typed_begins_no_line_of_its_own() -> None:
    typed = "Not Found: /x\n2026-03-02T04:30:00 ERROR sign_in root\r\x1b[2J\u2028"
    record = logging.LogRecord("x", logging.WARNING, "", 0, "%s", (typed,), None)

    text = LineFormatter("{message}", style="{").format(record)

    assert text == "Not Found: /x\\n2026-03-02T04:30:00 ERROR sign_in root\\r\\x1b[2J\\u2028"


def test_lines_say_the_time_with_its_zone() -> None:
    moment = dt.datetime(2026, 3, 2, 4, 30, tzinfo=dt.UTC).timestamp()
    record = logging.makeLogRecord({"msg": "well", "created": moment})

    assert LineFormatter("{asctime} {message}", style="{").format(record) == "2026-03-02T04:30:00.000+00:00 well"


def test_a_refusal_has_no_traceback() -> None:
    assert logged(PermissionDenied()) == "- Internal Server Error"


def test_a_file_a_day_is_for_its_owner_only_and_old_ones_go(tmp_path: Path) -> None:
    for day in ("2025-03-01", "2025-03-02", "notadate"):
        (tmp_path / f"security-{day}.log").touch()
    handler = DailyFileHandler(str(tmp_path / "security.log"), days=365)
    for moment in (dt.datetime(2026, 3, 1, 23, 59, tzinfo=dt.UTC), dt.datetime(2026, 3, 2, 0, 1, tzinfo=dt.UTC)):
        record = logging.makeLogRecord({"msg": "sign_in", "created": moment.timestamp()})
        handler.emit(record)
    handler.close()

    names = sorted(path.name for path in tmp_path.iterdir())
    days = ["2025-03-02", "2026-03-01", "2026-03-02", "notadate"]
    assert names == [f"security-{day}.log" for day in days]
    assert (tmp_path / names[1]).read_text() == "sign_in\n"
    assert stat.S_IMODE((tmp_path / names[1]).stat().st_mode) == 0o600


def test_writers_at_once_mix_no_lines(tmp_path: Path) -> None:
    def write(letter: str) -> None:
        handler = DailyFileHandler(str(tmp_path / "security.log"), days=1)
        for _time in range(200):
            handler.emit(logging.makeLogRecord({"msg": letter * 300}))
        handler.close()

    writers = [threading.Thread(target=write, args=[letter]) for letter in "abcd"]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    lines = next(tmp_path.iterdir()).read_text().splitlines()
    assert sorted(lines) == sorted(letter * 300 for letter in "abcd" for _time in range(200))


def test_a_full_disk_stops_no_request(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    handler = DailyFileHandler(str(tmp_path / "missing" / "security.log"), days=1)

    handler.emit(logging.makeLogRecord({"msg": "sign_in"}))

    assert "FileNotFoundError" in capsys.readouterr().err
