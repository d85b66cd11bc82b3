"""Doors: who passes, at which clinic, and that a change of role acts at the next request (I12)."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.utils import timezone

from clinic.people.factors import note_proof
from clinic.people.members import end_membership
from clinic.people.models import Membership, User
from clinic.people.permissions import (
    account_required,
    holder,
    manager_required,
    public,
    staff_required,
    token_required,
)
from clinic.premises.models import Clinic
from tests import factories


def page(request: HttpRequest) -> HttpResponse:
    clinic = getattr(request, "clinic", None)
    return HttpResponse(clinic.slug if clinic else "")


def request_by(user: User | None, path: str = "/", session: dict[str, str] | None = None) -> HttpRequest:
    """A request as it reaches a view: somebody is signed in with a second factor; the session is a plain dictionary."""
    request = RequestFactory().get(path)
    request.session = {} if session is None else session  # type: ignore[assignment]
    if user:
        request.user = user
        note_proof(request, user)
    return request


def clinic_shown(user: User, path: str = "/", session: dict[str, str] | None = None) -> str:
    return staff_required()(page)(request_by(user, path, session)).content.decode()  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("decorator", "name"),
    [
        (public, "public"),
        (token_required, "token"),
        (account_required, "patient"),
        (staff_required(), "staff"),
        (staff_required("vaidya", "nurse"), "staff"),
        (manager_required, "manager"),
    ],
)
def test_decorator_marks_its_view(decorator, name: str) -> None:  # type: ignore[no-untyped-def]
    assert decorator(page).access == name


def test_member_passes_the_door_of_their_role(front_desk: User) -> None:
    request = request_by(front_desk)

    staff_required("front_desk")(page)(request)

    assert request.clinic.slug == "shanti"  # type: ignore[attr-defined]


def test_member_of_another_role_does_not_pass(therapist_user: User) -> None:
    with pytest.raises(PermissionDenied):
        staff_required("front_desk")(page)(request_by(therapist_user))


def test_patient_does_not_pass_the_staff_door(owner: User) -> None:
    with pytest.raises(PermissionDenied):
        staff_required()(page)(request_by(owner))


def test_superuser_without_a_role_does_not_pass_the_staff_door(db: None) -> None:
    with pytest.raises(PermissionDenied):
        staff_required()(page)(request_by(factories.make_user(is_superuser=True)))


def test_ended_membership_shuts_the_door_at_the_next_request(front_desk: User, manager: User) -> None:
    assert clinic_shown(front_desk) == "shanti"

    end_membership(membership=front_desk.memberships.get(), by=manager, now=timezone.now())

    with pytest.raises(PermissionDenied):
        clinic_shown(front_desk)


def test_membership_that_begins_tomorrow_opens_nothing(clinic: Clinic) -> None:
    tomorrow = clinic.today(timezone.now()) + dt.timedelta(days=1)
    user = factories.make_member(clinic, "front_desk", starts_on=tomorrow)

    with pytest.raises(PermissionDenied):
        clinic_shown(user)


@pytest.mark.parametrize(
    ("moment", "holds"),
    [
        ("2026-03-01T18:29Z", False),
        ("2026-03-01T18:30Z", True),
        ("2026-03-02T18:29Z", True),
        ("2026-03-02T18:30Z", False),
    ],
)
def test_membership_of_one_day_holds_on_the_clinics_own_date(clinic: Clinic, moment: str, *, holds: bool) -> None:
    day = dt.date(2026, 3, 2)
    user = factories.make_member(clinic, "front_desk", starts_on=day, ends_on=day + dt.timedelta(days=1))

    found = user.clinics_at(dt.datetime.fromisoformat(moment), "front_desk")

    assert list(found) == ([clinic] if holds else [])


def test_clinic_is_chosen_by_its_slug_and_remembered(clinic: Clinic, front_desk: User) -> None:
    factories.make_member(factories.make_clinic("ananda"), "front_desk", user=front_desk)
    session: dict[str, str] = {}

    assert clinic_shown(front_desk, "/", session) == "ananda"
    assert clinic_shown(front_desk, "/?clinic=shanti", session) == "shanti"
    assert clinic_shown(front_desk, "/", session) == "shanti"


def test_clinic_of_others_is_not_found(front_desk: User) -> None:
    factories.make_clinic("ananda")

    with pytest.raises(Http404):
        clinic_shown(front_desk, "/?clinic=ananda")


def test_remembered_clinic_is_forgotten_with_the_role(clinic: Clinic, front_desk: User) -> None:
    ananda = factories.make_clinic("ananda")
    factories.make_member(ananda, "front_desk", user=front_desk, ends_on=dt.date(2026, 2, 1))

    assert clinic_shown(front_desk, "/", {"clinic": "ananda"}) == "shanti"


def test_role_at_one_clinic_gives_nothing_at_another(clinic: Clinic, front_desk: User) -> None:
    ananda = factories.make_clinic("ananda")
    factories.make_member(ananda, "therapist", user=front_desk)
    request = request_by(front_desk)

    staff_required("front_desk")(page)(request)

    assert list(request.clinics) == [clinic]  # type: ignore[attr-defined]


def test_token_page_leaks_no_address_and_stays_in_no_cache() -> None:
    answer = token_required(page)(request_by(None))

    assert (answer.headers["Referrer-Policy"], answer.headers["Cache-Control"]) == ("same-origin", "no-store")


def test_holder_is_the_same_for_one_browser_and_another_for_the_next() -> None:
    session: dict[str, str] = {}

    first, again = holder(request_by(None, "/", session)), holder(request_by(None, "/", session))

    assert first == again
    assert len(first) == 64
    assert first != holder(request_by(None))
    assert first not in session.values()


def test_signing_in_keeps_what_the_browser_holds(client: Client, owner: User) -> None:
    session = client.session
    session["holder"] = "a-token"
    session.save()
    key = session.session_key

    client.force_login(owner)

    assert client.session["holder"] == "a-token"
    assert client.session.session_key != key


def test_signing_out_forgets_what_the_browser_held(client: Client, owner: User) -> None:
    session = client.session
    session["holder"] = "a-token"
    session.save()
    client.force_login(owner)

    client.post("/accounts/logout/")

    assert "holder" not in client.session


def test_role_is_read_once_for_each_request(front_desk: User, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    with django_assert_num_queries(1):
        clinic_shown(front_desk)

    assert Membership.objects.count() == 1
