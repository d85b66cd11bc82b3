"""Deciding about a visit that a change made impossible or different."""

import datetime as dt
from collections.abc import Iterable

from django.utils.translation import gettext as _

from bookings.actions import history
from bookings.actions.transaction import action
from bookings.actions.visits import lock_and_read
from bookings.errors import refuse_if
from bookings.models import SettledObstacle, Settlement, Visit
from bookings.slots.obstacles import open_obstacles
from clinic.people.models import User
from clinic.reasons import why_no_reason


@action
def settle_obstacles(
    *, visit: Visit, keys: Iterable[str], outcome: Settlement, reason: str, by: User, now: dt.datetime
) -> None:
    """The patient was told of these changes, or the visit stays as it is for a reason.

    Raises PolicyRefused where one of them no longer stands against the visit, and without a reason in words.
    """
    lock_and_read(visit)
    standing = {each.key for each in open_obstacles(visit.clinic, now).get(visit.pk, [])}
    wanted = list(dict.fromkeys(keys))
    refuse_if(
        "" if wanted and standing.issuperset(wanted) else _("This has changed in the meantime. Please look again.")
    )
    if outcome == Settlement.LEFT:
        refuse_if(why_no_reason(reason))
    SettledObstacle.objects.bulk_create(
        SettledObstacle(visit=visit, obstacle=key, outcome=outcome, reason=reason, by=by, at=now) for key in wanted
    )
    history.write(visit, "settle", by=by, now=now, outcome=outcome, obstacles=wanted)
