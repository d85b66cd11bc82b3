"""How the public catalogue groups what is offered: by what a patient feels, not by the textbook's category."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from therapies.models import Therapy


class Section(TextChoices):
    CONSULTATION = "consultation", _("Start with a consultation")
    OIL = "oil", _("Warm oil and gentle massage")
    WARMTH = "warmth", _("Warmth and steam")
    PASTE = "paste", _("Herbal pastes")
    PURIFICATION = "purification", _("Purification, as prescribed by the Vaidya")
    HOME = "home", _("At home")
    OTHER = "other", _("Other therapies")


SECTION_OF = {
    "consultation": Section.CONSULTATION,
    "bahya_snehana": Section.OIL,
    "bahya_basti": Section.OIL,
    "massage": Section.OIL,
    "swedana": Section.WARMTH,
    "snigdha_sweda": Section.WARMTH,
    "lepa": Section.PASTE,
    "shodhana": Section.PURIFICATION,
    "abhyantara_snehana": Section.PURIFICATION,
    "diet_regimen": Section.HOME,
}


@dataclass(frozen=True)
class Group:
    """A section and its therapies, in the order in which they came."""

    section: Section
    therapies: list[Therapy]


def section_of(therapy: Therapy) -> Section:
    """A massage to do at home belongs to home; a category that nobody has placed is among the others."""
    if not therapy.is_given_here:
        return Section.HOME
    return SECTION_OF.get(therapy.category, Section.OTHER)


def grouped(therapies: Iterable[Therapy]) -> list[Group]:
    """The sections that have something, in their own order."""
    everything = list(therapies)
    groups = [Group(section, [each for each in everything if section_of(each) == section]) for section in Section]
    return [group for group in groups if group.therapies]
