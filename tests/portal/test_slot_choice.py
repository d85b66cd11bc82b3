"""What and where, and when."""

import datetime as dt
import re
import uuid
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.test import Client
from django.utils.translation import override

from bookings.models import Visit
from bookings.pages.words import day_rows, parts_of_day
from bookings.portal.time_filter import TimeFilter, filter_choices
from bookings.slots.search import Day
from clinic.premises.models import Clinic
from tests import factories
from tests.bookings.conftest import at
from therapies.models import Variant

pytestmark = pytest.mark.django_db


def test_book_offers_the_consultations_with_their_length(client: Client, consultation: Variant) -> None:
    response = client.get("/book/")

    assert response.status_code == 200
    assert "First consultation, 45 minutes" in response.content.decode()


def test_book_without_anything_to_book_says_so(client: Client, clinic: Clinic) -> None:
    assert "Online booking is not available yet" in client.get("/book/").content.decode()


def test_book_asks_for_the_clinic_first_and_only_when_there_are_two(
    client: Client, clinic: Clinic, consultation: Variant
) -> None:
    alone = client.get("/book/").content.decode()
    factories.make_clinic("vriksha")

    both = client.get("/book/").content.decode()

    assert [words in alone for words in ("Vriksha Clinic", "First consultation", "Dr Asha Menon")] == [
        False,
        True,
        True,
    ]
    assert [words in both for words in ("Vriksha Clinic", "First consultation", "Dr Asha Menon")] == [
        True,
        False,
        False,
    ]
    chosen = client.get("/book/", {"clinic": clinic.slug, "what": consultation.pk}).content.decode()
    assert re.findall(r'value="(\d+)"\s+required\s+checked', chosen) == [str(consultation.pk)]
    assert "Dr Asha Menon" in chosen


def test_book_names_nobody_of_another_clinic(client: Client, clinic: Clinic, consultation: Variant) -> None:
    other = factories.make_clinic("vriksha")
    factories.make_practitioner(other, "Dr Far Away", qualified=[consultation.therapy])

    names = [
        [name for _pk, name, _chosen in shown.practitioners]
        for shown in (client.get("/book/", {"clinic": slug}).context["form"] for slug in (clinic.slug, other.slug))
    ]

    assert names == [["Dr Asha Menon"], ["Dr Far Away"]]


def test_many_clinics_are_found_by_a_word_of_their_name_or_town(client: Client, consultation: Variant) -> None:
    Clinic.objects.bulk_create(
        Clinic(slug=f"branch-{n}", name=f"Branch {n}", sender_name="B", address=f"{n} Road\nTown {n % 3}")
        for n in range(20)
    )

    shown = client.get("/book/").content.decode()
    found = client.get("/book/", {"where": " town  BRANCH 17"}).context["clinics"]

    assert shown.count('class="stretched-link"') == 12
    assert "21 clinics in all" in shown
    assert [line.slug for line in found] == ["branch-17"]
    assert "No clinic was found" in client.get("/book/", {"where": "nowhere"}).content.decode()


def test_times_shows_a_week_of_days_with_their_times(client: Client, asked: dict[str, Any]) -> None:
    response = client.get("/book/times/", asked)

    labels = [day["label"] for day in response.context["days"]]
    assert labels[0] == "Monday 2 March"
    assert len(labels) == 7
    tomorrow = response.context["days"][1]
    assert tomorrow["times"][0] == {
        "value": "2026-03-03T02:30:00+00:00",
        "label": "08:00",
        "full_label": "08:00, Tuesday 3 March 2026",
        "note": "",
    }


def test_times_leads_to_later_weeks_and_back(client: Client, asked: dict[str, Any]) -> None:
    first = client.get("/book/times/", asked)
    second = client.get(first.context["later"])

    assert first.context["earlier"] == ""
    assert second.context["days"][0]["label"] == "Monday 9 March"
    assert "from=2026-03-02" in second.context["earlier"]


def test_times_ends_at_the_horizon(client: Client, asked: dict[str, Any]) -> None:
    response = client.get("/book/times/", asked | {"from": "2031-01-01"})

    assert [day["label"] for day in response.context["days"]] == ["Friday 1 May"]
    assert response.context["later"] == ""


@pytest.mark.parametrize(
    "day", ["yesterday", "2026-13-45", "0001-01-01", "9999-12-31", "2020-02-29", "2026-03-02T10:00"]
)
def test_times_of_a_day_that_is_none_shows_a_week_we_have(client: Client, asked: dict[str, Any], day: str) -> None:
    assert client.get("/book/times/", asked | {"from": day}).status_code == 200


def test_times_says_why_a_day_has_none_and_which_has(client: Client, clinic: Clinic, asked: dict[str, Any]) -> None:
    for number in range(7):
        factories.make_closure(clinic, dt.date(2026, 3, 2) + dt.timedelta(days=number), reason="Temple feast")

    response = client.get("/book/times/", asked)

    assert response.context["days"][0]["why_empty"] == "Temple feast"
    assert response.context["next_free_label"] == "Monday 9 March"
    assert "from=2026-03-09" in response.context["next_free"]


def test_times_of_one_day_are_shown_and_of_the_others_how_many(client: Client, asked: dict[str, Any]) -> None:
    """The first day that has any, or the one that is asked for; nonsense is the first."""

    def shown(**day: str) -> tuple[str | None, int]:
        response = client.get("/book/times/", asked | day)
        (row,) = [row for row in response.context["days"] if row["is_current"]]
        return row["label"], response.content.decode().count('class="time-button"')

    days = client.get("/book/times/", asked).context["days"]
    counts = [len(day["times"]) for day in days]

    assert shown() == shown(day="never") == shown(day="2031-01-01") == (days[0]["label"], counts[0])
    assert shown(day="2026-03-04") == ("Wednesday 4 March", counts[2])
    assert all(f"{count} times" in client.get("/book/times/", asked).content.decode() for count in counts)


HOURS = [(8, 0), (11, 55), (12, 0), (15, 55), (16, 0), (19, 0)]
KOLKATA = ZoneInfo("Asia/Kolkata")


def test_times_of_a_day_stand_by_morning_afternoon_and_evening() -> None:
    day = Day(dt.date(2026, 3, 3), tuple(at(hour, minute) for hour, minute in HOURS))

    (row,) = day_rows([day], zone=KOLKATA, today=day.on)

    parts = parts_of_day(day.starts, row["times"], KOLKATA)

    assert [(part["label"], [time["label"] for time in part["times"]]) for part in parts] == [
        ("Morning", ["08:00", "11:55"]),
        ("Afternoon", ["12:00", "15:55"]),
        ("Evening", ["16:00", "19:00"]),
    ]
    assert parts_of_day((), [], KOLKATA) == []


def test_times_are_shown_in_hindi_by_the_clock_of_its_readers(client: Client, asked: dict[str, Any]) -> None:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "hi"

    page = client.get("/book/times/", asked).content.decode()

    assert 'aria-label="दोपहर 12:15 बजे, ' in page
    assert '<span class="time-button-time">12:15</span>' in page
    assert '<h3 class="day-part">दोपहर</h3>' in page


def test_times_of_one_practitioner_are_only_theirs(
    client: Client, clinic: Clinic, consultation: Variant, asked: dict[str, Any]
) -> None:
    other = factories.make_practitioner(clinic, "Dr Ravi", works=("14:00", "15:00"), qualified=[consultation.therapy])

    response = client.get("/book/times/", asked | {"who": other.pk})

    assert [time["label"] for time in response.context["days"][1]["times"]] == ["14:00", "14:15"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("what", "999999"),
        ("what", "abc"),
        ("what", ""),
        ("who", "999999"),
        ("who", "x' OR 1=1"),
        ("clinic", "elsewhere"),
    ],
)
def test_times_of_something_unknown_says_so_beside_it(
    client: Client, asked: dict[str, Any], field: str, value: str
) -> None:
    factories.make_clinic("vriksha")  # so that the clinic is asked for

    response = client.get("/book/times/", asked | {field: value})

    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]


def test_a_therapy_that_patients_do_not_book_is_unknown(client: Client, asked: dict[str, Any]) -> None:
    abhyanga = factories.make_abhyanga()

    assert client.get("/book/times/", asked | {"what": abhyanga.pk}).status_code == 422


def test_looking_changes_nothing(client: Client, asked: dict[str, Any]) -> None:
    client.get("/book/")
    client.get("/book/times/", asked)

    assert Visit.objects.count() == 0
    assert "holder" not in client.session


# --- which times --------------------------------------------------------------------------------------------------


def starts_of(client: Client, asked: dict[str, Any]) -> dict[str, list[str]]:
    """The times of each day that has any, by its weekday."""
    days = client.get("/book/times/", asked).context["days"]
    return {day["weekday"]: [time["label"] for time in day["times"]] for day in days if day["times"]}


def test_only_the_times_of_a_part_of_the_day_and_of_a_weekday_are_shown(client: Client, asked: dict[str, Any]) -> None:
    every = starts_of(client, asked)
    evenings = starts_of(client, asked | {"part": "evening"})
    friday = starts_of(client, asked | {"part": "morning", "weekday": 4})

    assert [*evenings] == [*every]
    assert {times[0] for times in evenings.values()} == {"16:00"}
    assert [*friday] == ["Fri"]
    assert friday["Fri"] == [time for time in every["Fri"] if time < "12:00"]
    assert starts_of(client, asked | {"part": "midnight", "weekday": "9"}) == every


def test_a_day_without_a_time_that_fits_says_that_the_filter_is_why(client: Client, asked: dict[str, Any]) -> None:
    days = client.get("/book/times/", asked | {"weekday": 4}).context["days"]

    assert {day["why_empty"] for day in days if not day["times"]} == {"No time fits your filter"}


def test_filters_stay_on_the_way_to_other_days_and_weeks(client: Client, asked: dict[str, Any]) -> None:
    shown = client.get("/book/times/", asked | {"part": "evening", "zone": "Europe/London"})

    for address in [shown.context["later"], *(day["url"] for day in shown.context["days"])]:
        assert "part=evening&zone=Europe%2FLondon" in address
    assert '<option value="evening" selected>' in shown.content.decode()


def test_first_free_time_can_be_taken_at_once(client: Client, asked: dict[str, Any]) -> None:
    first = client.get("/book/times/", asked).context["first"]

    held = client.post("/book/hold/", asked | {"start": first["value"], "page": uuid.uuid4()})

    assert first["when"] == "Mon 2 Mar, 12:00"
    assert held.headers["Location"] == "/book/who/"
    assert client.get("/book/times/", asked | {"from": "2026-03-09"}).context["first"] is None


def test_reader_s_own_time_stands_beside_the_clinic_s_where_they_differ(client: Client, asked: dict[str, Any]) -> None:
    london = client.get("/book/times/", asked | {"day": "2026-03-03", "zone": "Europe/London"})
    home = client.get("/book/times/", asked | {"day": "2026-03-03", "zone": "Asia/Kolkata"})
    nowhere = client.get("/book/times/", asked | {"day": "2026-03-03", "zone": "Mars/Olympus"})

    assert 'aria-label="08:00, Tuesday 3 March 2026, 02:30 in London"' in london.content.decode()
    assert (
        "Mon 21:30 in New York"
        in client.get("/book/times/", asked | {"day": "2026-03-03", "zone": "America/New_York"}).content.decode()
    )
    for page in (home, nowhere):
        assert "time-button-note" not in page.content.decode()


MOST_STOPS = 60
MOST_BYTES = 25_000
STOPS = r"<(?:a\s[^>]*href|button|summary|select|input(?![^>]*type=.hidden))"


def test_every_time_of_a_day_is_within_sixty_tab_stops_in_a_small_page(client: Client, asked: dict[str, Any]) -> None:
    """Of a day from eight to six; the filters are folded away until somebody opens them."""
    page = client.get("/book/times/", asked | {"day": "2026-03-03"}).content.decode()
    unfolded = re.sub(r"(</summary>).*?(</details>)", r"\1\2", page, flags=re.DOTALL)

    stops = re.findall(STOPS, unfolded[: unfolded.rindex('name="start"')])

    assert page.count('class="time-button"') == 38
    assert len(stops) <= MOST_STOPS
    assert len(page.encode()) <= MOST_BYTES


def test_the_frame_shows_the_clinic_that_the_page_is_about(client: Client, asked: dict[str, Any]) -> None:
    factories.make_clinic("aaa", name="A First Clinic", phone="+914845550100")

    for page in ("/book/", "/book/times/"):
        shown = client.get(page, asked).content.decode()
        assert re.findall('<span class="brand-name">([^<]+)</span>', shown) == [
            Clinic.objects.get(slug=asked["clinic"]).name
        ]
        assert "+914845550100" not in shown


def test_a_visitor_s_page_of_times_asks_four_statements(
    client: Client, asked: dict[str, Any], django_assert_num_queries: Callable[..., Any]
) -> None:
    """The edition, what is there, what is taken, who consults there."""
    client.get("/book/times/", asked)

    with django_assert_num_queries(4):
        client.get("/book/times/", asked)


def test_filter_is_put_into_words_for_each_language_and_each_wish() -> None:
    """It is kept: the same for everybody who reads the same language and wants the same."""
    zone, wanted = KOLKATA, TimeFilter(part="evening")
    rows = []
    for language in ("en", "hi", "en"):
        with override(language):
            rows.append([filter_choices(each, zone)["parts"][-1] for each in (wanted, TimeFilter())])

    english, hindi = ("evening", "Evening", True), ("evening", "शाम", True)
    assert rows == [[each, (*each[:2], False)] for each in (english, hindi, english)]
