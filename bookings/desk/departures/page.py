"""What the page of somebody who leaves shows."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from bookings.desk.affected.page import AffectedVisit, affected_rows
from bookings.desk.staff.unserved import left_unwatched, visits_of_people
from bookings.desk.todo.owners import WORDS, TaskKind
from bookings.desk.todo.rows import waiting
from bookings.slots.obstacles import open_obstacles
from clinic.people.models import Membership, User
from clinic.premises.models import Absence, Clinic
from clinic.wall import edge
from therapies.models import Practitioner

A_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Leaver:
    """`roles` are those that the form would end; without any, what is left is the list of visits and tasks."""

    account: User
    roles: list[Membership]
    rows: list[AffectedVisit]
    absences: list[Absence]
    tasks: list[tuple[str, int]]


def leaver_of(account: User, clinic: Clinic, last_on: dt.date, now: dt.datetime) -> Leaver:
    """Somebody of this clinic with everything that they leave behind after that day."""
    serving = Practitioner.objects.filter(user=account)
    roles = roles_to_end(account, clinic, last_on, now)
    after = edge(last_on + A_DAY, 0, clinic.zone)
    absences = Absence.objects.filter(resource__in=serving.values("pk"), during__endswith__gt=max(after, now))
    return Leaver(
        account,
        list(roles),
        _rows(serving, clinic, after, now, is_set=not roles),
        list(absences.order_by("during")),
        _tasks(account, clinic, now),
    )


def roles_to_end(account: User, clinic: Clinic, last_on: dt.date, now: dt.datetime) -> QuerySet[Membership]:
    """Those held at this clinic beyond that day, or to come."""
    beyond = Q(ends_on=None) | Q(ends_on__gt=last_on + A_DAY)
    rows = Membership.objects.not_over_at(now).filter(beyond, user=account, clinic=clinic)
    return rows.select_related("user", "clinic").order_by("role")


def _rows(
    serving: QuerySet[Practitioner], clinic: Clinic, after: dt.datetime, now: dt.datetime, *, is_set: bool
) -> list[AffectedVisit]:
    """The visits after the last day; once that day is set, those that nobody has dealt with."""
    visits = visits_of_people(serving, clinic.pk, now)
    people = {*serving.values_list("pk", flat=True)}
    unwatched = [] if is_set else left_unwatched([clinic.pk], people, now)
    ids = {visit.pk for visit in [*visits, *unwatched] if visit.arrives_at >= after}
    standing = open_obstacles(clinic, now, among=Q(visit__in=ids)) if ids and is_set else {}
    return affected_rows(ids & standing.keys() if is_set else ids, standing, now)


def _tasks(account: User, clinic: Clinic, now: dt.datetime) -> list[tuple[str, int]]:
    """How many of each kind wait for this person, without names: a manager reads no findings."""
    own = Counter(task.kind for task in waiting([*TaskKind], [clinic.pk], now=now) if task.owner == account.pk)
    return [(str(WORDS[kind]), own[kind]) for kind in TaskKind if own[kind]]
