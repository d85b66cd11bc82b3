"""Actions about who acts for whom: invite, join by a code and the birth date, end an access."""

import datetime as dt
import secrets
from collections.abc import Iterable

import pghistory
from django.db import transaction
from django.db.models import QuerySet
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from clinic.people.contacts import why_wait
from clinic.people.days import first_day
from clinic.people.models import Access, Invitation, Membership, Patient, User
from clinic.people.models.access import Relation, Width
from clinic.people.news import tell_of_access, tell_of_end
from clinic.people.security_log import DONE, REFUSED, Event, note

# No letter or digit that is taken for another one (0 O, 1 I L, 2 Z, 5 S, 8 B, U V).
READABLE = "ACDEFGHJKMNPQRTWXY34679"
CODE_LENGTH = 10
VALID_FOR = dt.timedelta(days=7)
FAILURES_ALLOWED = 5


class CannotJoin(Exception):
    """No such invitation, another birth date, used, lapsed or dead: deliberately one answer for all.

    Only who holds the right code and birth date, and works for the clinic, is told why it is not for them.
    """

    def __init__(self, reason: str = "") -> None:
        self.reason = reason or _(
            "The code and date of birth do not match. Please check both, or ask the clinic for a new code."
        )
        super().__init__(self.reason)


class CannotInvite(Exception):
    """No code is made; `reason` says why in words for whoever asked."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


def invite(*, patient: Patient, relation: str, width: str, by: User, now: dt.datetime) -> str:
    """Make a code that joins an account to this patient. Only its hash is kept: the returned words are shown once.

    Raises CannotInvite for whoever has just changed how the patient is reached.
    """
    if patient.birth_is_approximate:
        raise CannotInvite(_("Only an approximate age is known. Please ask for the date of birth and save it first."))
    code = "".join(secrets.choice(READABLE) for _number in range(CODE_LENGTH))
    with transaction.atomic(durable=True):
        current = Patient.objects.select_for_update(no_key=True).get(pk=patient.pk)  # a change of contact waits here
        if current.merged_into_id is not None:
            raise CannotInvite(_("This patient's record was merged into another one. Please load the page again."))
        if reason := why_wait(patient, by=by, now=now):
            raise CannotInvite(reason)
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


def open_invitations(patient: Patient, *, now: dt.datetime) -> QuerySet[Invitation]:
    """Codes of this patient that still open something, the newest first."""
    rows = patient.invitations.filter(used_at=None, expires_at__gt=now, failures__lt=FAILURES_ALLOWED)
    return rows.select_related("made_by").order_by("-made_at", "-pk")


def withdraw_invitation(*, invitation: Invitation, by: User, now: dt.datetime) -> Invitation:
    """The code opens nothing from now on; one that was used or has lapsed stays as it is."""
    with transaction.atomic(durable=True):
        current = Invitation.objects.select_for_update().get(pk=invitation.pk)
        if current.is_open(now):
            current.expires_at = max(now, current.made_at + dt.timedelta(microseconds=1))
            current.save(update_fields=["expires_at"])
            note(Event.INVITATION_WITHDRAWN, outcome=DONE, user=by, patient=current.patient_id)
    return current


def join(*, user: User, code: str, birth_date: dt.date, now: dt.datetime) -> Access:
    """Join this account to the patient of the code, and tell the patient. Five wrong birth dates kill the code.

    Raises CannotJoin, also for whoever made the code or works at a clinic of the patient: see `why_not_join`.
    """
    with pghistory.context(user=user.pk), transaction.atomic(durable=True):
        invitation = Invitation.objects.select_for_update().filter(code_hash=_hash(code)).first()
        if invitation is None or not _fits(invitation, birth_date, now):
            access, reason = None, ""
        else:
            reason = why_not_join(invitation, user=user, now=now)
            access = None if reason else _use(invitation, user, now)
    if access is None:  # raised out here, so that the count of failures is committed
        note(Event.INVITATION_USED, outcome=REFUSED)
        raise CannotJoin(reason)
    note(Event.INVITATION_USED, outcome=DONE, patient=access.patient_id, relation=access.relation, width=access.width)
    return access


def why_not_join(invitation: Invitation, *, user: User, now: dt.datetime) -> str:
    """Why this account may not use that code; "" when it may.

    A code leads into the whole record, which a role at the clinic may not open. So it is for nobody who works at a
    clinic of the patient, nor for whoever made it. Staff of our other clinics may, and are audited like all staff.
    """
    if user.pk == invitation.made_by_id:
        return _("You created this code yourself. Only the patient can use it.")
    at_theirs = Membership.objects.holding_at(now).filter(user=user, clinic__patients=invitation.patient_id)
    if user.is_superuser or at_theirs.exists():
        return _("You work at a clinic of this patient, so you cannot book for them in the portal.")
    return ""


def why_not_end(access: Access, *, mine: Access, everybody: Iterable[Access]) -> str:
    """Why an account that acts by `mine` may not end `access` of the same patient; "" when it may.

    Everybody may stop acting. The patient's own account ends any but one of their own that is older; where there is
    none, as for a child, whoever sees the whole record does. `everybody`: all accesses of the patient in force.
    """
    if access.pk == mine.pk:
        return ""
    if access.relation == Relation.SELF and _age(access) < _age(mine):
        return _(
            "This is the patient's own account and was linked before yours. Only the front desk can end its access."
        )
    has_own = any(row.relation == Relation.SELF for row in everybody)
    if mine.width != Width.FULL or (has_own and mine.relation != Relation.SELF):
        return _("Only the patient's own account or the front desk can end this access.")
    return ""


def end_access(*, access: Access, by: User, now: dt.datetime, reason: str = "") -> Access:
    """From the next request on the account no longer acts for the patient, and its owner is told.

    `reason` is the front desk's, as a code.
    """
    with pghistory.context(user=by.pk), transaction.atomic(durable=True):
        current = Access.objects.select_for_update(of=("self",)).select_related("user", "patient").get(pk=access.pk)
        if current.ends_on is None or current.ends_on > first_day(now):
            tell_of_end(current, by=by, now=now)
            current.ends_on, current.end_reason = max(first_day(now), current.starts_on), reason
            current.save(update_fields=["ends_on", "end_reason"])
    return current


def _age(access: Access) -> tuple[dt.date, int]:
    """Smaller for the older of two accesses."""
    return access.starts_on, access.pk


def _fits(invitation: Invitation, birth_date: dt.date, now: dt.datetime) -> bool:
    """Whether the code is still good and the birth date is the patient's; a wrong one is counted."""
    if not invitation.is_open(now) or invitation.failures >= FAILURES_ALLOWED:
        return False
    if invitation.patient.birth_date != birth_date or invitation.patient.birth_is_approximate:
        invitation.failures += 1
        invitation.save(update_fields=["failures"])
        return False
    return True


def _use(invitation: Invitation, user: User, now: dt.datetime) -> Access:
    invitation.used_by, invitation.used_at = user, now
    invitation.save(update_fields=["used_by", "used_at"])
    earlier = Access.objects.filter(user=user, patient=invitation.patient, ends_on=None)
    is_same = earlier.filter(relation=invitation.relation, width=invitation.width).exists()
    if invitation.relation == Relation.SELF:  # becomes the patient's own account now, not when it began as another's
        for row in earlier.exclude(relation=Relation.SELF):
            row.ends_on = max(first_day(now), row.starts_on)
            row.save(update_fields=["ends_on"])
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
    if not is_same:
        tell_of_access(access, clinic=_clinic_of(invitation), code_by=invitation.made_by_id, now=now)
    return access


def _clinic_of(invitation: Invitation) -> object:
    """In whose name the patient is told: a clinic of the patient's where the maker works, else any of the patient's."""
    clinics = invitation.patient.clinics.order_by("pk")
    return clinics.filter(memberships__user=invitation.made_by_id).first() or clinics.first()


def _hash(code: str) -> str:
    """Keyed, so that a copy of the table opens nothing; upper case and without dashes, so that it can be read aloud."""
    plain = "".join(sign for sign in code.upper() if sign.isalnum())
    return salted_hmac("clinic.people.access.invite", plain, algorithm="sha256").hexdigest()
