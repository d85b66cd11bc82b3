"""Times of day as people say them: 24 hours in English, in Hindi the part of the day first and बजे once."""

import datetime as dt
import re
from pathlib import Path

import pytest
import time_machine
from django.http import HttpRequest
from django.template import engines
from django.test import Client
from django.utils import translation

from bookings.messages.content.composition import message_clock
from bookings.models import Message
from clinic.clock import ClockFace, bare_clock, clock_face, clock_words, date_format, short_clock, span_words
from clinic.premises.clock_faces import face_of
from clinic.premises.context import house_shared
from clinic.premises.models import Clinic
from tests import factories

HOURS = {
    (0, 0): "रात 12:00 बजे",
    (3, 59): "रात 3:59 बजे",
    (4, 0): "सुबह 4:00 बजे",
    (5, 0): "सुबह 5:00 बजे",
    (11, 59): "सुबह 11:59 बजे",
    (12, 0): "दोपहर 12:00 बजे",
    (15, 59): "दोपहर 3:59 बजे",
    (16, 0): "शाम 4:00 बजे",
    (17, 0): "शाम 5:00 बजे",
    (19, 59): "शाम 7:59 बजे",
    (20, 0): "रात 8:00 बजे",
    (23, 59): "रात 11:59 बजे",
}
NINE, QUARTER, NOON = (dt.datetime(2026, 12, 7, *clock, tzinfo=dt.UTC) for clock in ((9, 30), (10, 45), (12, 15)))


@pytest.mark.parametrize(("clock", "words"), HOURS.items())
def test_morning_and_evening_do_not_look_alike_in_hindi(clock: tuple[int, int], words: str) -> None:
    with translation.override("hi"):
        assert clock_words(dt.time(*clock)) == words


def test_english_reads_24_hours() -> None:
    with translation.override("en"):
        assert (clock_words(dt.time(17)), span_words(NINE, QUARTER)) == ("17:00", "09:30–10:45")
        assert date_format(NINE, "l j F Y, H:i") == "Monday 7 December 2026, 09:30"


def test_span_says_the_hour_once_in_hindi() -> None:
    with translation.override("hi"):
        assert span_words(NINE, QUARTER) == "सुबह 9:30 से 10:45 बजे तक"
        assert span_words(NINE, NOON) == "सुबह 9:30 से दोपहर 12:15 बजे तक"


def test_dates_keep_their_form_around_the_clock_in_hindi() -> None:
    with translation.override("hi"):
        assert date_format(NINE, "l j F Y, H:i") == "सोमवार 7 दिसंबर 2026, सुबह 9:30 बजे"
        assert date_format(NINE, "j M, H:i:s") == "7 दिसं॰, सुबह 9:30 बजे"
        assert date_format(NINE.date(), "j F") == "7 दिसंबर"


def test_templates_use_the_same_clock_without_loading_anything() -> None:
    dates = '{{ at|time:"H:i" }} | {{ at|date:"j F, H:i" }} | {{ at|date:"j F" }} | {{ none|date:"H:i" }}'
    template = engines["django"].from_string(dates + " | {{ at|clock_span:end }}")

    with translation.override("hi"):
        words = template.render({"at": NINE, "end": QUARTER, "none": None})
    with translation.override("en"):
        plain = template.render({"at": NINE, "end": QUARTER, "none": None})

    assert words == "सुबह 9:30 बजे | 7 दिसंबर, सुबह 9:30 बजे | 7 दिसंबर |  | सुबह 9:30 से 10:45 बजे तक"
    assert plain == "09:30 | 7 December, 09:30 | 7 December |  | 09:30–10:45"


ROOT = Path(__file__).parents[2]
POSTED = {"bookings/desk/visits/late_forms.py", "bookings/portal/next_sessions.py", "clinic/clock.py"}
"""Where a time of day is a value of an address or a form; and the clock itself."""


def test_no_page_says_a_time_of_day_past_the_house_clock() -> None:
    sources = [path for package in ("bookings", "clinic", "therapies") for path in (ROOT / package).rglob("*.py")]
    by_hand = {str(path.relative_to(ROOT)) for path in sources if ":%H:%M" in path.read_text(encoding="utf-8")}
    forms = re.compile(r'\|time(?!:"H:i"|[a-z])|\|date:"(?:[^"]*[ ,])?(?:P|g|G|h|f)\b')
    templates = [
        path for path in (ROOT / "templates").rglob("*.html") if forms.search(path.read_text(encoding="utf-8"))
    ]

    assert by_hand == POSTED
    assert templates == []


def test_date_is_said_in_the_language_of_each_reader_however_often_it_was_said_before() -> None:
    on = dt.date(2026, 3, 2)
    said = []
    for language in ("en", "hi", "en", "hi"):
        with translation.override(language):
            said.append(date_format(on, "l j F"))

    assert said == ["Monday 2 March", "सोमवार 2 मार्च"] * 2


SPANS = {
    ("en", ClockFace.TWELVE): ("5:00 pm", "5:00 pm", "5:00", "9:30–10:45 am", "9:30 am – 12:15 pm"),
    ("en", ClockFace.BY_LANGUAGE): ("17:00", "17:00", "17:00", "09:30–10:45", "09:30–12:15"),
    ("hi", ClockFace.BY_LANGUAGE): (
        *("शाम 5:00 बजे", "शाम 5:00", "5:00"),
        *("सुबह 9:30 से 10:45 बजे तक", "सुबह 9:30 से दोपहर 12:15 बजे तक"),
    ),
    ("hi", ClockFace.TWENTY_FOUR): ("17:00", "17:00", "17:00", "09:30–10:45", "09:30–12:15"),
}


@pytest.mark.parametrize(("chosen", "words"), SPANS.items())
def test_clinic_chooses_twelve_or_24_hours(chosen: tuple[str, str], words: tuple[str, ...]) -> None:
    language, face = chosen
    five = dt.time(17)

    with translation.override(language), clock_face(lambda: face):
        one = (clock_words(five), short_clock(five), bare_clock(five))
        assert (*one, span_words(NINE, QUARTER), span_words(NINE, NOON)) == words


def test_a_choice_ends_with_its_page() -> None:
    with clock_face(lambda: ClockFace.TWELVE), translation.override("en"):
        pass

    assert clock_words(dt.time(17)) == "17:00"


def test_page_of_the_desk_is_said_by_the_clock_of_its_clinic() -> None:
    desk = HttpRequest()
    desk.clinic = Clinic(clock=ClockFace.TWELVE)  # type: ignore[attr-defined]

    assert face_of(desk) == ClockFace.TWELVE


def test_page_of_the_house_is_said_by_the_clock_that_all_clinics_share() -> None:
    faces = ([ClockFace.TWELVE, ClockFace.TWELVE], [ClockFace.TWELVE, ClockFace.TWENTY_FOUR])

    assert [house_shared([Clinic(clock=face) for face in each]).clock for each in faces] == [ClockFace.TWELVE, ""]


@pytest.mark.django_db
def test_pages_and_messages_of_a_clinic_are_said_by_its_clock(clinic: Clinic, client: Client, now: dt.datetime) -> None:
    Clinic.objects.update(clock=ClockFace.TWELVE)
    client.force_login(factories.make_member(clinic, "front_desk"))
    code = Message(kind="reminder", clinic=Clinic.objects.get())

    with time_machine.travel(now, tick=False):
        hours = dict(client.get("/desk/").context["board"].hours)
    with translation.override("en"), message_clock(code):
        words = clock_words(dt.time(17))

    assert (hours[9 * 12], words) == ("9:00 am", "5:00 pm")
