"""The list of one person: what waits where they work and is theirs by now, ready for a page."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from clinic.people.models import Membership, Patient, Role, User
from clinic.premises.models import Clinic
from therapies.models import Rule

from .owners import CREW, DESK, DOERS, Asker, Kind, Task, Turn, falls_to, turn, words_for
from .rows import waiting

REVIEW_RULE = "fr_review_course"
EVERYBODY: dict[frozenset[Role], str | Promise] = {CREW: _("Whoever treats"), DESK: _("The front desk")}
EVERY_VAIDYA = _("Every Vaidya of the clinic")


@dataclass(frozen=True)
class Row:
    """One line of the list."""

    task: Task
    patient: Patient
    whose: str
    clinic: str
    url: str
    is_late: bool


@dataclass(frozen=True)
class Section:
    """The lines with the same words, what is due first first."""

    what: str
    rows: tuple[Row, ...]


def tasks_of(user: User, clinics: Iterable[Clinic], now: dt.datetime) -> list[Task]:
    """What falls to this account at these clinics now. Three queries, however much waits."""
    asker, vaidyas = _asker(user, [clinic.pk for clinic in clinics], now)
    after = Rule.objects.filter(code=REVIEW_RULE).values_list("data__review_after_sessions", flat=True).first()
    tasks = (_with_an_owner_here(task, vaidyas) for task in waiting(asker.roles, review_after=after, now=now))
    return [task for task in tasks if falls_to(asker, task, now)]


def sections_of(user: User, clinics: Iterable[Clinic], now: dt.datetime) -> list[Section]:
    """The same as a page shows it."""
    houses = {clinic.pk: clinic for clinic in clinics}
    asker, _vaidyas = _asker(user, list(houses), now)
    tasks = sorted(tasks_of(user, houses.values(), now), key=lambda task: (list(Kind).index(task.kind), task.due))
    patients = Patient.objects.in_bulk({task.patient for task in tasks})
    owners = User.objects.in_bulk({task.owner for task in tasks if task.owner is not None})
    found: dict[str, list[Row]] = {}
    for task in tasks:
        row = _row(task, patients[task.patient], owners, str(houses[task.clinic]), now)
        found.setdefault(words_for(asker, task), []).append(row)
    return [Section(what, tuple(rows)) for what, rows in found.items()]


def _row(task: Task, patient: Patient, owners: dict[int, User], clinic: str, now: dt.datetime) -> Row:
    return Row(task, patient, _whose(task, owners, now), clinic, _url(task, patient), is_late=task.due <= now)


def _asker(user: User, clinics: list[int], now: dt.datetime) -> tuple[Asker, set[tuple[int, int]]]:
    """Who asks, and who is a Vaidya where (account, clinic)."""
    held = Membership.objects.holding_at(now).filter(Q(user=user) | Q(role=Role.VAIDYA), clinic__in=clinics)
    rows = list(held.values_list("user", "clinic", "role"))
    roles: dict[int, set[str]] = {clinic: set() for clinic in clinics}
    for account, clinic, role in rows:
        if account == user.pk:
            roles[clinic].add(role)
    vaidyas = {(account, clinic) for account, clinic, role in rows if role == Role.VAIDYA}
    return Asker(user.pk, roles), vaidyas


def _with_an_owner_here(task: Task, vaidyas: set[tuple[int, int]]) -> Task:
    """Whoever no longer works at the clinic as a Vaidya keeps nobody waiting: it is everybody's at once."""
    if task.owner is None or (task.owner, task.clinic) in vaidyas:
        return task
    return Task(task.kind, task.patient, task.clinic, None, task.since, task.due, task.visit)


def _whose(task: Task, owners: dict[int, User], now: dt.datetime) -> str:
    """Whose turn it is, in words: the owner's name while it is theirs alone, else everybody of the role."""
    name = str(owners[task.owner]) if task.owner is not None else ""
    everybody = str(EVERYBODY.get(DOERS[task.kind], EVERY_VAIDYA))
    if turn(task, now) is Turn.OWNER:
        return name
    return f"{name}, {everybody[:1].lower()}{everybody[1:]}" if name else everybody


def _url(task: Task, patient: Patient) -> str:
    """Where it is done: the visit, else the patient."""
    if task.visit is not None:
        return reverse("desk:visit", args=[task.visit])
    return reverse("desk:patient", args=[patient.public_id])
