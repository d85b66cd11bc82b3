"""The words of e-mails about changes in an account, to its owner. They contain no link that changes anything."""

import datetime as dt
from collections.abc import Callable, Mapping
from zoneinfo import ZoneInfo

from django.utils import formats
from django.utils.translation import gettext as _

from clinic.clock import clock_words
from clinic.people.models import Role

from .words import Words

Detail = Mapping[str, str]


def email_changed(detail: Detail) -> Words:
    return _words(
        detail,
        subject=_("Your e-mail address was changed"),
        what=_(
            "The e-mail address of your account was changed. We sent this message to both the old and the new address."
        ),
    )


def name_changed(detail: Detail) -> Words:
    return _words(
        detail,
        subject=_("Your name was changed"),
        what=_("The name or the staff number of your account was changed. What you signed before keeps the old name."),
        if_not=_("If this is wrong, please tell the manager of the clinic or call us."),
    )


def password_changed(detail: Detail) -> Words:
    return _words(
        detail,
        subject=_("Your password was changed"),
        what=_("The password of your account was changed. You have been signed out on all other devices."),
    )


def factor_changed(detail: Detail) -> Words:
    return _words(
        detail,
        subject=_("Your second sign-in step was changed"),
        what=_("An authenticator, a passkey or the recovery codes of your account were added, changed or removed."),
    )


def reset_requested(detail: Detail) -> Words:
    return _words(
        detail,
        subject=_("Someone asked to remove your second sign-in step"),
        what=_("It will be removed only if a second person confirms this within a day. You can sign in as before."),
        if_not=_("If you did not ask for this, call us immediately, so that nobody confirms it."),
    )


def reset_ended(detail: Detail) -> Words:
    return _words(
        detail,
        subject=_("Your second sign-in step stays"),
        what=_("The request to remove your second sign-in step was withdrawn or refused."),
        if_not=_("If you still need it removed, ask the manager of your clinic or call us."),
    )


def pin_set(detail: Detail) -> Words:
    return _words(
        detail,
        subject=_("Your PIN for the clinic devices was set"),
        what=_("Use your name and this PIN to unlock the clinic's shared devices during your shift."),
    )


def new_device(detail: Detail) -> Words:
    return _words(
        detail,
        subject=_("New sign-in to your account"),
        what=_("Someone signed in to your account on a device that we have not seen before."),
    )


def role_given(detail: Detail) -> Words:
    return _words(
        detail,
        subject=_("You have a new role"),
        what=_("Your account was given a role."),
        if_not=_("If you did not expect this, please tell the manager of the clinic or call us."),
    )


def role_ended(detail: Detail) -> Words:
    return _words(
        detail,
        subject=_("One of your roles has ended"),
        what=_("One of your roles was ended. Your other roles have not changed."),
        if_not=_("If you did not expect this, please tell the manager of the clinic or call us."),
    )


def role_refused(detail: Detail) -> Words:
    return _words(
        detail,
        subject=_("A role that you were offered was refused"),
        what=_("A Vaidya did not confirm this role. Nothing else changes in your account."),
        if_not=_("The person who offered you the role can tell you why. If you have questions, call us."),
    )


def offer_refused(detail: Detail) -> Words:
    return _words(
        detail,
        subject=_("A role that you offered was refused"),
        what=_("A Vaidya did not confirm this role. The reason is on the page Staff, under Decided."),
        if_not=_("The person was informed too, without the reason. If you did not offer this role, call us."),
    )


def offer_declined(detail: Detail) -> Words:
    return _words(
        detail,
        subject=_("A role that you offered was declined"),
        what=_("The person does not want this role. If it was a mistake, offer it again on the page Staff."),
        if_not=_("If you did not offer this role, please call us."),
    )


def account_closed(detail: Detail) -> Words:
    return _words(
        detail,
        subject=_("Your account was closed"),
        what=_("All your roles ended, you were signed out everywhere, and nobody can sign in with your account."),
        if_not=_("If you do not know why, please tell the manager of the clinic or call us."),
    )


def account_opened(detail: Detail) -> Words:
    return _words(
        detail,
        subject=_("Your account is open again"),
        what=_("You can sign in with your account again. Your earlier roles stay ended."),
        if_not=_("If you do not know why, please tell the manager of the clinic or call us."),
    )


def password_link(detail: Detail) -> Words:
    return _words(
        detail,
        subject=_("A slip to choose a new password was made for you"),
        what=_("Whoever has the slip can choose a new password for your account. Your second sign-in step stays."),
    )


def safety_loosened(detail: Detail) -> Words:
    return _words(
        detail,
        subject=_("A safety rule is being relaxed by one person"),
        what=_(
            "One Vaidya confirmed, without a second person, a change that makes a safety "
            "question or rule less strict. It takes effect in 24 hours."
        ),
        if_not=_(
            "If this is wrong, tell the Vaidya or call us immediately. Until then, the change "
            "can be withdrawn on the Safety page."
        ),
    )


def _words(detail: Detail, *, subject: str, what: str, if_not: str = "") -> Words:
    return Words(
        subject=subject,
        title=subject,
        before=(what,),
        facts=tuple(_facts(detail)),
        after=(
            _("If this was you, or you expected it, you do not need to do anything."),
            if_not or _if_it_was_not_you(),
        ),
    )


def _if_it_was_not_you() -> str:
    return _(
        "If it was not you, call us immediately or tell the manager of your clinic. Then "
        "enter the address of our website yourself, sign in, and choose a new password."
    )


def _facts(detail: Detail) -> list[tuple[str, str]]:
    labels = {
        "clinic": _("Clinic"),
        "role": _("Role"),
        "person": _("Person"),
        "name": _("Name"),
        "by": _("By"),
        "confirmed_by": _("Confirmed by"),
        "starts_on": _("From"),
        "device": _("Device"),
        "factor": _("Second step"),
    }
    shown = dict(detail)
    if "role" in shown:
        shown["role"] = str(Role(shown["role"]).label)
    if "starts_on" in shown:
        shown["starts_on"] = formats.date_format(dt.date.fromisoformat(shown["starts_on"]), "j F Y")
    return [(_("When"), _moment(detail)), *((label, shown[key]) for key, label in labels.items() if shown.get(key))]


def _moment(detail: Detail) -> str:
    """For example: 29 November 2026, 05:40 (Asia/Kolkata)."""
    zone = detail.get("zone") or "UTC"
    at = dt.datetime.fromisoformat(detail["at"]).astimezone(ZoneInfo(zone))
    return _("%(day)s, %(time)s (%(zone)s)") % {
        "day": formats.date_format(at, "j F Y"),
        "time": clock_words(at),
        "zone": zone.replace("_", " "),
    }


NOTICES: dict[str, Callable[[Detail], Words]] = {
    "notice_email_changed": email_changed,
    "notice_name_changed": name_changed,
    "notice_password_changed": password_changed,
    "notice_factor_changed": factor_changed,
    "notice_reset_requested": reset_requested,
    "notice_reset_ended": reset_ended,
    "notice_pin_set": pin_set,
    "notice_new_device": new_device,
    "notice_role_given": role_given,
    "notice_role_ended": role_ended,
    "notice_role_refused": role_refused,
    "notice_offer_refused": offer_refused,
    "notice_offer_declined": offer_declined,
    "notice_account_closed": account_closed,
    "notice_account_opened": account_opened,
    "notice_password_link": password_link,
    "notice_safety_loosened": safety_loosened,
}
