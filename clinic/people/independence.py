"""Whether two accounts are two people: asked wherever one person acts and a second one has to agree.

Whoever opens accounts could make the second person and hold both passwords. So an account is tied to whoever brought
it in: who opened it, and who gave its first role; and to those who were brought in by the same person lately.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.db.models import Q

from clinic.people.models import Membership, Role, User
from clinic.people.models.membership import RoleSource

NEW = dt.timedelta(days=7)
"""So long an account is too new to be a second person."""
TOGETHER = dt.timedelta(days=30)
"""So long two accounts that one person brought in count as one."""


@dataclass(frozen=True)
class Origin:
    """How an account came to work here: by whom, and since when.

    `brought_in_by` is empty where somebody else vouches for the account: the operator, who gave a role, or a Vaidya,
    who confirmed it as a Vaidya at least `NEW` ago. What the operator set up is new to nobody.
    """

    brought_in_by: frozenset[int] = frozenset()
    since: dt.date = dt.date.max
    by_operator: bool = False


class Origins:
    """The origins of all accounts that ever worked here, read at once. An unknown account is new."""

    def __init__(self, rows: Mapping[int, Origin], *, today: dt.date) -> None:
        self._rows, self._today = rows, today

    @classmethod
    def at(cls, now: dt.datetime) -> "Origins":
        """Read in two queries, whatever is asked of them afterwards."""
        roles = Membership.objects.order_by("user", "starts_on", "pk")
        names = ("user", "role", "starts_on", "ends_on", "source", "granted_by", "confirmed_by", "alone")
        by_user = {user: [*rows] for user, rows in groupby(roles.values(*names), key=lambda row: int(row["user"]))}
        accounts = User.objects.filter(
            Q(is_superuser=True) | Q(created_by__isnull=False) | Q(memberships__isnull=False)
        )
        known = accounts.distinct().values_list("pk", "created_by", "is_superuser")
        today = now.date()
        rows = {
            pk: _origin(by_user.get(pk, []), created_by, is_operator=is_operator, today=today)
            for pk, created_by, is_operator in known
        }
        return cls(rows, today=today)

    def is_new(self, account: int) -> bool:
        """Whether the account came too lately to be a second person."""
        origin = self._of(account)
        return not origin.by_operator and origin.since > self._today - NEW

    def are_tied(self, one: int, other: int) -> bool:
        """Whether one brought the other in, directly or through others, or somebody brought both in lately."""
        if one == other:
            return True
        line, line_of_other = self._line(one), self._line(other)
        if one in line_of_other or other in line:
            return True
        are_late = all(self._of(each).since > self._today - TOGETHER for each in (one, other))
        return are_late and bool(line & line_of_other)

    def may_second(self, second: int, first: int) -> bool:
        """Whether the account `second` may agree with what `first` did."""
        return not self.is_new(second) and not self.are_tied(second, first)

    def _line(self, account: int) -> set[int]:
        """Everybody who brought this account in, or whoever did, all the way up."""
        line: set[int] = set()
        ahead = set(self._of(account).brought_in_by)
        while ahead:
            line |= ahead
            ahead = {above for each in ahead for above in self._of(each).brought_in_by} - line
        return line

    def _of(self, account: int) -> Origin:
        return self._rows.get(account, Origin())


def may_second(second: User, *, of: Iterable[int], now: dt.datetime) -> bool:
    """Whether this account is another person than each of those. Without any, it is, and nothing is read."""
    accounts = set(of)
    if not accounts:
        return True
    origins = Origins.at(now)
    return all(origins.may_second(second.pk, account) for account in accounts)


def _origin(roles: list[dict[str, Any]], created_by: int | None, *, is_operator: bool, today: dt.date) -> Origin:
    """`roles` are all that the account ever held, the oldest first."""
    since = roles[0]["starts_on"] if roles else dt.date.max
    by_operator = is_operator or any(role["source"] == RoleSource.OPERATOR for role in roles)
    if by_operator or any(_is_confirmed_vaidya(role, today) for role in roles):
        return Origin(since=since, by_operator=by_operator)
    givers = {created_by, roles[0]["granted_by"] if roles else None}
    return Origin(frozenset(giver for giver in givers if giver is not None), since)


def _is_confirmed_vaidya(role: dict[str, Any], today: dt.date) -> bool:
    """Whether another Vaidya said, long enough ago, that this is a Vaidya of the clinic."""
    is_held = role["starts_on"] <= today - NEW and (role["ends_on"] is None or role["ends_on"] > today)
    is_by_another = role["confirmed_by"] is not None and not role["alone"]
    return role["role"] == Role.VAIDYA and is_held and is_by_another
