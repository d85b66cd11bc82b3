"""On the session's page the Vaidya writes what was digested, the dose and whether it goes on."""

import pytest
from django.db import DatabaseError, transaction

from bookings.models import Booking, DayCheck
from clinic.people.models import User
from tests.desk.conftest import Enter
from tests.desk.sessions.conftest import MakeSession, page_of
from therapies.models import Therapy

FOUND = {"digested": "fully", "hunger": "good", "dose_ml": "40", "finding": "stool soft, skin oily"}


@pytest.fixture
def ghee(session_at: MakeSession) -> Booking:
    booking = session_at()
    facts = {"monitoring": {"day_check": ["digested", "hunger", "dose_ml"]}}
    Therapy.objects.filter(code="kati_basti").update(code="snehapana", needs="day_check", facts=facts)
    return booking


def test_dose_and_finding_are_kept_and_let_it_begin(
    enter: Enter, vaidya_user: User, therapist_user: User, ghee: Booking
) -> None:
    enter(vaidya_user).post(page_of(ghee, "day_finding"), FOUND | {"act": "go"})

    ghee.refresh_from_db()
    check = DayCheck.objects.get()
    assert (check.goes, check.digested, check.hunger, check.dose_ml) == (True, "fully", "good", 40)
    assert ghee.day_checked_by == vaidya_user
    assert "40 ml" in enter(therapist_user).get(page_of(ghee)).content.decode()


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"dose_ml": "500.5"}, "Please check the dose: a number of millilitres."),
        ({"dose_ml": "501"}, "Please check the dose: a number of millilitres."),
        ({"dose_ml": "400", "finding": ""}, "Usual for this treatment: 20–250 ml. Please give a reason"),
        ({"dose_ml": "3", "finding": ""}, "Possible for this treatment: 5–500 ml."),
    ],
)
def test_dose_of_ghee_has_the_limits_of_the_catalogue(
    enter: Enter, vaidya_user: User, ghee: Booking, typed: dict[str, str], words: str
) -> None:
    page = enter(vaidya_user).post(page_of(ghee, "day_finding"), FOUND | typed | {"act": "go"}, follow=True)

    assert words in page.content.decode()
    assert not DayCheck.objects.exists()


def test_not_today_closes_it_again(enter: Enter, vaidya_user: User, ghee: Booking) -> None:
    client = enter(vaidya_user)
    client.post(page_of(ghee, "day_finding"), FOUND | {"act": "go"})

    page = client.post(page_of(ghee, "day_finding"), {"finding": "heavy, no hunger", "act": "no"}, follow=True)

    ghee.refresh_from_db()
    assert (ghee.day_checked_at, DayCheck.objects.count()) == (None, 2)
    assert "Not to be given today" in page.content.decode()


def test_button_without_a_finding_is_refused(enter: Enter, vaidya_user: User, ghee: Booking) -> None:
    enter(vaidya_user).post(page_of(ghee, "day_check"))

    ghee.refresh_from_db()
    assert (ghee.day_checked_at, DayCheck.objects.count()) == (None, 0)


def test_dose_that_was_not_digested_is_not_followed_by_another(enter: Enter, vaidya_user: User, ghee: Booking) -> None:
    told = FOUND | {"digested": "not", "act": "go"}

    page = enter(vaidya_user).post(page_of(ghee, "day_finding"), told, follow=True)

    assert "The last dose has not been digested." in page.content.decode()
    assert DayCheck.objects.count() == 0


def test_finding_is_never_changed(enter: Enter, vaidya_user: User, ghee: Booking) -> None:
    enter(vaidya_user).post(page_of(ghee, "day_finding"), FOUND | {"act": "go"})

    with pytest.raises(DatabaseError), transaction.atomic():
        DayCheck.objects.update(dose_ml=60)
