"""Actions of a clinic's shared devices: enrolling them, a member's shift on them, and unlocking by name and PIN.

A device is a browser that a manager enrolled. Who signs in on it with password and second factor begins a shift: until
it ends, name and PIN are enough on that device, and on no other.
"""

import datetime as dt
import hashlib
import itertools
import re
import secrets
from typing import Any

import pghistory
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from clinic.people import attempts
from clinic.people.factors import answered_passkey, proved_at
from clinic.people.models import ClinicDevice, Pin, Shift, User
from clinic.people.notices import Notice, tell_owner
from clinic.people.security_log import DONE, REFUSED, Event, note

SHIFT = dt.timedelta(hours=12)
"""From the proof of the second factor on; a session lasts no longer either."""
PIN_LENGTH = 6
PIN_TRIES = attempts.Limit(5, dt.timedelta(minutes=15))
"""Wrong PINs of one member on one device; the last of them ends the shift there."""
PASSKEY_TRIES = attempts.Limit(60, dt.timedelta(minutes=1))
"""Answers of passkeys on one device: they cannot be guessed, but checking one is work."""


class CannotUnlock(Exception):
    """The name and the PIN do not fit, or the shift is over. `reason` is for people."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


# --- devices ----------------------------------------------------------------------------------------------------------


def enrol(*, clinic: Any, name: str, by: User, now: dt.datetime) -> tuple[ClinicDevice, str]:
    """Make a browser a device of the clinic. Returns it with the token for its cookie, which is kept nowhere else."""
    token = secrets.token_urlsafe(32)
    with pghistory.context(user=by.pk), transaction.atomic(durable=True):
        device = ClinicDevice.objects.create(
            clinic=clinic, name=name, token_hash=_hash(token), enrolled_by=by, enrolled_at=now
        )
    note(Event.DEVICE_ENROLLED, outcome=DONE, clinic=clinic.pk, device=device.pk)
    return device, token


def end_device(*, device: ClinicDevice, by: User, now: dt.datetime) -> ClinicDevice:
    """The browser is no device of the clinic any more; its shifts end, and whoever unlocked it is signed out."""
    with pghistory.context(user=by.pk), transaction.atomic(durable=True):
        current = ClinicDevice.objects.select_for_update().get(pk=device.pk)
        if current.ended_at is None:
            current.ended_by, current.ended_at = by, now
            current.save(update_fields=["ended_by", "ended_at"])
        Shift.objects.filter(device=current).delete()
    note(Event.DEVICE_ENDED, outcome=DONE, clinic=current.clinic_id, device=current.pk)
    return current


def devices_of(clinics: QuerySet[Any]) -> QuerySet[ClinicDevice]:
    """The devices in use at these clinics."""
    rows = ClinicDevice.objects.filter(clinic__in=clinics, ended_at=None)
    return rows.select_related("clinic", "enrolled_by").order_by("clinic__name", "name")


def device_of(request: HttpRequest) -> ClinicDevice | None:
    """The clinic's device that this browser is, by its cookie."""
    token = request.COOKIES.get(settings.CLINIC_DEVICE_COOKIE_NAME, "")
    if not token:
        return None
    if not hasattr(request, "_clinic_device"):
        row = ClinicDevice.objects.filter(token_hash=_hash(token), ended_at=None).select_related("clinic").first()
        request._clinic_device = row  # type: ignore[attr-defined]
    device: ClinicDevice | None = request._clinic_device  # type: ignore[attr-defined]
    return device


# --- shifts -----------------------------------------------------------------------------------------------------------


def begin_shift(*, device: ClinicDevice, user: User, proved_at: dt.datetime, now: dt.datetime) -> Shift | None:
    """A member of the device's clinic may unlock it from now on. None for whoever has no role there, or proved too long
    ago."""
    ends_at = proved_at + SHIFT
    works_here = user.clinics_at(now).filter(pk=device.clinic_id).exists()
    if not works_here or ends_at <= now:
        return None
    values = {"proved_at": proved_at, "ends_at": ends_at}
    with transaction.atomic():
        shift, _made = Shift.objects.update_or_create(device=device, user=user, defaults=values)
    return shift


def shifts_on(device: ClinicDevice, *, now: dt.datetime) -> list[Shift]:
    """The shifts that run on a device, of those who still have a role at its clinic, and a PIN or a passkey.

    `has_passkey` says whether a passkey opens it too.
    """
    passkeys = Authenticator.objects.filter(user=OuterRef("user"), type=Authenticator.Type.WEBAUTHN)
    rows = Shift.objects.filter(device=device, ends_at__gt=now, user__is_active=True)
    rows = rows.annotate(passkey=Exists(passkeys)).filter(Q(user__pin__isnull=False) | Q(passkey=True))
    members = User.objects.filter(memberships__in=device.clinic.memberships.holding_at(now))
    shifts: list[Shift] = list(rows.filter(user__in=members).select_related("user").order_by("user__name", "pk"))
    for shift in shifts:
        shift.has_passkey = shift.passkey  # type: ignore[attr-defined]
    return shifts


def opens_by_name(user: User) -> bool:
    """Whether this member's name can open a device: there is a PIN, or a passkey."""
    passkeys = Authenticator.objects.filter(user=user, type=Authenticator.Type.WEBAUTHN)
    return Pin.objects.filter(user=user).exists() or passkeys.exists()


def needs_pin(request: HttpRequest, user: User, *, now: dt.datetime) -> bool:
    """Whether somebody signed in wholly on a device of a clinic where they work, and their name could not open it."""
    device = device_of(request)
    if device is None or proved_at(request, user) is None or opens_by_name(user):
        return False
    return user.clinics_at(now).filter(pk=device.clinic_id).exists()


def end_shift(*, device: ClinicDevice, user: User) -> int:
    """The member's name leaves the device. How many shifts ended."""
    return Shift.objects.filter(device=device, user=user).delete()[0]


# --- PINs -------------------------------------------------------------------------------------------------------------


def why_not_pin(pin: str) -> str:
    """ "" or why these digits are no good PIN."""
    if not re.fullmatch(rf"[0-9]{{{PIN_LENGTH}}}", pin):
        return _("The PIN must have exactly six digits.")
    steps = {(int(after) - int(before)) % 10 for before, after in itertools.pairwise(pin)}
    is_repeated = pin[:3] == pin[3:] or pin[:2] * 3 == pin
    if len(steps) == 1 or is_repeated:
        return _("This PIN is too easy to guess. Please choose digits without a pattern.")
    return ""


def set_pin(*, user: User, pin: str, now: dt.datetime) -> Pin:
    """Set or change the member's PIN; they are told by mail. The caller has asked `why_not_pin`."""
    if reason := why_not_pin(pin):
        raise ValueError(reason)
    with transaction.atomic(durable=True):
        row, _made = Pin.objects.update_or_create(user=user, defaults={"hash": make_password(pin), "set_at": now})
        tell_owner(user=user, what=Notice.PIN_SET, now=now)
    return row


def unlock(*, device: ClinicDevice, user_id: int, pin: str, now: dt.datetime) -> Shift:
    """The running shift whose member typed the PIN. Raises CannotUnlock.

    The try is counted before the PIN is looked at; the fifth wrong one ends the shift, and the whole sign-in is needed.
    """
    shift = running_shift(device=device, user_id=user_id, now=now)
    key = f"pin:{device.pk}:{user_id}"
    within = attempts.take(key=key, limit=PIN_TRIES, now=now)
    pin_hash = Pin.objects.filter(user=shift.user).values_list("hash", flat=True).first()
    if within and pin_hash and check_password(pin, pin_hash):
        attempts.give_back(key=key)
        note(Event.DEVICE_UNLOCKED, outcome=DONE, user=shift.user, clinic=device.clinic_id, device=device.pk)
        return shift
    if not within or attempts.used_up(key=key, limit=PIN_TRIES, now=now):
        end_shift(device=device, user=shift.user)
        note(Event.DEVICE_LOCKED_OUT, outcome=REFUSED, user=shift.user, clinic=device.clinic_id, device=device.pk)
        raise CannotUnlock(_too_many_tries(shift.user))
    note(Event.SECOND_FACTOR_FAILED, outcome="wrong_pin", user=shift.user, clinic=device.clinic_id, device=device.pk)
    raise CannotUnlock(_("The PIN is not correct."))


def running_shift(*, device: ClinicDevice, user_id: int, now: dt.datetime) -> Shift:
    """The shift of this member on the device. Raises CannotUnlock."""
    shift = next((shift for shift in shifts_on(device, now=now) if shift.user_id == user_id), None)
    if shift is None:
        raise CannotUnlock(why_no_shift(device=device, user_id=user_id, now=now))
    return shift


def why_no_shift(*, device: ClinicDevice, user_id: int | None, now: dt.datetime) -> str:
    """What a name is told that no longer stands on the device: whose wrong PINs ended the shift is told so by name."""
    member = User.objects.filter(pk=user_id).first() if user_id else None
    if member and attempts.used_up(key=f"pin:{device.pk}:{user_id}", limit=PIN_TRIES, now=now):
        return _too_many_tries(member)
    return _("Your shift on this device has ended. Please sign in with your password.")


def _too_many_tries(member: User) -> str:
    return _("Too many attempts for %(name)s. Please sign in with your password.") % {"name": member}


def unlock_by_passkey(
    *, device: ClinicDevice, user_id: int, credential: object, now: dt.datetime
) -> tuple[Shift, Authenticator]:
    """The running shift of the member whose passkey answered the question of this session. Raises CannotUnlock."""
    shift = running_shift(device=device, user_id=user_id, now=now)
    if not attempts.take(key=f"passkey:device:{device.pk}", limit=PASSKEY_TRIES, now=now):
        raise CannotUnlock(_("Too many attempts. Please wait a few minutes and try again."))
    passkey = answered_passkey(shift.user, credential)
    clinic, number = device.clinic_id, device.pk
    if passkey is None:
        note(Event.SECOND_FACTOR_FAILED, outcome="wrong_passkey", user=shift.user, clinic=clinic, device=number)
        raise CannotUnlock(_("The passkey did not match."))
    note(Event.DEVICE_UNLOCKED, outcome=DONE, user=shift.user, clinic=clinic, device=number)
    return shift, passkey


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
