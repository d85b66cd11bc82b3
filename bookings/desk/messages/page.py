"""How the pages of letters name things."""

from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bookings.messages.content.samples import sample_codes, sample_words
from bookings.messages.records import LISTS
from bookings.models import MessageKind

OWN_NOTES = frozenset({MessageKind.CALL_BACK, MessageKind.WRONG_ANSWER})
"""What the desk is to do: nobody is written this."""


@dataclass(frozen=True)
class Tab:
    url: str
    label: str
    current: bool
    count: int | None = None


@dataclass(frozen=True)
class SampleRow:
    """A letter by its subject, with a link for each language."""

    subject: str
    links: tuple[tuple[str, str, str], ...]


def list_tabs(which: str) -> list[Tab]:
    """The lists of letters, as tabs."""
    labels = {"due": _("Due"), "sent": _("Sent"), "failed": _("Failed"), "void": _("No longer needed")}
    address = reverse("desk:letters")
    return [Tab(f"{address}?list={name}", labels[name], name == which) for name in LISTS]


def sample_rows() -> list[SampleRow]:
    """Every letter there is."""
    here = get_language() or settings.LANGUAGE_CODE
    return [
        SampleRow(
            sample_words(code, here).subject,
            tuple(
                (reverse("desk:letter_sample", args=[code, language]), language, str(name))
                for language, name in settings.LANGUAGES
            ),
        )
        for code in sample_codes()
        if code not in OWN_NOTES
    ]
