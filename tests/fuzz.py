"""Hostile requests, generated from the URLconf and from the forms that the pages show (I25).

Each one is sent inside a savepoint that is rolled back, so that the world stays as it was made.
"""

import json
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from clinic.people.third_party_views import THIRD_PARTY_VIEWS
from tests.all_views import PLACEHOLDER, Place

ROOT = Path(__file__).resolve().parent.parent
HOSTILE = [
    "",
    " ",
    "x",
    "x" * 300,
    "x" * 5000,
    "\x00",
    "a\x00b",
    "²",
    "१२",
    "٣",
    "-1",
    "0",
    "1",
    "7",
    "1.5",
    "-0",
    "+1",
    "2147483647",
    "2147483648",
    str(2**63 - 1),
    str(2**63),
    str(-(2**63) - 1),
    "9" * 400,
    "9" * 5000,
    "1e400",
    "NaN",
    "-Infinity",
    "0001-01-01",
    "9999-12-31",
    "9999-12-30",
    "0000-00-00",
    "2026-02-30",
    "10000-01-01",
    "2026-03-02",
    "31/12/9999",
    "05/06/1980",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-12:00",
    "2026-03-03T04:30:00+00:00",
    "2026-03-03",
    "2026-03-03T04:30",
    "24:00",
    "99:99",
    "00:00",
    "२४:००",
    "null",
    "None",
    "[]",
    "{}",
    "[[[[",
    "[" * 3000,
    '{"en": "\\ud800"}',
    '{"en": "\\u0000"}',
    "1e999",
    "99999999999",
    '{"a": 1}',
    '["x"]',
    "true",
    "<script>alert(1)</script>",
    "%s%n%00",
    "../../etc/passwd",
    "😀" * 60,
    "\u202e\u200b",
    "a" * 300 + "@example.org",
    "a@" + "b" * 300 + ".org",
    "a@localhost",
    "a@[127.0.0.1]",
    "a b@x.org",
    "+" + "9" * 60,
    "00000000-0000-0000-0000-000000000000",
    "not-a-uuid",
    "localtime",
    "Factory",
    "posixrules",
    "24,2",
    "2147483647,1",
    ",",
    "1,",
    ",,,,",
    "-5,3",
    "https://evil.example/",
    "//evil.example",
    "\r\nX-A: b",
    "on",
    "' OR 1=1 --",
    "__all__",
    "pk",
    "id__exact",
    "1__2",
]
IN_PATHS = ["0", "1", "²", "१२", "9" * 30, "9" * 5000, "x" * 300, "a%00b", "-1", "_5F", "%2F", "nobody", "1,2"]
PARAMETER = re.compile(r"""(?:GET|data|params)(?:\.get(?:list)?\(|\[)["'](\w+)["']""")
OF_THE_ADMIN = [
    "q",
    "p",
    "o",
    "e",
    "all",
    "_popup",
    "_to_field",
    "_changelist_filters",
    "term",
    "app_label",
    "model_name",
    "field_name",
    "id__exact",
    "clinic__id__exact",
    "is_active__exact",
    "made_at__year",
    "starts_at__year",
    "arrives_at__month",
    "due_at__year",
    "at__year",
    "due_at__gte",
    "at__range",
    "pk__in",
    "patient__given_name",
]


def parameters() -> list[str]:
    """The names that views read from addresses."""
    found = set(OF_THE_ADMIN)
    for room in ("clinic", "therapies", "bookings"):
        for path in (ROOT / room).rglob("*.py"):
            found |= set(PARAMETER.findall(path.read_text()))
    return sorted(found)


def field_names() -> list[str]:
    """The names of the fields of all form classes."""
    waiting, found = [forms.BaseForm], set()
    while waiting:
        cls = waiting.pop()
        waiting += cls.__subclasses__()
        found |= set(getattr(cls, "base_fields", {}))
    return sorted(found)


STAFF = ("front_desk", "vaidya", "therapist", "manager")
INVITED = {"patient": ("patient",), "staff": STAFF, "manager": ("manager", "superuser")}
"""Whom a door is for: others mostly learn that it is shut."""


@dataclass
class Shown:
    """A form of a page: where it goes, and what it would send if somebody pressed its button."""

    action: str
    method: str
    values: dict[str, list[str]] = field(default_factory=dict)
    files: set[str] = field(default_factory=set)


class Forms(HTMLParser):
    """Collects the forms of a page."""

    def __init__(self, page: str, address: str) -> None:
        super().__init__()
        self.address, self.found, self.select, self.area = address, [], "", ""
        self.found: list[Shown] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            action = urlsplit(said.get("action") or self.address).path
            self.found.append(Shown(action, said.get("method", "get").lower()))
        elif self.found and (name := said.get("name") or (self.select if tag == "option" else "")):
            self._field(tag, name, said)
        if tag == "select":
            self.select = said.get("name", "")

    def _field(self, tag: str, name: str, said: dict[str, str]) -> None:
        shown = self.found[-1]
        if said.get("type") == "file":
            shown.files.add(name)
        elif tag == "option":
            if said.get("value") and (not shown.values.get(name) or "selected" in said):
                shown.values[name] = [said["value"]]
        elif said.get("type") in {"radio", "checkbox"}:
            shown.values.setdefault(name, [said.get("value", "on")])
        elif tag in {"input", "textarea", "button"}:
            shown.values.setdefault(name, [said.get("value", "x")])

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self.select = ""


@dataclass(frozen=True)
class Request:
    """One request, and what came of it."""

    who: str
    method: str
    address: str
    body: Any
    status: int
    fault: str

    @property
    def is_failure(self) -> bool:
        """Whether it broke something; that a page of health says that the house is ill is its answer."""
        is_ill = self.status == 503 and self.address.startswith("/health/")
        return self.status >= 500 and not is_ill

    def __str__(self) -> str:
        return f"{self.status} {self.fault}: {self.who} {self.method} {self.address[:300]} {str(self.body)[:600]}"


@dataclass
class Fuzzer:
    """Sends hostile requests of all roles to all places. The same seed sends the same ones."""

    clients: dict[str, Client]
    places: list[Place]
    values: Callable[[Place], dict[str, Any]]
    seed: int = 1

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)
        self.parameters, self.field_names = parameters(), field_names()
        self.shown: dict[tuple[str, str], list[Shown]] = {}

    def requests(self, number: int) -> Iterator[Request]:
        """Every place in turn, by roles and methods that change from round to round."""
        order: list[Place] = []
        for turn in range(number):
            if not order:
                order = self.random.sample(self.places, len(self.places))
            place = order.pop()
            yield self._one(self._somebody(place), place, learn=turn % 2 == 0)

    def _somebody(self, place: Place) -> str:
        """Mostly one of those whom the door is for."""
        door = place.access or THIRD_PARTY_VIEWS.get(place.key, "")
        invited = [who for who in INVITED.get(door, ()) if who in self.clients]
        return self.random.choice(invited if invited and self.random.random() < 0.85 else list(self.clients))

    def _one(self, who: str, place: Place, *, learn: bool) -> Request:
        path = self._path(place)
        method = self.random.choice(["GET", "POST", "POST", "POST", "HEAD"])
        address = path + self._query()
        if method != "POST":
            asked = self._asked(who, path) if learn and self.random.random() < 0.5 else ""
            return self.send(who, method, f"{path}?{asked}" if asked else address, None)
        return self.send(who, method, self.random.choice([path, address]), self._body(who, path, learn=learn))

    def _path(self, place: Place) -> str:
        """Mostly of a row that is there; now and then nonsense."""
        real = self.values(place)
        if self.random.random() < 0.8:
            return place.of(**real)
        nasty = {name: self.random.choice(IN_PATHS) for _kind, name in PLACEHOLDER.findall(place.route)}
        keep = {name: value for name, value in real.items() if self.random.random() < 0.5}
        return place.of(**(nasty | keep))

    def _query(self) -> str:
        names = self.random.choices([*self.parameters, "clinic", "next", "page", "from"], k=self.random.randint(0, 3))
        return "?" + urlencode([(name, self._hostile()) for name in names]) if names else ""

    def _asked(self, who: str, path: str) -> str:
        """A form of the page that is sent by its address, with one value changed."""
        asking = [shown for shown in self._all_forms(who, path) if shown.method == "get" and shown.values]
        if not asking:
            return ""
        values = {name: list(value) for name, value in self.random.choice(asking).values.items()}
        values[self.random.choice(list(values))] = [self._hostile()]
        return urlencode(values, doseq=True)

    def _hostile(self) -> str:
        return self.random.choice(HOSTILE)

    def _body(self, who: str, path: str, *, learn: bool) -> Any:
        dice = self.random.random()
        if dice < 0.04:
            return self.random.choice(RAW)
        known = self._forms(who, path) if learn else self.shown.get((who, path), [])
        chosen = self.random.choice(known) if known else Shown(path, "post")
        values: dict[str, Any] = {name: list(value) for name, value in chosen.values.items()}
        names = list(values) + sorted(chosen.files)
        for _ in range(self.random.choice([1, 1, 1, 2, 4, 12])):
            name = self.random.choice(names if names and self.random.random() < 0.8 else self.field_names)
            values[name] = self._nasty(name, chosen)
        for name in [name for name in values if self.random.random() < 0.03]:
            del values[name]
        return values

    def _nasty(self, name: str, shown: Shown) -> Any:
        dice = self.random.random()
        if name in shown.files or dice < 0.02:
            content = self.random.choice([b"", b"\x89PNG\r\n\x1a\n" + b"\x00" * 50, b"\xff\xd8\xff", b"x" * 1000])
            return SimpleUploadedFile(self.random.choice(["a.png", "x" * 300, "\x00.jpg", "अ.webp"]), content)
        return [self._hostile() for _ in range(3)] if dice < 0.1 else [self._hostile()]

    def _forms(self, who: str, path: str) -> list[Shown]:
        return [shown for shown in self._all_forms(who, path) if shown.method == "post"]

    def _all_forms(self, who: str, path: str) -> list[Shown]:
        """The forms that lead to this path: of its own page, and of pages seen before."""
        if (who, path) not in self.shown:
            page = self._call(who, "GET", path, None)
            self.shown[who, path] = []
            if page.status_code in (200, 422) and "html" in page.headers.get("Content-Type", ""):
                for shown in Forms(page.content.decode(errors="replace"), path).found:
                    self.shown.setdefault((who, shown.action), []).append(shown)
        return self.shown[who, path]

    def send(self, who: str, method: str, address: str, body: Any) -> Request:
        response = self._call(who, method, address, body)
        status, fault = response.status_code, ""
        if status >= 500:
            error = getattr(response, "exc_info", None)
            fault = " ".join(f"{error[0].__name__}: {error[1]}".split())[:400] if error else "?"
        return Request(who, method, address, body, status, fault)

    def _call(self, who: str, method: str, address: str, body: Any) -> Any:
        client = self.clients[who]
        mark = transaction.savepoint()
        cookies = client.cookies.copy()
        try:
            return client.generic(method, address, *(() if body is None else _encoded(body)))
        finally:
            connection.needs_rollback = False
            transaction.savepoint_rollback(mark)
            client.cookies = cookies


RAW: list[tuple[bytes, str]] = [
    (b"", "application/x-www-form-urlencoded"),
    (b"\xff\xfe\x00", "application/x-www-form-urlencoded"),
    (b"a=%ff%00&a=b&=&&&", "application/x-www-form-urlencoded; charset=nonsense"),
    (b"&".join(b"a%d=1" % number for number in range(3000)), "application/x-www-form-urlencoded"),
    (json.dumps({"a": [1, {"b": None}]}).encode(), "application/json"),
    (b"--x\r\nContent-Disposition: form-data; name=", "multipart/form-data; boundary=x"),
    (b"nonsense", "multipart/form-data"),
    (b"--\xe9\r\n", "multipart/form-data; boundary=\xe9"),
    (b"<a/>", "text/xml"),
    (b"x" * 100_000, "text/plain"),
]
"""Bodies that are no forms."""


def _encoded(body: Any) -> tuple[bytes, str]:
    if isinstance(body, tuple):
        return body
    files = {name: value for name, value in body.items() if isinstance(value, SimpleUploadedFile)}
    if not files:
        return urlencode(body, doseq=True, quote_via=quote).encode(), "application/x-www-form-urlencoded"
    return encode_multipart(BOUNDARY, body), MULTIPART_CONTENT
