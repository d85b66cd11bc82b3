"""Somebody leaves a clinic."""

import datetime as dt

from django.db.models import Q, QuerySet

from bookings.actions.locks import lock
from bookings.actions.transaction import action
from clinic.people import members
from clinic.people.models import User
from clinic.premises.models import Clinic
from therapies.models import Practitioner, WorkingHours


@action
def leave(*, account: User, clinic: Clinic, last_on: dt.date, closes_account: bool, by: User, now: dt.datetime) -> None:
    """End the roles and the working hours of an account at this clinic after their last day, all or nothing.

    Their visits keep their time and are listed. Raises CannotEnd for the only manager, and CannotGive where an account
    that is used elsewhere would be closed.
    """
    ends_on = last_on + dt.timedelta(days=1)
    for person in Practitioner.objects.filter(user=account):
        lock(resources=[person.pk])
        _end_hours(WorkingHours.objects.filter(practitioner=person, clinic=clinic), ends_on)
    roles = account.memberships.not_over_at(now).filter(Q(ends_on=None) | Q(ends_on__gt=ends_on), clinic=clinic)
    members.end_together(memberships=roles, by=by, now=now, ends_on=ends_on)
    if closes_account:
        members.shut_account(user=account, clinic=clinic, by=by, now=now)


def _end_hours(hours: QuerySet[WorkingHours], ends_on: dt.date) -> None:
    hours.filter(valid_from__gte=ends_on).delete()
    hours.filter(Q(valid_until=None) | Q(valid_until__gt=ends_on)).update(valid_until=ends_on)
