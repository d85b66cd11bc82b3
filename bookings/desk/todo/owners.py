"""Whose turn it is: one rule, pure. Nothing that a Vaidya must decide is ever cleared by time: more people see it."""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from clinic.people.models import Role

LIMIT = dt.timedelta(hours=24)
"""How long something waits for its owner alone before others see it too (a clinic default, unsourced)."""


class TaskKind(StrEnum):
    """In the order in which a page shows them."""

    URGENT = "urgent"
    UNSERVED = "unserved"
    UNWATCHED = "unwatched"
    LEFT_OPEN = "left_open"
    READINGS = "readings"
    SUSPENDED = "suspended"
    DECIDE = "decide"
    CONFIRM = "confirm"
    ANSWERS = "answers"
    PAPER = "paper"
    DAY_CHECK = "day_check"
    QUESTIONS = "questions"
    REQUEST = "request"
    ENQUIRY = "enquiry"
    LIFTED = "lifted"
    NO_BETTER = "no_better"
    NOTE = "note"
    REVIEW = "review"
    UNSIGNED = "unsigned"
    TO_BOOK = "to_book"
    ROLE = "role"
    SAFETY = "safety"
    EXPLAIN = "explain"
    TWIN = "twin"


VAIDYA = frozenset({Role.VAIDYA})
CREW = frozenset({Role.THERAPIST, Role.NURSE, Role.ATTENDANT})
DESK = frozenset({Role.FRONT_DESK})
DESK_AND_MANAGER = frozenset({Role.FRONT_DESK, Role.MANAGER})
EVERYBODY_HERE = frozenset(Role)
DOERS: dict[TaskKind, frozenset[Role]] = {
    TaskKind.URGENT: EVERYBODY_HERE,
    TaskKind.READINGS: VAIDYA,
    TaskKind.SUSPENDED: VAIDYA,
    TaskKind.DECIDE: VAIDYA,
    TaskKind.CONFIRM: VAIDYA,
    TaskKind.ANSWERS: VAIDYA,
    TaskKind.PAPER: VAIDYA,
    TaskKind.DAY_CHECK: VAIDYA,
    TaskKind.NO_BETTER: VAIDYA,
    TaskKind.REVIEW: VAIDYA,
    TaskKind.UNSIGNED: VAIDYA,
    TaskKind.SAFETY: VAIDYA,
    TaskKind.QUESTIONS: CREW,
    TaskKind.REQUEST: DESK,
    TaskKind.ENQUIRY: DESK_AND_MANAGER,
    TaskKind.LIFTED: DESK,
    TaskKind.TO_BOOK: DESK,
    TaskKind.UNSERVED: DESK_AND_MANAGER,
    TaskKind.UNWATCHED: DESK_AND_MANAGER,
    TaskKind.LEFT_OPEN: DESK_AND_MANAGER,
    TaskKind.NOTE: VAIDYA,
    TaskKind.ROLE: VAIDYA,
    TaskKind.EXPLAIN: VAIDYA,
    TaskKind.TWIN: DESK_AND_MANAGER,
}
"""Whose work each kind is."""
WORDS: dict[TaskKind, str | Promise] = {
    TaskKind.URGENT: _("Urgent: a Vaidya must see this patient now"),
    TaskKind.READINGS: _("Measured values awaiting your decision"),
    TaskKind.SUSPENDED: _("Treatments paused because of a sign: see the patient"),
    TaskKind.DECIDE: _("Answer awaiting your decision"),
    TaskKind.CONFIRM: _("Decision by telephone: confirm it today"),
    TaskKind.ANSWERS: _("Answers to review"),
    TaskKind.PAPER: _("Session recorded afterwards, with gaps to review"),
    TaskKind.DAY_CHECK: _("Same-day check"),
    TaskKind.NO_BETTER: _("No improvement after several sessions: see the patient"),
    TaskKind.REVIEW: _("Review is due"),
    TaskKind.UNSIGNED: _("Not signed yet"),
    TaskKind.QUESTIONS: _("Health questions for today are due"),
    TaskKind.REQUEST: _("Request awaiting reply"),
    TaskKind.ENQUIRY: _("Question from the website: reply"),
    TaskKind.LIFTED: _("Treatments can resume: call the patient"),
    TaskKind.TO_BOOK: _("Prescribed but nothing booked yet"),
    TaskKind.UNSERVED: _("Practitioner has left: change the staff, change the time or cancel"),
    TaskKind.UNWATCHED: _("Nobody to watch over the patient: plan somebody, or change the time"),
    TaskKind.LEFT_OPEN: _("Left open on an earlier day: record what happened"),
    TaskKind.NOTE: _("Consultation completed without a note"),
    TaskKind.ROLE: _("Role awaiting your confirmation"),
    TaskKind.SAFETY: _("Safety change awaiting a Vaidya"),
    TaskKind.EXPLAIN: _("Emergency card opened: the reason is missing"),
    TaskKind.TWIN: _("Possible double: is this one patient?"),
}
PERSONAL = frozenset({TaskKind.EXPLAIN})
"""Whose owner is whoever did it, whatever their role; its words tell nothing of health."""
WAITS: str | Promise = _("Waiting for the Vaidya")
"""All that those hear who do not treat: never what was answered or found."""


ENDS = frozenset(
    {
        TaskKind.DECIDE,
        TaskKind.CONFIRM,
        TaskKind.REQUEST,
        TaskKind.DAY_CHECK,
        TaskKind.QUESTIONS,
        TaskKind.UNSERVED,
        TaskKind.UNWATCHED,
    }
)
"""What is of no use after it was due, a session or a request: the others see it while it can still be done."""


class Turn(IntEnum):
    """Each one has the earlier ones with it."""

    OWNER = 1
    COVERING = 2
    MANAGER = 3


@dataclass(frozen=True)
class Task:
    """Something that waits. `owner` is an account, None: everybody of the role; `since` and `due` are aware.

    `subject` is the public id of the visit, of an offer of a role or of a change of safety data (without a patient).
    """

    kind: TaskKind
    patient: int | None
    clinic: int
    owner: int | None
    since: dt.datetime
    due: dt.datetime
    subject: object = None


@dataclass(frozen=True)
class Asker:
    """Who asks, with the roles held at each clinic now."""

    user: int
    roles: Mapping[int, Collection[str]]


def turn(task: Task, now: dt.datetime) -> Turn:
    """Who sees it by now: its owner, then everybody of the role at the clinic, then its managers too."""
    age, each = now - task.since, patience(task)
    if age >= 2 * each:
        return Turn.MANAGER
    return Turn.COVERING if task.owner is None or age >= each else Turn.OWNER


def patience(task: Task) -> dt.timedelta:
    """How long it waits for its owner alone, and as long again for the others of the role.

    No longer than a third of the time there is, where it ends when it is due.
    """
    return min(LIMIT, (task.due - task.since) / 3) if task.kind in ENDS else LIMIT


def falls_to(asker: Asker, task: Task, now: dt.datetime) -> bool:
    """Whether it is in this person's list."""
    held = set(asker.roles.get(task.clinic, ()))
    whose = turn(task, now)
    if task.kind is TaskKind.ROLE and may_confirm(asker, task):
        return True
    if (whose is Turn.MANAGER and Role.MANAGER in held) or (task.kind in PERSONAL and task.owner == asker.user):
        return True
    if not held & DOERS[task.kind]:
        return False
    return whose > Turn.OWNER or task.owner == asker.user


def may_confirm(asker: Asker, task: Task) -> bool:
    """Whether a role is this person's to confirm: a Vaidya of that clinic, or of another where that one has none.

    Of clinics where the asker holds no role, only those without a Vaidya are read.
    """
    if task.clinic in asker.roles:
        return Role.VAIDYA in asker.roles[task.clinic]
    return any(Role.VAIDYA in held for held in asker.roles.values())


def kinds_for(asker: Asker) -> frozenset[TaskKind]:
    """What may fall to this person at all: only that is read. A manager sees what nobody took up, of every kind."""
    held = frozenset(role for roles in asker.roles.values() for role in roles)
    return (
        frozenset(TaskKind) if Role.MANAGER in held else PERSONAL.union(kind for kind in TaskKind if held & DOERS[kind])
    )


def task_words(asker: Asker, task: Task) -> str:
    """What it is, as far as this person may know."""
    doers, held = DOERS[task.kind], set(asker.roles.get(task.clinic, ()))
    if task.kind is TaskKind.ROLE:
        return str(WORDS[task.kind] if may_confirm(asker, task) else WAITS)
    return str(WORDS[task.kind] if task.kind in PERSONAL or doers != VAIDYA or held & VAIDYA else WAITS)
