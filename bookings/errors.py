"""What an action says when it cannot do what was asked: words for people, never a 500."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from therapies.rules import Ruling


class ActionRefused(Exception):
    """Something could not be done; `reason` says why in words for whoever asked."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class PolicyRefused(ActionRefused):
    """A policy says no."""


class JustTaken(ActionRefused):
    """Somebody else was quicker."""

    def __init__(self, reason: str = "") -> None:
        super().__init__(reason or _("This time has just been booked by someone else."))


class HoldExpired(ActionRefused):
    """The fifteen minutes are over and the time could not be kept."""

    def __init__(self, reason: str = "") -> None:
        expired = _("The 15-minute hold has expired and the time is available again. Please choose a time.")
        super().__init__(reason or expired)


class Busy(ActionRefused):
    """A lock took too long; nothing was written."""

    def __init__(self) -> None:
        super().__init__(_("Many people are booking right now. Please try again in a moment."))


class IdempotencyKeyReused(ActionRefused):
    """The same form was already sent with other content."""

    def __init__(self) -> None:
        super().__init__(_("This form was already sent with other details. Please start again."))


class SoftLimit(ActionRefused):
    """A rule that closes nothing speaks against the time: whoever may books all the same, with a reason."""

    def __init__(self, rulings: Sequence[Ruling]) -> None:
        super().__init__("; ".join(row.reason for row in rulings))
        self.rules = frozenset(row.code for row in rulings)


class MergedMeanwhile(ActionRefused):
    """The patient's record was merged into another one since the page was loaded."""

    def __init__(self) -> None:
        super().__init__(_("This patient's record was merged into another one. Please load the page again."))


class StaleVersion(ActionRefused):
    """The visit changed since the page was loaded."""

    def __init__(self) -> None:
        super().__init__(_("This visit was changed in the meantime. Please check it again."))


def refuse_if(reason: str) -> None:
    """Stop the action when a policy gave a reason."""
    if reason:
        raise PolicyRefused(reason)
