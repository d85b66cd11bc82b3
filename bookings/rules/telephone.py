"""May a decision be taken by telephone although a Vaidya is at the clinic: "" or the reason in words. Pure."""

from collections.abc import Mapping, Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

WHY_BY_TELEPHONE: Mapping[str, str | Promise] = {
    "in_session": gettext_lazy("Every Vaidya here is in a session with another patient."),
    "gone_out": gettext_lazy("The Vaidya has left the clinic, although the hours say otherwise."),
}
"""Named reasons; what is kept with the decision is their words."""


def why_not_while_here(present: Sequence[str], why: str) -> str:
    """Whether the telephone is the way: while a Vaidya (`present`: names) is here, only for a named reason."""
    if not present or why in WHY_BY_TELEPHONE:
        return ""
    words = _("%(names)s is at the clinic now and decides in person. If that is not possible, choose why.")
    return words % {"names": ", ".join(present)}
