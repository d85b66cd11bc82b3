"""Moving and cancelling one's visit."""

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.test import Client

from bookings.messages.content.composition import compose
from bookings.messages.content.links import visit_link
from bookings.models import Booking, Message, Status, Visit
from clinic.people.models import Patient, User
from clinic.premises.models import Clinic
from tests import factories
from therapies.models import Practitioner

pytestmark = pytest.mark.django_db


def moving(client: Client, mine: str, start: dt.datetime) -> dict[str, Any]:
    """What the button of the confirmation of a move sends."""
    context = client.get(f"{mine}move/to/", {"start": start.isoformat()}).context
    return {"start": context["start"], "version": context["facts"].version, "key": context["key"]}


# --- move -------------------------------------------------------------------------------------------------------------


def test_move_offers_its_own_time_and_says_until_when_it_is_free(client: Client, mine: str) -> None:
    response = client.get(f"{mine}move/")

    assert response.context["days"][0]["label"] == "Tuesday 3 March"
    assert "10:30" in [time["label"] for time in response.context["days"][0]["times"]]
    assert "You can change or cancel free of charge until Mon 2 Mar, 10:30." in response.content.decode()


def test_looking_at_another_time_changes_nothing(client: Client, mine: str, start: dt.datetime) -> None:
    page = client.get(f"{mine}move/to/", {"start": (start + dt.timedelta(days=1)).isoformat()}).content.decode()

    assert "<del>Tuesday 3 March 2026, 10:30</del>" in page
    assert "<strong>Wednesday 4 March 2026, 10:30</strong>" in page
    assert Booking.objects.get().starts_at == start


def test_move_moves(client: Client, mine: str, visit: Visit, start: dt.datetime) -> None:
    later = start + dt.timedelta(days=1)

    response = client.post(f"{mine}move/to/", moving(client, mine, later))

    visit.refresh_from_db()
    assert response.url == mine
    assert Booking.objects.get().starts_at == later
    assert (visit.sequence, visit.arrives_at) == (1, later - dt.timedelta(minutes=15))


def test_move_pressed_twice_moves_once(client: Client, mine: str, visit: Visit, start: dt.datetime) -> None:
    posted = moving(client, mine, start + dt.timedelta(days=1))

    urls = [client.post(f"{mine}move/to/", posted).url for _press in range(2)]

    visit.refresh_from_db()
    assert (urls, visit.sequence) == ([mine, mine], 1)


def test_move_of_a_visit_that_changed_meanwhile_says_so(client: Client, mine: str, start: dt.datetime) -> None:
    first_tab = moving(client, mine, start + dt.timedelta(days=1))
    second_tab = moving(client, mine, start + dt.timedelta(days=2))
    client.post(f"{mine}move/to/", second_tab)

    response = client.post(f"{mine}move/to/", first_tab, follow=True)

    assert "changed in the meantime" in response.content.decode()
    assert Booking.objects.get().starts_at == start + dt.timedelta(days=2)


def test_move_to_a_time_just_taken_offers_the_nearest_others(
    client: Client, mine: str, book_for: Callable[..., Any], stranger: User, start: dt.datetime
) -> None:
    wanted = start + dt.timedelta(days=1)
    posted = moving(client, mine, wanted)
    book_for(Patient.objects.of(stranger, dt.date(2026, 3, 2)).get(), stranger, wanted)

    response = client.post(f"{mine}move/to/", posted)

    assert response.status_code == 409
    assert response.context["days"]
    assert f'action="{mine}move/to/"' in response.content.decode()
    assert Booking.objects.get(visit__patient__given_name="Meera").starts_at == start


@pytest.mark.parametrize("off", [dt.timedelta(minutes=7), dt.timedelta(days=-9), dt.timedelta(hours=12)])
def test_move_to_a_time_that_was_never_offered_is_refused(
    client: Client, mine: str, start: dt.datetime, off: dt.timedelta
) -> None:
    response = client.post(f"{mine}move/to/", moving(client, mine, start) | {"start": (start + off).isoformat()})

    assert response.status_code == 409
    assert Booking.objects.get().starts_at == start


@pytest.mark.parametrize(
    "wrong", [{"start": "soon"}, {"version": "x"}, {"version": "-1"}, {"key": ""}, {"version": "9" * 30}]
)
def test_move_with_nonsense_leads_back_to_the_times(
    client: Client, mine: str, start: dt.datetime, wrong: dict[str, str]
) -> None:
    posted = moving(client, mine, start + dt.timedelta(days=1)) | wrong

    assert client.post(f"{mine}move/to/", posted).url == f"{mine}move/"
    assert Booking.objects.get().starts_at == start


def test_a_visit_that_has_begun_is_neither_moved_nor_cancelled(
    client: Client, owner: User, mine: str, start: dt.datetime
) -> None:
    posted = moving(client, mine, start + dt.timedelta(days=1))
    with time_machine.travel(start + dt.timedelta(minutes=1), tick=False):
        client.force_login(owner)  # the session of yesterday has ended
        answers = [
            client.get(f"{mine}move/").url,
            client.get(f"{mine}cancel/").url,
            client.post(f"{mine}move/to/", posted).url,
            client.post(f"{mine}cancel/", {"version": posted["version"]}).url,
        ]
        page = client.get(mine).content.decode()

    assert answers == [mine] * 4
    assert f'href="{mine}move/"' not in page
    assert Booking.objects.get().status == Status.BOOKED


# --- cancel -----------------------------------------------------------------------------------------------------------


def test_cancel_says_before_what_it_means(client: Client, mine: str) -> None:
    page = client.get(f"{mine}cancel/").content.decode()

    assert "You can change or cancel free of charge until Mon 2 Mar, 10:30. We do not charge after that either." in page
    assert Booking.objects.get().status == Status.BOOKED


def test_move_says_before_and_after_that_somebody_else_comes(
    client: Client, mine: str, visit: Visit, vaidya: Practitioner, start: dt.datetime, stranger: User
) -> None:
    clinic, (booking,) = visit.clinic, visit.bookings.all()
    factories.make_practitioner(clinic, "Dr Vikram Rathore", qualified=[booking.variant.therapy])
    later = start + dt.timedelta(days=1)
    factories.make_absence(vaidya, later, later + dt.timedelta(hours=2), by=stranger)

    same = client.get(f"{mine}move/to/", {"start": (start + dt.timedelta(days=2)).isoformat()}).content.decode()
    other = client.get(f"{mine}move/to/", {"start": later.isoformat()}).content.decode()
    page = client.post(f"{mine}move/to/", moving(client, mine, later), follow=True).content.decode()

    warning = "Until now: Dr Asha Menon. Not free at the new time."
    assert (warning in same, warning in other, "<strong>Dr Vikram Rathore</strong>" in other) == (False, True, True)
    assert "Dr Vikram Rathore" not in same
    assert "the appointment is with Dr Vikram Rathore, not with Dr Asha Menon." in page


@pytest.mark.parametrize(
    ("price", "before", "late"),
    [
        ("₹ 350", "After that it costs ₹ 350.", "A change or cancellation now costs ₹ 350."),
        ("", "We do not charge after that either.", "We do not charge for a late change or cancellation."),
    ],
)
def test_what_a_late_change_costs_is_said_before_in_the_portal_in_the_message_and_behind_its_link(
    client: Client, owner: User, mine: str, visit: Visit, start: dt.datetime, price: str, before: str, late: str
) -> None:
    Clinic.objects.update(late_change_price=price)

    link, wish = visit_link(visit), {"version": visit.bookings.get().version, "page": uuid.uuid4()}
    addresses = [mine, f"{mine}cancel/", link, f"{link}move/"]
    pages = [client.get(address).content.decode() for address in addresses]
    asked = client.post(f"{link}move/", wish | {"start": (start + dt.timedelta(days=1)).isoformat()})
    mail = compose(Message.objects.get(visit=visit, kind="confirmed"), now=factories.NOW)
    in_time = [*pages, asked.content.decode(), mail.body]
    with time_machine.travel(start - dt.timedelta(hours=3), tick=False):
        client.force_login(owner)  # the session of yesterday has ended
        after = client.get(mine)

    assert [before in text for text in in_time] == [True] * 6
    assert late in after.content.decode()


def test_cancel_cancels_with_the_reason_as_a_code(client: Client, mine: str) -> None:
    version = client.get(f"{mine}cancel/").context["facts"].version

    response = client.post(f"{mine}cancel/", {"version": version, "reason": "journey"})

    booking = Booking.objects.get()
    assert response.url == mine
    assert (booking.status, booking.ended_by, booking.reason) == (Status.CANCELLED, "patient", "journey")
    assert "Cancelled" in client.get(mine).content.decode()


def test_cancel_pressed_twice_cancels_once(client: Client, mine: str, visit: Visit) -> None:
    posted = {"version": client.get(f"{mine}cancel/").context["facts"].version}

    client.post(f"{mine}cancel/", posted)
    again = client.post(f"{mine}cancel/", posted)

    visit.refresh_from_db()
    assert (again.url, visit.sequence) == (mine, 1)


def test_cancel_of_a_visit_that_was_moved_meanwhile_says_so(client: Client, mine: str, start: dt.datetime) -> None:
    posted = {"version": client.get(f"{mine}cancel/").context["facts"].version}
    client.post(f"{mine}move/to/", moving(client, mine, start + dt.timedelta(days=1)))

    response = client.post(f"{mine}cancel/", posted, follow=True)

    assert "changed in the meantime" in response.content.decode()
    assert Booking.objects.get().status == Status.BOOKED


def test_cancel_with_an_unknown_reason_says_so_beside_it(client: Client, mine: str) -> None:
    version = client.get(f"{mine}cancel/").context["facts"].version

    response = client.post(f"{mine}cancel/", {"version": version, "reason": "free text"})

    assert (response.status_code, list(response.context["form"].errors)) == (422, ["reason"])
    assert Booking.objects.get().status == Status.BOOKED
