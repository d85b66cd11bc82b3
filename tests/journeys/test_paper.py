"""The day's sheet as a browser prints it: one page, nothing cut, Hindi as Hindi."""

import datetime as dt
import re

import pytest
from django.template.loader import render_to_string
from django.utils import translation
from playwright.sync_api import Browser

from bookings.desk.paper.day_sheet import DaySheet, SheetGroup, SheetLine
from bookings.desk.paper.kept_file import style_of_paper
from bookings.models import Booking, Visit
from clinic.people.models import Patient
from clinic.premises.models import Clinic
from tests.factories import NOW
from therapies.models import Therapy, Variant

pytestmark = pytest.mark.browser

PAGE = re.compile(rb"/Type\s*/Page\b(?!s)")
LONG = "Anantha Padmanabha Venkata Subrahmanya Lakshminarasimha Krishnamurthy Ramachandran"
NAMES = ("सावित्री देवी शेखावत", LONG, "Om Prakash Sharma", "Meera Kapoor")
"""A name in Hindi, one of 80 letters, two usual ones."""
CUT = """
() => [...document.querySelectorAll(".day-sheet-line")]
  .filter(row => [row, ...row.children].some(part => part.scrollWidth > part.clientWidth + 1))
  .map(row => row.textContent)
"""


def sheet_of(visits: int, rooms: int) -> DaySheet:
    """So many visits in so many rooms."""
    clinic = Clinic(name="Aarogya Ayurveda", slug="aarogya")
    variant = Variant(therapy=Therapy(code="kati_basti", names={"en": "Kati Basti", "hi": "कटि बस्ति"}))
    lines = [
        SheetLine(
            booking=Booking(
                visit=Visit(clinic=clinic, timezone="Asia/Kolkata"),
                variant=variant,
                starts_at=NOW + number * dt.timedelta(minutes=10),
                ends_at=NOW + number * dt.timedelta(minutes=10) + dt.timedelta(hours=1),
                status="booked",
            ),
            patient=Patient(given_name=NAMES[number % 4], family_name=""),
            age=67,
            others="Sunita Meena, Geeta Devi",
            has_boxes=number % 2 == 0,
            tells_apart=1961 if number % 4 == 3 else None,
        )
        for number in range(visits)
    ]
    groups = tuple(SheetGroup(f"Therapy {room} (Neem)", tuple(lines[room::rooms])) for room in range(rooms))
    return DaySheet(clinic, NOW.date(), "room", groups, visits)


@pytest.mark.parametrize(("language", "visits", "rooms"), [("en", 45, 13), ("hi", 45, 13), ("hi", 12, 4)])
def test_sheet_of_a_day_is_one_page_and_no_name_is_cut(
    browser: Browser, language: str, visits: int, rooms: int
) -> None:
    page = browser.new_page()
    with translation.override(language):
        shown = {"sheet": sheet_of(visits, rooms), "by": "room", "now": NOW, "style_words": style_of_paper()}
        page.set_content(render_to_string("desk/paper/day_sheet_file.html", shown))

    printed = page.pdf(prefer_css_page_size=True)
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 726, "height": 1054})  # A4 without its margins

    assert len(PAGE.findall(printed)) == 1
    assert page.evaluate(CUT) == []
    assert page.evaluate("document.fonts.check('12px Mukta', 'स')")
    assert page.locator(".day-sheet-line").count() == visits
    page.close()
