"""Who signed in with the address that the clinic writes to, and knows the birth date, sees the appointments.

No more than the messages to that address say anyway: families share addresses, so the record needs a code.
"""

import datetime as dt

import pghistory
from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from clinic.people.access import CannotJoin
from clinic.people.contacts import WAIT
from clinic.people.days import first_day
from clinic.people.models import Access, Membership, Patient, User
from clinic.people.models.access import Relation, Width
from clinic.people.news import tell_of_access
from clinic.people.security_log import DONE, REFUSED, Event, note


def join_by_address(*, user: User, birth_date: dt.date, now: dt.datetime) -> list[Access]:
    """Join this account to the patients of its own address with that birth date, to see their appointments only.

    Raises CannotJoin, with one answer whether the clinic knows the address or not.
    """
    with pghistory.context(user=user.pk), transaction.atomic(durable=True):
        User.objects.select_for_update(no_key=True).get(pk=user.pk)  # the second click waits here
        rows = [_joined(patient, user, now) for patient in _of_address(user, birth_date, now)]
    note(Event.INVITATION_USED, outcome=DONE if rows else REFUSED, user=user)
    if not rows:
        raise CannotJoin(
            _(
                "We found no appointments with your e-mail address and this date of birth. The clinic may have"
                " another address, or changed it today. Please ask the clinic for a code."
            )
        )
    return rows


def known_by_address(*, user: User, birth_date: dt.date, now: dt.datetime) -> list[Patient]:
    """Whom `join_by_address` would join anew: patients of this address and birth date whom nobody here acts for yet.

    It tells as much as joining does, so whoever asks counts it as a try.
    """
    own = Patient.objects.of(user, now.date()).values_list("pk", flat=True)
    known = set(own)
    return [patient for patient in _of_address(user, birth_date, now) if patient.pk not in known]


def _of_address(user: User, birth_date: dt.date, now: dt.datetime) -> list[Patient]:
    """An address that was changed within the last day joins nobody: the old one is told of it first."""
    if user.joined_at is None or not user.email or user.is_superuser:
        return []
    settled = Q(email_proved_at=F("registered_at")) | Q(email_proved_at__lte=now - WAIT)
    theirs = (
        Patient.objects.going_on()
        .written_to([user.email])
        .filter(settled, birth_date=birth_date, birth_is_approximate=False, proved_email__iexact=user.email)
    )
    works_at = Membership.objects.holding_at(now).filter(user=user).values("clinic")
    return list(theirs.exclude(clinics__in=works_at).distinct())


def _joined(patient: Patient, user: User, now: dt.datetime) -> Access:
    facts = {"relation": Relation.OTHER, "width": Width.APPOINTMENTS, "starts_on": first_day(now)}
    access, is_new = Access.objects.get_or_create(user=user, patient=patient, ends_on=None, defaults=facts)
    if is_new:
        tell_of_access(access, clinic=patient.clinics.order_by("pk").first(), code_by=user.pk, now=now)
    return access
