"""The words of e-mails to new staff, and to staff who need a new password."""

from collections.abc import Callable, Mapping

from django.urls import reverse
from django.utils.translation import gettext as _

from clinic.people.models import Role

from .appointment import absolute
from .words import MessageButton, Words

Detail = Mapping[str, str]


def staff_invited(detail: Detail) -> Words:
    return Words(
        subject=_("Your account at %(clinic)s") % detail,
        title=_("Welcome to the team of %(clinic)s") % detail,
        before=(
            _("%(by)s created an account for you. Please choose your own password. Nobody else will know it.") % detail,
            _("The link works once and is valid for 24 hours. After that, request a new one."),
        ),
        facts=(*_role(detail), (_("Sign in with"), detail["number"])),
        button=MessageButton(_("Choose your password"), detail["password_reset_url"]),
        after=(_("If you do not work there, you can ignore this e-mail. Nobody can sign in without a password."),),
    )


def set_password(detail: Detail) -> Words:
    return Words(
        subject=_("Choose a new password"),
        title=_("Choose a new password"),
        before=(
            _("%(by)s sent you this link so that you can choose a new password for your staff account.") % detail,
            _("The link works once and is valid for 24 hours. Your old password works until you choose a new one."),
        ),
        button=MessageButton(_("Choose your password"), detail["password_reset_url"]),
        after=(
            _(
                "If you did not request it, please tell the manager of your clinic. You do not need "
                "to do anything else."
            ),
        ),
    )


def role_offered(detail: Detail) -> Words:
    return Words(
        subject=_("%(clinic)s invites you to join its team") % detail,
        title=_("%(clinic)s invites you to join its team") % detail,
        before=(
            _("%(by)s has offered you a role. You get it only if you accept within 7 days.") % detail,
            _("Sign in to view the offer and accept or decline it."),
        ),
        facts=_role(detail),
        button=MessageButton(_("View the offer"), absolute(reverse("role_offers"))),
        after=(_("If you did not expect this, decline it or do nothing. Nothing will change in your account."),),
    )


def _role(detail: Detail) -> tuple[tuple[str, str], ...]:
    roles = [str(Role(code).label) for code in detail["roles"].split(",") if code]
    return ((_("Role"), ", ".join(roles)),) if roles else ()


NEW_STAFF_MESSAGES: dict[str, Callable[[Detail], Words]] = {
    "staff_invited": staff_invited,
    "set_password": set_password,
    "role_offered": role_offered,
}
