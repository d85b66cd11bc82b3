"""What anybody reads before signing in: clinics, prices, notices. The same for everybody, so kept for each edition."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from phonenumber_field.phonenumber import to_python

from bookings.messages.content.late_changes import late_change_words
from bookings.portal import lookups
from clinic.clock import date_format, span_words
from clinic.premises.models import Clinic, Closure, OpeningHours, PageSection, PublicPage
from clinic.premises.models.hours import Use, Weekday
from therapies import pages
from therapies.models import Therapy
from therapies.sections import grouped

CLOSURES_AHEAD = dt.timedelta(days=60)
MAP = "https://www.google.com/maps/search/?"
WHATSAPP = "https://wa.me/"
MIDNIGHT = 24 * 60
LEADS = {
    PublicPage.FAQ: gettext_lazy("Short answers to what people ask us most."),
    PublicPage.PRIVACY: gettext_lazy("What we keep about you, who reads it, and what you can ask of us."),
    PublicPage.TERMS: gettext_lazy("What holds between you and the clinic when you book here."),
    PublicPage.ACCESSIBILITY: gettext_lazy("How you can use this website and our clinics, whatever helps you."),
}


@dataclass(frozen=True)
class TextBlock:
    """A paragraph (one line), or a list of points."""

    lines: tuple[str, ...]
    is_list: bool


@dataclass(frozen=True)
class TextSection:
    """A heading and what stands below it, in the reader's language."""

    heading: str
    blocks: tuple[TextBlock, ...]


@dataclass(frozen=True)
class PriceRow:
    """What a therapy costs. `prices` name their clinic where there are several."""

    therapy: Therapy
    length: str
    prices: tuple[str, ...]


# --- texts that a clinic edits ----------------------------------------------------------------------------------------


def text_blocks(text: str) -> tuple[TextBlock, ...]:
    """Paragraphs and lists of a text: an empty line ends either, a hyphen and a space begin a point."""
    result: list[TextBlock] = []
    for part in text.replace("\r\n", "\n").split("\n\n"):
        lines = [line.strip() for line in part.splitlines() if line.strip()]
        points = tuple(line[2:] for line in lines if line.startswith("- "))
        words = " ".join(line for line in lines if not line.startswith("- "))
        result += [TextBlock((words,), is_list=False)] if words else []
        result += [TextBlock(points, is_list=True)] if points else []
    return tuple(result)


def sections(page: PublicPage) -> list[TextSection]:
    """In the reader's language, else in English, with what the clinics themselves say put in."""
    language = (get_language() or "en").split("-")[0]
    rows = PageSection.objects.filter(page=page, is_shown=True)
    own = list(rows.filter(language=language)) or list(rows.filter(language="en"))
    clinics = list(lookups.open_clinics().order_by("name"))
    late_change = " ".join(late_rows(clinics))
    words = {"{clinic}": _names(clinics), "{contact}": _contacts(clinics), "{late_change}": late_change}
    return [TextSection(row.heading, text_blocks(_filled(row.text, words))) for row in own]


def _filled(text: str, words: dict[str, str]) -> str:
    for place, word in words.items():
        text = text.replace(place, word)
    return text


def _names(clinics: Sequence[Clinic]) -> str:
    return ", ".join(clinic.name for clinic in clinics) or _("Ayurveda clinic")


def _contacts(clinics: Sequence[Clinic]) -> str:
    """How each clinic is reached; its name only where there are several."""
    rows = [(clinic.name, [word for word in (_phone(clinic), clinic.email) if word]) for clinic in clinics]
    reached = [(name, ", ".join(ways)) for name, ways in rows if ways]
    if len(reached) == 1:
        return reached[0][1]
    return "; ".join(f"{name}: {ways}" for name, ways in reached) or _("at the front desk")


def _phone(clinic: Clinic) -> str:
    return str(clinic.phone.as_international) if clinic.phone else ""


def late_rows(clinics: Sequence[Clinic]) -> list[str]:
    """Until when a change is free and what it costs then, once where all clinics say the same."""
    rows = [
        (clinic.name, late_change_words(clinic.change_notice_hours, clinic.late_change_price)) for clinic in clinics
    ]
    if len({words for _name, words in rows}) == 1:
        return [rows[0][1]]
    return [f"{name}: {words}" for name, words in rows]


# --- clinics ----------------------------------------------------------------------------------------------------------


def clinic_context(clinic: Clinic, today: dt.date) -> dict[str, Any]:
    """What public/_clinic.html shows."""
    closures = Closure.objects.filter(clinic=clinic, on__gte=today, on__lte=today + CLOSURES_AHEAD)
    whatsapp = to_python(clinic.whatsapp)
    return {
        "clinic": clinic,
        "address": ", ".join(clinic.address.splitlines()),
        "hours": hours_of(clinic.opening_hours.all()),
        "closures": [date_format(row.on, "l j F Y") for row in closures.order_by("on")],
        "map_url": clinic.map_url or MAP + urlencode({"api": 1, "query": f"{clinic.name}, {clinic.address}"}),
        "whatsapp_url": WHATSAPP + whatsapp.as_e164.lstrip("+") if whatsapp else "",
        "whatsapp": whatsapp.as_national if whatsapp else "",
        "sections": sections(PublicPage.VISIT),
        "late_rows": late_rows([clinic]),
    }


def hours_of(rows: Iterable[OpeningHours]) -> list[tuple[str, str]]:
    """Each weekday with its hours in words; those of running courses say so."""
    by_day: dict[int, list[str]] = {day: [] for day in Weekday.values}
    for row in sorted(rows, key=lambda row: (row.weekday, row.from_minute)):
        span = span_words(_moment(row.from_minute), _moment(row.to_minute))
        words = span if row.use == Use.EVERYONE else _("%(hours)s for running courses") % {"hours": span}
        by_day[row.weekday].append(words)
    return [(str(Weekday(day).label), ", ".join(words) or _("Closed")) for day, words in by_day.items()]


def _moment(minute: int) -> dt.datetime:
    """A minute of the day on a clock: 1440 is midnight."""
    return dt.datetime.combine(dt.date.min, dt.time(), tzinfo=dt.UTC) + dt.timedelta(minutes=minute % MIDNIGHT)


# --- prices -----------------------------------------------------------------------------------------------------------


def price_groups() -> list[tuple[str, list[PriceRow]]]:
    """What is offered and has a price, in the groups of the catalogue."""
    offered = Therapy.objects.offered().with_texts().prefetch_related("prices__clinic")
    several = lookups.open_clinics().count() > 1
    groups = [(str(group.section.label), _price_rows(group.therapies, several=several)) for group in grouped(offered)]
    return [(label, rows) for label, rows in groups if rows]


def _price_rows(therapies: Iterable[Therapy], *, several: bool) -> list[PriceRow]:
    rows = [
        PriceRow(
            card.therapy,
            card.length,
            tuple(f"{price.clinic}: {price.text}" if several else price.text for price in card.therapy.prices.all()),
        )
        for card in pages.cards(therapies)
    ]
    return [row for row in rows if row.prices]
