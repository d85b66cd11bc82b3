"""The words of e-mails about accounts: sign-in codes and links."""

from collections.abc import Callable, Mapping

from django.utils.translation import gettext as _

from .appointment import absolute
from .new_staff_words import NEW_STAFF_MESSAGES
from .notice_words import NOTICES
from .words import MessageButton, Words


def login_code(secret: Mapping[str, str]) -> Words:
    return Words(
        subject=_("Your sign-in code"),
        title=_("Your sign-in code"),
        before=(_("Enter this code on the page where you requested it:"),),
        code=secret["code"],
        after=(
            _("The code is valid for a few minutes and can be used once. We will never ask you for it by phone."),
            _("If you did not request it, you can ignore this e-mail. Nobody can sign in without the code."),
        ),
    )


def confirm_address(secret: Mapping[str, str]) -> Words:
    return Words(
        subject=_("Confirm your e-mail address"),
        title=_("Confirm your e-mail address"),
        before=(_("Enter this code on the page where you requested it:"),),
        code=secret["code"],
        after=(_("If you did not request it, you do not need to do anything."),),
    )


def no_account(secret: Mapping[str, str]) -> Words:
    return Words(
        subject=_("No account with this address"),
        title=_("There is no account with this address"),
        before=(
            _(
                "Someone, perhaps you, tried to sign in with this e-mail address. There is no "
                "account with this address."
            ),
            _("You may have used another address, or you can create an account."),
        ),
        button=MessageButton(_("Create an account"), secret.get("signup_url") or absolute("/")),
        after=(_("If it was not you, you do not need to do anything."),),
    )


def account_exists(_secret: Mapping[str, str]) -> Words:
    return Words(
        subject=_("You already have an account"),
        title=_("You already have an account"),
        before=(
            _("Someone, perhaps you, tried to create an account with this e-mail address. You already have one."),
            _("Just sign in: we will send you a code."),
        ),
        button=MessageButton(_("Sign in"), absolute("/accounts/login/")),
        after=(_("If it was not you, you do not need to do anything."),),
    )


def new_password(secret: Mapping[str, str]) -> Words:
    return Words(
        subject=_("Choose a new password"),
        title=_("Choose a new password"),
        before=(_("Someone, perhaps you, requested a new password. The link works once and is valid for one hour."),),
        button=MessageButton(_("Choose a new password"), secret["password_reset_url"]),
        after=(_("If it was not you, you do not need to do anything. Your password has not changed."),),
    )


def new_password_code(secret: Mapping[str, str]) -> Words:
    return Words(
        subject=_("Choose a new password"),
        title=_("Choose a new password"),
        before=(_("Enter this code on the page where you requested it:"),),
        code=secret["code"],
        after=(_("If it was not you, you do not need to do anything. Your password has not changed."),),
    )


def something_changed(_secret: Mapping[str, str]) -> Words:
    return Words(
        subject=_("About your account"),
        title=_("Something about your account was changed"),
        before=(_("If it was you, you do not need to do anything. If not, please sign in and check, or call us."),),
        button=MessageButton(_("Sign in"), absolute("/accounts/login/")),
    )


# By the last part of the template name that the sign-in library uses.
ACCOUNT_MESSAGES: dict[str, Callable[[Mapping[str, str]], Words]] = {
    "login_code": login_code,
    "email_confirmation": confirm_address,
    "email_confirmation_signup": confirm_address,
    "unknown_account": no_account,
    "account_already_exists": account_exists,
    "password_reset_key": new_password,
    "password_reset_code": new_password_code,
    **NOTICES,
    **NEW_STAFF_MESSAGES,
}


def account_words(template: str, secret: Mapping[str, str]) -> Words:
    """The words of an e-mail about an account; an unknown template says that something changed."""
    return ACCOUNT_MESSAGES.get(template.rsplit("/", 1)[-1], something_changed)(secret)
