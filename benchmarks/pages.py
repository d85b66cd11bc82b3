"""What each page costs: CPU of this process and of its database session, statements, size; medians of paired rounds.

Every round asks each page once, so that what else the machine does falls on all alike; a view that does nothing and a
bare read of one row stand in the same rounds.
"""

import datetime as dt
import re
import statistics
import time
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from typing import Any

from django.contrib import admin
from django.core.management import call_command
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import reverse

from benchmarks.measurements import free_starts, the_clinic, the_slot_request
from clinic.people.factors import note_proof
from clinic.people.models import Access, Membership, Patient, User
from clinic.people.models.membership import Role, RoleSource

ROUNDS, ADMIN_ROUNDS = 30, 5
LONG_AGO = dt.date(2000, 1, 1)
SIGNS = "/book/signs/"


@dataclass
class Costs:
    """The runs of one page."""

    web_ms: list[float] = field(default_factory=list)
    database_ms: list[float] = field(default_factory=list)
    statements: int = 0
    kilobytes: float = 0

    def __str__(self) -> str:
        web, database = statistics.median(self.web_ms), statistics.mean(self.database_ms)
        return f"{web:.1f} | {database:.1f} | {self.statements} | {self.kilobytes:.1f}"


class Meter:
    """Runs requests, and remembers what each name cost."""

    def __init__(self) -> None:
        self.costs: dict[str, Costs] = defaultdict(Costs)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            self.session = Path(f"/proc/{cursor.fetchone()[0]}/schedstat")
        self.statements = 0

    def database_ms(self) -> float:
        """CPU of the database's process that serves us: it runs on this machine."""
        return int(self.session.read_text().split()[0]) / 1e6

    def run(self, name: str, ask: Callable[[], HttpResponse | None], status: int = 200) -> HttpResponse | None:
        with connection.execute_wrapper(self._count):
            self.statements, database, used = 0, self.database_ms(), time.thread_time()
            response = ask()
            cost = self.costs[name]
            cost.web_ms.append((time.thread_time() - used) * 1000)
        cost.database_ms.append(self.database_ms() - database)
        cost.statements = self.statements
        if response is not None:
            cost.kilobytes = len(response.content) / 1000
            if response.status_code != status:
                raise RuntimeError(f"{name} answered {response.status_code} {response.headers.get('Location', '')}")
        return response

    def _count(self, execute: Callable[..., Any], *arguments: Any) -> Any:
        self.statements += 1
        return execute(*arguments)


def measure(now: dt.datetime, label: str, say: Callable[[str], None]) -> None:
    call_command("migrate", verbosity=0)
    call_command("load_catalogue", verbosity=0, stdout=StringIO())
    meter = Meter()
    visitor, member, starts = Client(), staff(now), iter(free_starts(now, 3 * (ROUNDS + 2)))
    for number in range(ROUNDS + 2):
        if number == 2:  # what a process learns once was learnt
            meter.costs.clear()
        meter.run("a bare view", lambda: visitor.get("/health/live"))
        meter.run("a bare read", bare_read)
        looked(meter, visitor)
        booked(meter, next(starts), now)
        at_desk(meter, member, now)
    lists(meter, member)
    say(f"\n{label}\n\n| page | web CPU ms | database CPU ms | statements | kB |\n|---|---|---|---|---|")
    for name, costs in meter.costs.items():
        say(f"| {name} | {costs} |")


def bare_read() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, name FROM premises_clinic WHERE slug = %s", ["bench-0"])
        cursor.fetchall()


def times_of_the_week() -> str:
    return f"/book/times/?clinic={the_clinic().slug}&what={the_slot_request().variants[0].pk}"


def looked(meter: Meter, visitor: Client) -> None:
    """What a visitor reads."""
    for name, address in (
        ("home", "/"),
        ("therapies", "/therapies/"),
        ("a therapy", "/therapies/abhyanga/"),
        ("sign-in", reverse("sign_in")),
        ("book", "/book/"),
        ("book, at a clinic", f"/book/?clinic={the_clinic().slug}"),
        ("times, 20 people × 7 days", times_of_the_week()),
    ):
        meter.run(name, lambda address=address: visitor.get(address))  # type: ignore[misc]


def booked(meter: Meter, start: dt.datetime, now: dt.datetime) -> None:
    """One booking by a new account for one known person; the danger signs are answered between."""
    client, patient = patient_s_client(now)
    slot_request = the_slot_request()
    asked = {"clinic": slot_request.clinic.slug, "what": slot_request.variants[0].pk}
    chosen = asked | {"start": start.isoformat(), "page": uuid.uuid4()}
    meter.run("hold POST", lambda: client.post("/book/hold/", chosen), 302)
    meter.run("who", lambda: client.get("/book/who/"))
    meter.run("who POST", lambda: client.post("/book/who/", {"act": "pick", "patient": patient.public_id}), 302)
    answer_signs(client)
    page = meter.run("confirm page", lambda: client.get("/book/confirm/"))
    assert page is not None  # noqa: S101 - for the type
    shown = dict(re.findall(r'name="(visit|patient|key)"\s+value="([^"]+)"', page.content.decode()))
    answer = meter.run("confirm POST", lambda: client.post("/book/confirm/", shown), 302)
    assert answer is not None  # noqa: S101 - for the type
    meter.run("visit", lambda: client.get(answer.headers["Location"]))


def answer_signs(client: Client) -> None:
    """No sign is there."""
    page = client.get(SIGNS).content.decode()
    names = dict.fromkeys(re.findall(r'type="radio" name="(q\d+)"', page), "no")
    hidden = dict(re.findall(r'type="hidden" name="(shown)" value="([^"]+)"', page))
    client.post(f"{SIGNS}?page=1&next=/book/confirm/", hidden | names)


def patient_s_client(now: dt.datetime) -> tuple[Client, Patient]:
    """An account with one person."""
    email, client = f"{uuid.uuid4().hex}@example.org", Client()
    user = User.objects.create_user(email=email, joined_at=now)
    proved = {"proved_email": email, "email_proved_at": now, "registered_at": now}
    patient = Patient.objects.create(given_name="New", birth_date=dt.date(1980, 1, 1), email=email, **proved)
    Access.objects.create(user=user, patient=patient, relation="self", width="full", starts_on=LONG_AGO)
    client.force_login(user, "clinic.people.passwords.PasswordBackend")
    client.get("/visits/")  # the first look of a session notes when it was
    return client, patient


def staff(now: dt.datetime) -> Client:
    """Somebody who keeps the desk, examines and manages at the first clinic."""
    user = User.objects.create_user(email="staff@example.org", joined_at=now, username="S1")
    rows = [
        Membership(user=user, clinic=the_clinic(), role=role, starts_on=LONG_AGO, source=RoleSource.OPERATOR)
        for role in (Role.FRONT_DESK, Role.VAIDYA, Role.MANAGER)
    ]
    Membership.objects.bulk_create(rows)
    client, request = Client(), HttpRequest()
    client.force_login(user, "clinic.people.passwords.PasswordBackend")
    request.session = client.session
    note_proof(request, user)
    request.session.save()
    return client


def at_desk(meter: Meter, member: Client, now: dt.datetime) -> None:
    tomorrow = (the_clinic().today(now) + dt.timedelta(days=1)).isoformat()
    badge = {"HX-Request": "true"}
    meter.run("to do", lambda: member.get("/desk/todo/"))
    meter.run("to do, badge", lambda: member.get("/desk/todo/count/?auto=1", headers=badge))
    meter.run("desk, a full day", lambda: member.get(f"/desk/?date={tomorrow}"))


def lists(meter: Meter, member: Client) -> None:
    """Every list of the admin that this manager may open."""
    for name, address in changelists():
        if member.get(address).status_code == 200:
            for _ in range(ADMIN_ROUNDS):
                meter.run(f"admin: {name}", lambda address=address: member.get(address))  # type: ignore[misc]


def changelists() -> Iterator[tuple[str, str]]:
    for model in admin.site._registry:
        meta = model._meta
        yield str(meta.verbose_name_plural), reverse(f"admin:{meta.app_label}_{meta.model_name}_changelist")
