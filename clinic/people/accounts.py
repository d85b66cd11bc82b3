"""How allauth speaks with the house: who gets an account, and letters that are rows before they are sent."""

import datetime as dt
from typing import Any, Protocol

import pghistory
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.account.internal.stagekit import clear_login
from django.conf import settings
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from clinic.people import attempts, clinic_devices, devices, factors, passwords, security_log, sessions
from clinic.people.models import User
from clinic.people.notices import Notice, has_unread, letter_writer, tell_owner
from clinic.people.own_sessions import end_others
from clinic.people.permissions import page_then

SECRETS = ("code", "password_reset_url")
"""What a letter about an account may hold."""

_NO_FIT = _("The staff ID or e-mail and password do not match.")


class ProveAddress(Protocol):
    """The rooms above know what was held back from an address, in settings.ADDRESS_PROVED."""

    def __call__(self, *, address: str, now: dt.datetime) -> object: ...


def open_account(*, email: str, now: dt.datetime) -> User | None:
    """An account for an address that nobody has shown to be theirs: `joined_at` stays empty until a code proves it.

    It is opened when the code is asked for, so that a known and an unknown address get the same page and letter.
    None when the address belongs to a closed account.
    """
    try:
        with transaction.atomic():
            return User.objects.create_user(email=email, asked_at=now)
    except IntegrityError:  # closed, or opened this very moment by the same person's second click
        return User.objects.filter(email__iexact=email, is_active=True).first()


def note_asked(*, email: str, now: dt.datetime) -> int:
    """Another code for an account that nobody has come in with: it is kept as long as somebody tries. How many."""
    return User.objects.filter(email__iexact=email, joined_at=None).update(asked_at=now)


def note_joined(*, user: User, now: dt.datetime) -> User:
    """The first time that somebody came in."""
    if user.joined_at is None:
        user.joined_at = now
        user.save(update_fields=["joined_at"])
    return user


def tell_of_name(*, user: User, by: User, now: dt.datetime) -> None:
    """The owner reads that the account has another name or staff number; in the caller's transaction."""
    tell_owner(user=user, what=Notice.NAME_CHANGED, now=now, detail={"name": user.name, "by": str(by)})


def change_email(*, user: User, email: str, by: User, now: dt.datetime) -> User:
    """Another address of an account; the owner reads of it at both, and signs in again."""
    with pghistory.context(user=by.pk), transaction.atomic():  # not durable: the admin's form is a transaction
        current = User.objects.select_for_update().get(pk=user.pk)
        old, current.email = current.email, email.lower()
        if old.lower() != current.email:
            current.save(update_fields=["email"])
            end_others(user=current, session_key="")  # whoever reads the old address may be signed in
            tell_owner(user=current, what=Notice.EMAIL_CHANGED, now=now, detail={"by": str(by)}, email=old)
    return current


def note_proved(*, address: str, now: dt.datetime) -> None:
    """A code of this address signed in: whoever gave it as a contact is reached there. Rooms above plan the rest."""
    prove: ProveAddress = import_string(settings.ADDRESS_PROVED)
    prove(address=address, now=now)


def displayed(user: User) -> str:
    """How allauth names an account to its owner."""
    return str(user)


def remind_of_notices(request: HttpRequest, user: User) -> None:
    """Whoever comes in and gets no letters is told where to read of changes."""
    if has_unread(user):
        messages.warning(request, _("Your account was changed. Please check “Sign-in and security”."))


class AccountAdapter(DefaultAccountAdapter):
    """Accounts by mailed code; staff by number or e-mail and password."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "incorrect_code": _("The code is not correct. Please check the newest e-mail."),
        "email_password_mismatch": _NO_FIT,
        "username_password_mismatch": _NO_FIT,
        "too_many_login_attempts": _("Too many attempts. Please wait a few minutes and try again."),
        "rate_limited": _("Too many attempts. Please wait a few minutes and try again."),
    }

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Write the letter's row; no request talks to SMTP."""
        now = timezone.now()
        note_asked(email=email, now=now)
        letter_writer()(
            email=email,
            template=template_prefix.rsplit("/", 1)[-1],
            context={name: str(context[name]) for name in SECRETS if name in context},
            language=get_language() or settings.LANGUAGE_CODE,
            now=now,
        )

    def set_password(self, user: Any, password: str) -> None:
        """Changed, reset or set for the first time: every way goes through here. The owner is told."""
        with transaction.atomic():
            super().set_password(user, password)
            tell_owner(user=user, what=Notice.PASSWORD_CHANGED, now=timezone.now())

    def send_notification_mail(
        self, template_prefix: str, user: Any, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        """The library's own notices: those about a second factor. Of a password `set_password` told already."""
        del context
        if template_prefix.startswith("mfa/"):
            tell_owner(user=user, what=Notice.FACTOR_CHANGED, now=timezone.now(), email=email or "")

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        """Limits are counted before the password is looked at; a right one does not count."""
        sign_in = credentials.get("email") or credentials.get("username") or ""
        taken = passwords.take_attempt(request, sign_in=sign_in, now=timezone.now())
        if taken is None:
            raise self.validation_error("too_many_login_attempts")  # noted where it was counted
        user = super().authenticate(request, **credentials)
        if user:
            attempts.give_all_back(taken)
        else:
            name = security_log.name_hash(sign_in)
            security_log.note(security_log.Event.SIGN_IN_FAILED, outcome="wrong_password", name_hash=name)
        return user

    def pre_login(self, request: HttpRequest, user: Any, **hints: Any) -> HttpResponse | None:
        """A mailed code alone lets nobody in who works here: the password, or a second factor, comes first."""
        refusal = super().pre_login(request, user, **hints)
        if refusal is None and factors.needs_password(request, user, now=timezone.now()):
            clear_login(request)
            messages.info(request, _("You are a staff member. Please sign in with your password."))
            return redirect("account_login")
        return refusal

    def post_login(self, request: HttpRequest, user: Any, **hints: Any) -> HttpResponse:
        """A device on which somebody who works here signs in for the first time is told to them.

        It is known from then on, a patient's too: limits that strangers use up do not hold there.
        """
        response = super().post_login(request, user, **hints)
        if clinic_devices.needs_pin(request, user, now=timezone.now()):
            response = redirect(page_then("desk:pin", response.headers.get("Location", "")))
        remind_of_notices(request, user)
        if factors.has_proved(request, user):
            if not devices.known_device(request, user):
                rows = {"device": devices.device_in_words(request.headers.get("User-Agent", ""))}
                tell_owner(user=user, what=Notice.NEW_DEVICE, now=timezone.now(), detail=rows)
            devices.remember(request, response, user)
        elif not factors.needs_factor(user, now=timezone.now()):
            devices.remember(request, response, user)
        return response

    def login(self, request: HttpRequest, user: Any) -> None:
        came_by = get_authentication_records(request)[-1:]
        super().login(request, user)
        security_log.note(security_log.Event.SIGN_IN, outcome=security_log.DONE, user=user)
        now = timezone.now()
        note_joined(user=user, now=now)
        if user.email and [record.get("method") for record in came_by] == ["code"]:
            note_proved(address=user.email, now=now)

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        """On a clinic device the names follow: somebody else of the clinic is next."""
        return (
            sessions.names_page("") if clinic_devices.device_of(request) else super().get_logout_redirect_url(request)
        )

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002
        """Asking for a code opens the account: there is no second way."""
        return False
