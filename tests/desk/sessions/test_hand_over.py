"""A session goes from one therapist to another: who may take it, what they may do then, and that it is written down."""

import pytest
from django.test import Client
from django.urls import reverse

from bookings.models import Booking, HandOver, History, Status
from clinic.people.models import User
from clinic.premises.models import Clinic
from tests import factories
from tests.desk.conftest import Enter, at
from tests.visible import visible_words
from therapies.models import Practitioner, Variant

from .conftest import MakeSession


@pytest.fixture
def rekha(clinic: Clinic, kati: Variant) -> Practitioner:
    """Another therapist with an account, who may give Kati Basti."""
    user = factories.make_member(clinic, "therapist")
    return factories.make_practitioner(clinic, "Rekha", roles=["therapist"], user=user, qualified=[kati.therapy])


@pytest.fixture
def running(session_at: MakeSession) -> Booking:
    return session_at(9, status=Status.IN_PROGRESS, started_at=at(9))


def address(booking: Booking, name: str = "hand_over") -> str:
    return reverse(f"desk:{name}", args=[booking.visit.public_id, booking.position])


def hand_over(client: Client, booking: Booking, to: Practitioner) -> int:
    data = {"hand-to": to.pk, "hand-words": "Left side done"}
    return client.post(address(booking), data, follow=True).status_code


def test_colleague_reads_goes_on_with_and_completes_what_was_handed_over(
    enter: Enter, running: Booking, rekha: Practitioner, therapist_user: User
) -> None:
    assert rekha.user is not None
    assert enter(rekha.user).get(address(running, "session")).status_code == 403

    hand_over(enter(therapist_user), running, rekha)

    client = enter(rekha.user)
    page = client.get(address(running, "session"))
    assert (page.status_code, "Left side done" in visible_words(page)) == (200, True)
    client.post(address(running, "session_after"), {"act": "complete", "pain_before": 5, "pain_after": 3})
    running.refresh_from_db()
    assert running.status == Status.COMPLETED


def test_hand_over_is_history_with_ids_only_and_no_word_of_it(
    enter: Enter, running: Booking, rekha: Practitioner, therapist_user: User
) -> None:
    hand_over(enter(therapist_user), running, rekha)

    act = History.objects.get(verb="hand_over")
    assert (act.by, act.booking, act.detail) == (therapist_user, running, {"to": rekha.user_id})
    assert list(HandOver.objects.values_list("to", "by", "words")) == [
        (rekha.user_id, therapist_user.pk, "Left side done")
    ]


@pytest.mark.parametrize("status", [Status.BOOKED, Status.COMPLETED])
def test_only_what_goes_on_or_waits_is_handed_over(
    enter: Enter, session_at: MakeSession, rekha: Practitioner, therapist_user: User, status: Status
) -> None:
    hand_over(enter(therapist_user), session_at(9, status=status), rekha)

    assert HandOver.objects.count() == 0


def test_who_may_not_give_the_therapy_takes_none_over(
    enter: Enter, running: Booking, clinic: Clinic, therapist_user: User
) -> None:
    user = factories.make_member(clinic, "therapist")
    stranger = factories.make_practitioner(clinic, "Untrained", roles=["therapist"], user=user)

    hand_over(enter(therapist_user), running, stranger)

    assert HandOver.objects.count() == 0


def test_what_was_handed_over_stands_on_the_colleagues_day(
    enter: Enter, running: Booking, rekha: Practitioner, therapist_user: User
) -> None:
    assert rekha.user is not None
    hand_over(enter(therapist_user), running, rekha)

    day = enter(rekha.user).get("/desk/own/").context["day"]

    assert (day.next.line.booking, day.next.may_read) == (running, True)


def test_hand_over_has_a_page_of_its_own_that_says_where_it_is_too_late(
    enter: Enter, session_at: MakeSession, running: Booking, therapist_user: User
) -> None:
    client, over = enter(therapist_user), session_at(7, status=Status.COMPLETED)

    asked, refused = (visible_words(client.get(address(booking))) for booking in (running, over))

    assert ["What to know" in asked, "What to know" in refused] == [True, False]
    assert "A session can be handed over from check-in until it ends." in refused
