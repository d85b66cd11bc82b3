"""The list of one person: what waits where they work and is theirs by now, ready for a page."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, replace
from functools import cache

from django.db.models import Q
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bookings.desk import buttons
from bookings.models import Booking, Enquiry
from clinic.clock import date_format
from clinic.compiled_query import MOMENT, CompiledQuery, ids_to_be
from clinic.people.models import Membership, Patient, Role, RoleOffer, User
from clinic.premises.models import Clinic
from therapies.models import SafetyProposal

from .owners import (
    CREW,
    DESK,
    DESK_AND_MANAGER,
    DOERS,
    EVERYBODY_HERE,
    PERSONAL,
    Asker,
    Task,
    TaskKind,
    Turn,
    falls_to,
    kinds_for,
    task_words,
    turn,
)
from .rows import waiting

EVERYBODY: dict[frozenset[Role], str | Promise] = {
    CREW: _("Treating practitioner"),
    DESK: _("Front desk"),
    DESK_AND_MANAGER: _("Front desk and manager"),
    EVERYBODY_HERE: _("Everyone at the clinic"),
}
AT_THE_VISIT = {
    TaskKind.LEFT_OPEN: "desk:afterwards",
    TaskKind.DECIDE: "desk:visit_decisions",
    TaskKind.QUESTIONS: "desk:questions",
}
WITH_THE_PATIENT = {
    TaskKind.SUSPENDED: "desk:sessions",
    TaskKind.CONFIRM: "desk:decisions",
    TaskKind.ANSWERS: "desk:decisions",
    TaskKind.NO_BETTER: "desk:sessions",
    TaskKind.REVIEW: "desk:record",
    TaskKind.NOTE: "desk:assess",
    TaskKind.UNSIGNED: "desk:record",
}
OF_NO_PATIENT = {TaskKind.ROLE: "desk:role_offer", TaskKind.ENQUIRY: "desk:enquiry"}
"""Where those whose work it is do it; for others it leads to the visit or the patient."""
EVERY_VAIDYA = _("All Vaidyas of the clinic")


@dataclass(frozen=True)
class TaskRow:
    """One line of the list: about a patient, somebody who is to get a role, or a change of safety data.

    `may_ring`: whether this person says here that the patient was told. `about` tells two lines of one patient apart:
    what is asked for, and for when.
    """

    task: Task
    name: str
    patient: Patient | None
    whose: str
    clinic: Clinic
    url: str
    is_late: bool
    may_ring: bool = False
    about: str = ""


@dataclass(frozen=True)
class TaskSection:
    """The lines with the same words, what is due first first."""

    what: str
    rows: tuple[TaskRow, ...]


def tasks_of(user: User, now: dt.datetime) -> list[Task]:
    """What falls to this account now, wherever it works. As many queries for much as for little."""
    asker, vaidyas = _asker(user, now)
    return _falling_to(asker, vaidyas, now)


def sections_of(user: User, now: dt.datetime) -> list[TaskSection]:
    """The same as a page shows it."""
    asker, vaidyas = _asker(user, now)
    tasks = sorted(_falling_to(asker, vaidyas, now), key=lambda task: (list(TaskKind).index(task.kind), task.due))
    patients = Patient.objects.in_bulk({task.patient for task in tasks} - {None})
    names, wishes = _offers(tasks) | _titles(tasks) | _askers(tasks), _wishes(tasks)
    houses = Clinic.objects.in_bulk({task.clinic for task in tasks})
    owners = User.objects.in_bulk({task.owner for task in tasks if task.owner is not None})
    groups: dict[str, list[TaskRow]] = {}
    for task in tasks:
        patient = patients[task.patient] if task.patient is not None else None
        name = patient.full_name if patient else names.get(task.subject, "")
        whose, url = _whose(task, owners, now), _url(task, patient, asker)
        context = {"is_late": task.due <= now, "may_ring": _may_ring(task, asker)}
        about = wishes.get(task.subject, "") if task.kind is TaskKind.REQUEST else ""
        row = TaskRow(task, name, patient, whose, houses[task.clinic], url, **context, about=about)
        groups.setdefault(task_words(asker, task), []).append(row)
    return [TaskSection(what, tuple(rows)) for what, rows in groups.items()]


def _wishes(tasks: list[Task]) -> dict[object, str]:
    """The therapy and the time of each request, by the public id of its visit."""
    ids = [str(task.subject) for task in tasks if task.kind is TaskKind.REQUEST]
    rows = Booking.objects.filter(visit__public_id__in=ids, position=0).select_related("visit", "variant__therapy")
    return {
        row.visit.public_id: f"{row.variant.therapy}, "
        + date_format(row.starts_at.astimezone(row.visit.zone), "D j M, H:i")
        for row in (rows if ids else ())
    }


def _offers(tasks: list[Task]) -> dict[object, str]:
    """The roles that wait, each with who is to get it."""
    ids = [str(task.subject) for task in tasks if task.kind is TaskKind.ROLE]
    return {offer.public_id: str(offer) for offer in RoleOffer.objects.filter(public_id__in=ids)} if ids else {}


def _askers(tasks: list[Task]) -> dict[object, str]:
    """Who asked something on the website."""
    ids = [str(task.subject) for task in tasks if task.kind is TaskKind.ENQUIRY]
    return dict(Enquiry.objects.filter(public_id__in=ids).values_list("public_id", "name")) if ids else {}


def _asker(user: User, now: dt.datetime) -> tuple[Asker, set[tuple[int, int]]]:
    """Who asks, with the roles at each clinic, and who is a Vaidya there, as (account, clinic)."""
    rows = _held().rows(ids=[user.pk], now=now)
    roles: dict[int, set[str]] = defaultdict(set)
    for account, clinic, role in rows:
        if account == user.pk:
            roles[clinic].add(role)
    return Asker(user.pk, roles), {(account, clinic) for account, clinic, role in rows if role == Role.VAIDYA}


@cache
def _held() -> CompiledQuery:
    """The roles of one account, and the Vaidyas where it works."""
    (user,), held = ids_to_be(1), Membership.objects.holding_at(MOMENT)
    here = held.filter(user=user).values("clinic")
    rows = held.filter(Q(user=user) | Q(role=Role.VAIDYA, clinic__in=here))
    return CompiledQuery.of(rows.values_list("user", "clinic", "role"))


def _falling_to(asker: Asker, vaidyas: set[tuple[int, int]], now: dt.datetime) -> list[Task]:
    tasks = (_with_an_owner_here(task, vaidyas) for task in waiting(kinds_for(asker), asker.roles, now=now))
    return _once([task for task in tasks if falls_to(asker, task, now)])


def _once(tasks: list[Task]) -> list[Task]:
    """What concerns the whole organisation waits at each clinic of whoever asks: it is one line for all of them."""
    rows: dict[object, Task] = {}
    for task in tasks:
        rows.setdefault((task.kind, task.subject) if task.kind is TaskKind.SAFETY else task, task)
    return list(rows.values())


def _titles(tasks: list[Task]) -> dict[object, str]:
    """What the proposed changes are about, by their public ids."""
    ids = [task.subject for task in tasks if task.kind is TaskKind.SAFETY]
    proposals = SafetyProposal.objects.in_bulk(ids, field_name="public_id") if ids else {}
    return {public_id: proposal.title for public_id, proposal in proposals.items()}


def _with_an_owner_here(task: Task, vaidyas: set[tuple[int, int]]) -> Task:
    """Whoever no longer works at the clinic as a Vaidya keeps nobody waiting: it is everybody's at once."""
    if task.kind in PERSONAL or task.owner is None or (task.owner, task.clinic) in vaidyas:
        return task
    return replace(task, owner=None)


def _whose(task: Task, owners: dict[int, User], now: dt.datetime) -> str:
    """Whose turn it is, in words: the owner's name while it is theirs alone, else everybody of the role."""
    name = str(owners[task.owner]) if task.owner is not None else ""
    everybody = str(EVERYBODY.get(DOERS[task.kind], EVERY_VAIDYA))
    if turn(task, now) is Turn.OWNER:
        return name
    return f"{name}, {everybody[:1].lower()}{everybody[1:]}" if name else everybody


def _may_ring(task: Task, asker: Asker) -> bool:
    return task.kind is TaskKind.LIFTED and not {*buttons.DESK}.isdisjoint(asker.roles.get(task.clinic, ()))


def _url(task: Task, patient: Patient | None, asker: Asker) -> str:
    """Where it is done by whoever asks: at the visit, where there is one, else with the patient."""
    own = not DOERS[task.kind].isdisjoint(asker.roles.get(task.clinic, ()))
    if task.kind is TaskKind.SAFETY:
        return reverse("desk:safety")
    if task.kind in PERSONAL and patient and task.owner == asker.user:
        return reverse("desk:emergency_reason", args=[patient.public_id, task.subject])
    if task.kind in PERSONAL and patient:
        return reverse("desk:patient", args=[patient.public_id])
    if patient is None:
        return reverse(OF_NO_PATIENT[task.kind], args=[task.subject])
    if task.subject is not None:
        return reverse(AT_THE_VISIT.get(task.kind, "desk:visit") if own else "desk:visit", args=[task.subject])
    return reverse(WITH_THE_PATIENT.get(task.kind, "desk:patient") if own else "desk:patient", args=[patient.public_id])
