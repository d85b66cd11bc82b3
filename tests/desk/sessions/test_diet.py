"""After Virechana the Vaidya grades the cleansing; the diet sheet and the closed days follow."""

import pytest

from bookings.models import Booking, SessionNote, Status
from clinic.people.models import User
from tests.desk.conftest import Enter
from tests.desk.sessions.conftest import MakeSession, page_of
from tests.shipped import CATALOGUE
from tests.visible import visible_words
from therapies.models import Rule, Therapy

SHEET = {"language": "hi", "begins": "evening"}


@pytest.fixture
def purified(session_at: MakeSession) -> Booking:
    """A Virechana of Monday 2 March that is over."""
    diet = [rule for rule in CATALOGUE.rules if rule.code.startswith("samsarjana")]
    Rule.objects.bulk_create(Rule(code=rule.code, kind=rule.kind, data=rule.rule) for rule in diet)
    booking = session_at(status=Status.COMPLETED)
    followed = {"sequencing": {"usually_followed_by": ["samsarjana_krama"]}}
    Therapy.objects.filter(code="kati_basti").update(code="virechana", facts=followed)
    return booking


def test_vaidya_grades_and_the_days_follow(enter: Enter, vaidya_user: User, purified: Booking) -> None:
    client = enter(vaidya_user)
    before = client.get(page_of(purified))

    after = client.post(page_of(purified, "grade"), {"grade": "avara"}, follow=True)

    assert before.context["diet"].opens_on.isoformat() == "2026-03-10"  # nobody has judged it: the longest diet
    assert "Least (avara): about 10 bouts, diet of 3 days" in before.content.decode()
    assert after.context["diet"].opens_on.isoformat() == "2026-03-06"
    assert SessionNote.objects.get().grade == "avara"


def test_sheet_is_printed_in_the_language_of_the_patient(
    enter: Enter, therapist_user: User, vaidya_user: User, purified: Booking
) -> None:
    enter(vaidya_user).post(page_of(purified, "grade"), {"grade": "avara"})

    sheet = enter(therapist_user).get(page_of(purified, "diet_sheet"), SHEET)

    assert [(date.day, row.midday, row.evening) for date, row in sheet.context["days"]] == [
        (2, "", "पेया: चावल का पतला माँड़"),
        (3, "विलेपी: चावल का गाढ़ा दलिया", "यूष: मूँग की दाल का पानी, नरम चावल के साथ"),
        (4, "पौष्टिक सूप (मांस का रसा, या शाकाहारी सूप), नरम चावल के साथ", ""),
    ]
    assert ("अगले दिनों का आपका भोजन" in visible_words(sheet), "Your food" in visible_words(sheet)) == (True, False)


def test_without_a_grade_there_is_no_sheet(enter: Enter, therapist_user: User, purified: Booking) -> None:
    response = enter(therapist_user).get(page_of(purified, "diet_sheet"), SHEET, follow=True)

    assert "Please choose the grade first." in response.content.decode()
    assert response.context["diet"].chosen is None


def test_therapist_does_not_grade(enter: Enter, therapist_user: User, purified: Booking) -> None:
    client = enter(therapist_user)

    assert client.post(page_of(purified, "grade"), {"grade": "avara"}).status_code in (403, 404)
    assert "Save the grade" not in client.get(page_of(purified)).content.decode()


def test_no_diet_follows_other_treatments(enter: Enter, vaidya_user: User, session_at: MakeSession) -> None:
    booking = session_at(status=Status.COMPLETED)

    response = enter(vaidya_user).post(page_of(booking, "grade"), {"grade": "avara"}, follow=True)

    assert "diet" not in response.context
    assert "No diet follows this session." in response.content.decode()
