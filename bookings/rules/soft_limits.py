"""Rules that close no time but want a reason: who may book against one at the desk. Hard rules nobody passes here."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic.people.models import Role
from therapies.rules import Ruling

MAY_OVERRIDE = (Role.MANAGER, Role.VAIDYA)
"""Who books against a soft rule, with a reason (a clinic default, unsourced)."""


class OverrideReason(TextChoices):
    """Codes, because the history keeps no free text."""

    VAIDYA_AGREES = "vaidya_agrees", gettext_lazy("The Vaidya agrees")
    PATIENT_TRAVELS = "patient_travels", gettext_lazy("The patient has travelled far")
    LAST_TIME = "last_time", gettext_lazy("No other time is left in the course")


@dataclass(frozen=True)
class Override:
    """The soft rules (codes) that somebody was shown, and why the visit is booked all the same; none as a rule."""

    rules: frozenset[str] = frozenset()
    reason: str = ""

    @property
    def detail(self) -> dict[str, Any]:
        """What the history keeps of it: codes."""
        return {"override": self.reason, "rules": sorted(self.rules)} if self.rules else {}


NOTHING_OVERRIDDEN = Override()


def notes_open(notes: Iterable[Ruling], override: Override) -> list[Ruling]:
    """Those that nobody has overridden with a reason."""
    return [note for note in notes if note.code not in override.rules or override.reason not in OverrideReason.values]


def why_not_override(override: Override, roles: Collection[str]) -> str:
    """Whether somebody of these roles at the clinic may; "" also where nothing is overridden."""
    if not override.rules or not {*MAY_OVERRIDE}.isdisjoint(roles):
        return ""
    return _("Only a manager or a Vaidya can book against this rule.")
