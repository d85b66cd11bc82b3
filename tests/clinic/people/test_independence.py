"""Whoever opens accounts is not two people: where a second person has to agree, the second account is another's."""

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from bookings.models import Message
from clinic.people.access import CannotInvite, invite
from clinic.people.factor_resets import waiting_for
from clinic.people.factors import has_factor
from clinic.people.independence import Origins
from clinic.people.models import FactorReset, Invitation, Patient, Role, RoleOffer, User
from clinic.people.models.membership import RoleSource
from clinic.people.password_links import choose_password
from clinic.people.patients import change_patient
from clinic.people.role_offers import CannotConfirm, confirm_offer, is_alone, offer_roles
from clinic.people.staff import invite_staff, new_link
from clinic.premises.models import Clinic
from tests import factories
from tests.signing_in import SignedInClient, give_factor

DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def _at_one_moment(now: dt.datetime) -> Iterator[None]:
    with time_machine.travel(now, tick=False):
        yield


def signed_in(user: User) -> Client:
    client = SignedInClient()
    client.force_login(user)
    return client


def puppet_of(manager: User, clinic: Clinic, role: str = "manager") -> User:
    """The account that this manager makes for nobody: they read its link on the slip and choose its password."""
    asked = {"name": "Nobody Nair", "number": "P1001", "email": "", "roles": [role], "confirmed": "new"}
    page = signed_in(manager).post(reverse("desk:invite_staff"), asked | {"starts_on": clinic.today(factories.NOW)})
    token = page.context["invitation"].url.rstrip("/").rsplit("/", 1)[-1]
    choose_password(token=token, password="turmeric-and-monsoon-47", now=factories.NOW)
    return User.objects.get(username="P1001", memberships__role=role)


def member(clinic: Clinic, role: str, *, by: User, since: int = 365, **fields: object) -> User:
    """Somebody whom `by` gave their first role, so many days ago."""
    starts_on = clinic.today(factories.NOW) - since * DAY
    granted = {"source": RoleSource.GRANTED, "granted_by": by, "starts_on": starts_on}
    return factories.make_member(clinic, role, **(granted | fields))


# --- a second step ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("days", [0, 200])
def test_manager_alone_does_not_take_a_second_step_away_by_an_account_of_their_own_making(
    clinic: Clinic, manager: User, vaidya_user: User, days: int, now: dt.datetime
) -> None:
    give_factor(vaidya_user)
    puppet = puppet_of(manager, clinic)
    with time_machine.travel(now + days * DAY, tick=False):
        asked = [
            signed_in(who).post(reverse("ask_reset", args=[vaidya_user.pk])).status_code for who in (puppet, manager)
        ]
        pressed = [
            signed_in(who).post(reverse("confirm_reset", args=[FactorReset.objects.get().pk])).status_code
            for who in (manager, puppet)
        ]

    assert (asked, pressed) == ([302, 302], [404, 404])
    assert has_factor(vaidya_user)


def test_vaidya_whom_another_confirmed_is_a_second_person_for_the_manager_who_opened_the_account(
    clinic: Clinic, manager: User, front_desk: User, now: dt.datetime
) -> None:
    first = factories.make_member(factories.make_clinic("far"), "vaidya")
    single = member(clinic, "vaidya", by=manager, since=7, confirmed_by=first)
    User.objects.filter(pk=single.pk).update(created_by=manager)

    may = []
    for days in (0, -1):
        row = FactorReset.objects.create(user=front_desk, asked_by=manager, asked_at=now + days * DAY)
        may.append(waiting_for(single, now=now + days * DAY).filter(pk=row.pk).exists())

    assert may == [True, False]


# --- a patient's contact ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("changer_is_the_puppet", [False, True])
def test_account_opened_by_who_changed_a_contact_makes_no_code(
    clinic: Clinic, manager: User, patient: Patient, now: dt.datetime, *, changer_is_the_puppet: bool
) -> None:
    puppet = puppet_of(manager, clinic)
    changer, second = (puppet, manager) if changer_is_the_puppet else (manager, puppet)
    change_patient(patient=patient, by=changer, now=now, face_to_face=True, clinic=clinic, email="evil@throw.example")

    page = reverse("desk:invite", args=[patient.public_id])
    answer = signed_in(second).post(page, {"relation": "self", "width": "full"}, follow=True)

    assert "ask another colleague" in answer.content.decode()
    assert Invitation.objects.count() == 0


def test_new_account_makes_no_code_after_a_change_and_an_older_one_does(
    clinic: Clinic, manager: User, front_desk: User, patient: Patient, now: dt.datetime
) -> None:
    new, known = (member(clinic, "front_desk", by=manager, since=days) for days in (6, 7))
    change_patient(patient=patient, by=front_desk, now=now, face_to_face=True, clinic=clinic, email="m@throw.example")

    with pytest.raises(CannotInvite):
        invite(patient=patient, relation="self", width="full", by=new, now=now)
    invite(patient=patient, relation="self", width="full", by=known, now=now)


def test_account_opened_by_who_changed_a_contact_does_not_settle_the_call_about_it(
    clinic: Clinic, manager: User, front_desk: User, now: dt.datetime
) -> None:
    gopal = factories.make_patient("Gopal", email="", channel="call", clinics=[clinic])
    puppet = puppet_of(manager, clinic)
    change_patient(patient=gopal, by=manager, now=now, clinic=clinic, phone="+919847000009")
    call = Message.objects.get(kind="contact_changed")

    states = []
    for who in (puppet, front_desk):
        signed_in(who).post(reverse("desk:settle_call", args=[call.pk]), {"outcome": "done"})
        call.refresh_from_db()
        states.append(call.state)

    assert states == ["due", "sent"]


# --- roles -----------------------------------------------------------------------------------------------------------


def proposed(clinic: Clinic, by: User, now: dt.datetime) -> RoleOffer:
    user = factories.make_member(clinic, "front_desk")
    row = offer_roles(
        user=user, name=str(user), clinic=clinic, roles=["therapist"], starts_on=clinic.today(now), by=by, now=now
    )
    return row[0]


def test_role_that_a_vaidyas_own_puppet_proposes_is_confirmed_alone_and_says_so(
    clinic: Clinic, vaidya_user: User, now: dt.datetime
) -> None:
    factories.make_member(clinic, "manager", user=vaidya_user)
    offer = proposed(clinic, puppet_of(vaidya_user, clinic), now)

    with pytest.raises(CannotConfirm):
        confirm_offer(offer=offer, by=vaidya_user, now=now)
    confirm_offer(offer=offer, by=vaidya_user, now=now, reason="Only Vaidya here")

    offer.refresh_from_db()
    assert (is_alone(offer, by=vaidya_user, now=now), offer.alone) == (True, True)


def test_role_is_not_confirmed_alone_where_another_vaidya_could(
    clinic: Clinic, vaidya_user: User, now: dt.datetime
) -> None:
    factories.make_member(clinic, "manager", user=vaidya_user)
    other = factories.make_member(clinic, "vaidya")
    offer = proposed(clinic, puppet_of(vaidya_user, clinic), now)

    with pytest.raises(CannotConfirm):
        confirm_offer(offer=offer, by=vaidya_user, now=now, reason="I am in a hurry")
    confirm_offer(offer=offer, by=other, now=now)


# --- the rule itself --------------------------------------------------------------------------------------------------


def test_accounts_count_as_one_when_one_brought_the_other_in_by_whatever_way(
    clinic: Clinic, manager: User, front_desk: User, now: dt.datetime
) -> None:
    given = member(clinic, "manager", by=manager)
    opened = member(clinic, "manager", by=front_desk)
    User.objects.filter(pk=opened.pk).update(created_by=manager)
    grandchild = member(clinic, "front_desk", by=given)
    late = [member(clinic, "front_desk", by=manager, since=days) for days in (29, 29, 30)]

    origins = Origins.at(now)

    others = (given, opened, grandchild, front_desk)
    assert [origins.are_tied(manager.pk, other.pk) for other in others] == [True, True, True, False]
    assert [origins.are_tied(other.pk, manager.pk) for other in others] == [True, True, True, False]
    assert [origins.are_tied(late[0].pk, other.pk) for other in late[1:]] == [True, False]
    assert not origins.are_tied(given.pk, opened.pk)


def test_who_takes_the_link_of_an_account_that_another_opened_is_tied_to_it(
    clinic: Clinic, manager: User, now: dt.datetime
) -> None:
    other = factories.make_member(clinic, "manager")
    people = {"name": "Nobody Nair", "number": "P1001", "email": "", "roles": ["manager"], "confirmed": "new"}
    invitation = invite_staff(clinic=clinic, by=other, now=now, starts_on=clinic.today(now), **people)  # type: ignore[arg-type]

    link = new_link(offer=invitation.offers[0], by=manager, now=now).url
    choose_password(token=link.rstrip("/").rsplit("/", 1)[-1], password="turmeric-and-monsoon-47", now=now)

    origins = Origins.at(now)
    assert [origins.are_tied(invitation.user.pk, who.pk) for who in (manager, other)] == [True, True]


def test_second_role_from_a_colleague_ties_nobody(clinic: Clinic, manager: User, now: dt.datetime) -> None:
    known = factories.make_member(clinic, "front_desk")
    offer_roles(
        user=known, name="K", clinic=clinic, roles=["manager"], starts_on=clinic.today(now), by=manager, now=now
    )

    assert known.memberships.filter(role=Role.MANAGER, granted_by=manager).exists()
    assert Origins.at(now).may_second(known.pk, manager.pk)
