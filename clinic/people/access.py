"""Verbs about who acts for whom: invite, join by a code and the birth date, end an access."""

import datetime as dt
import secrets

import pghistory
from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from clinic.people.models import Access, Invitation, Patient, User

# No letter or digit that is taken for another one (0 O, 1 I L, 2 Z, 5 S, 8 B, U V).
READABLE = "ACDEFGHJKMNPQRTWXY34679"
CODE_LENGTH = 10
VALID_FOR = dt.timedelta(days=7)
FAILURES_ALLOWED = 5


class CannotJoin(Exception):
    """No such invitation, another birth date, used, lapsed or dead: deliberately one answer for all."""

    def __init__(self) -> None:
        self.reason = _("This code and birth date do not fit. Please check both, or ask the clinic for a new code.")
        super().__init__(self.reason)


def first_day(now: dt.datetime) -> dt.date:
    """The date in the world's westernmost zone: from it on, it is that day at every clinic, so it acts at once."""
    return (now.astimezone(dt.UTC) - dt.timedelta(hours=12)).date()


def invite(*, patient: Patient, relation: str, width: str, by: User, now: dt.datetime) -> str:
    """Make a code that joins an account to this patient. Only its hash is kept: the returned words are shown once."""
    code = "".join(secrets.choice(READABLE) for _number in range(CODE_LENGTH))
    with transaction.atomic(durable=True):
        Invitation.objects.create(
            patient=patient,
            code_hash=_hash(code),
            relation=relation,
            width=width,
            made_by=by,
            made_at=now,
            expires_at=now + VALID_FOR,
        )
    return f"{code[:5]}-{code[5:]}"


def join(*, user: User, code: str, birth_date: dt.date, now: dt.datetime) -> Access:
    """Join this account to the patient of the code. Raises CannotJoin; five wrong birth dates kill the code."""
    with pghistory.context(user=user.pk), transaction.atomic(durable=True):
        invitation = Invitation.objects.select_for_update().filter(code_hash=_hash(code)).first()
        access = _use(invitation, user, birth_date, now) if invitation else None
    if access is None:  # raised out here, so that the count of failures is committed
        raise CannotJoin
    return access


def end_access(*, access: Access, by: User, now: dt.datetime) -> Access:
    """From the next request on the account no longer acts for the patient."""
    with pghistory.context(user=by.pk), transaction.atomic(durable=True):
        current = Access.objects.select_for_update().get(pk=access.pk)
        if current.ends_on is None:
            current.ends_on = max(first_day(now), current.starts_on)
            current.save(update_fields=["ends_on"])
    return current


def _use(invitation: Invitation, user: User, birth_date: dt.date, now: dt.datetime) -> Access | None:
    if not invitation.is_open(now) or invitation.failures >= FAILURES_ALLOWED:
        return None
    if invitation.patient.birth_date != birth_date:
        invitation.failures += 1
        invitation.save(update_fields=["failures"])
        return None
    invitation.used_by, invitation.used_at = user, now
    invitation.save(update_fields=["used_by", "used_at"])
    access, _made = Access.objects.update_or_create(
        user=user,
        patient=invitation.patient,
        ends_on=None,
        defaults={"relation": invitation.relation, "width": invitation.width},
        create_defaults={
            "relation": invitation.relation,
            "width": invitation.width,
            "starts_on": first_day(now),
        },
    )
    return access


def _hash(code: str) -> str:
    """Keyed, so that a copy of the table opens nothing; upper case and without dashes, so that it can be read aloud."""
    plain = "".join(sign for sign in code.upper() if sign.isalnum())
    return salted_hmac("clinic.people.access.invite", plain, algorithm="sha256").hexdigest()
