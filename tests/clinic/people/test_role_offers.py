"""Roles are offered, accepted and, where they open records, confirmed by a Vaidya: nobody takes one."""

import datetime as dt
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from bookings.models import Message
from clinic.people.members import CannotGive
from clinic.people.models import CLINICAL, Membership, Role, RoleOffer, User
from clinic.people.password_links import LinkOver, choose_password, password_link, user_of
from clinic.people.role_offers import (
    CannotConfirm,
    OfferOver,
    accept_offer,
    confirm_offer,
    decline_offer,
    refuse_offer,
    why_not_confirm_offer,
    withdraw_offer,
)
from clinic.people.staff import StaffInvitation, invite_staff, new_link
from clinic.premises.models import Clinic
from tests import factories

PASSWORD = "turmeric-and-monsoon-47"
DAY = dt.timedelta(days=1)


def invite(clinic: Clinic, by: User, now: dt.datetime, **fields: object) -> StaffInvitation:
    """By a manager who knows the name of whoever has the account already."""
    asked = {"name": "Devi", "number": "S4711", "email": "devi@shanti.example", "roles": ["front_desk"]}
    asked |= {"starts_on": now.date(), "registration_number": ""} | fields  # type: ignore[dict-item]
    account = User.objects.by_sign_in(str(asked["email"] or asked["number"]))
    asked |= {"name": str(account)} if account and "name" not in fields else {}
    return invite_staff(clinic=clinic, by=by, now=now, **asked)  # type: ignore[arg-type]


def token(url: str) -> str:
    return url.rstrip("/").rsplit("/", 1)[-1]


def roles_of(user: User) -> list[str]:
    return sorted(user.memberships.values_list("role", flat=True))


# --- new people -------------------------------------------------------------------------------------------------------


def test_new_colleague_has_a_role_only_once_they_chose_a_password(
    clinic: Clinic, manager: User, now: dt.datetime
) -> None:
    user = invite(clinic, manager, now).user
    letter = Message.objects.get()
    before = (roles_of(user), user.has_usable_password())

    choose_password(token=token(letter.secret["password_reset_url"]), password=PASSWORD, now=now)

    user.refresh_from_db()
    assert (letter.recipient, letter.secret["template"]) == ("devi@shanti.example", "staff_invited")
    assert before == ([], False)
    assert (roles_of(user), user.check_password(PASSWORD)) == (["front_desk"], True)


def test_link_works_once_and_for_a_day(
    clinic: Clinic, manager: User, now: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = invite(clinic, manager, now).user
    first = token(password_link(user))

    choose_password(token=first, password=PASSWORD, now=now)
    user.refresh_from_db()
    second = token(password_link(user))
    monkeypatch.setattr("clinic.people.password_links.GOOD_FOR", dt.timedelta(seconds=-1))

    for dead in (first, second, "nonsense"):
        with pytest.raises(LinkOver):
            user_of(dead)


def test_link_is_dead_after_another_address(clinic: Clinic, front_desk: User) -> None:
    link = token(password_link(front_desk))
    User.objects.filter(pk=front_desk.pk).update(email="thief@example.org")

    with pytest.raises(LinkOver):
        user_of(link)


def test_colleague_without_an_address_gets_the_link_by_hand(clinic: Clinic, manager: User, now: dt.datetime) -> None:
    invitation = invite(clinic, manager, now, email="")

    assert user_of(token(invitation.url)) == invitation.user
    assert Message.objects.count() == 0


def test_one_person_is_invited_three_times_a_day(clinic: Clinic, manager: User, owner: User, now: dt.datetime) -> None:
    far = factories.make_clinic("far")
    moments = [now + number * dt.timedelta(minutes=1) for number in range(4)]
    for place, moment in zip((clinic, far, clinic), moments[:3], strict=True):
        invite(place, manager, moment, email=owner.email)

    with pytest.raises(CannotGive, match="several times today"):
        invite(far, manager, moments[3], email=owner.email)

    assert Message.objects.filter(recipient=owner.email).count() == 3
    invite(far, manager, moments[3] + DAY, email=owner.email)


def test_link_of_a_new_account_is_mailed_three_times_a_day(clinic: Clinic, manager: User, now: dt.datetime) -> None:
    offer = invite(clinic, manager, now).offers[0]
    for number in (1, 2):
        new_link(offer=offer, by=manager, now=now + number * dt.timedelta(minutes=1))

    with pytest.raises(CannotGive, match="several times today"):
        new_link(offer=offer, by=manager, now=now + dt.timedelta(minutes=3))

    assert Message.objects.filter(recipient="devi@shanti.example").count() == 3


def test_staff_number_that_is_taken_is_refused(clinic: Clinic, manager: User, owner: User, now: dt.datetime) -> None:
    with pytest.raises(CannotGive):
        invite(clinic, manager, now, number=owner.username)

    assert owner.role_offers.count() == 0


# --- people who have an account already -------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["far_member", "owner", "newcomer"])
def test_account_of_somebody_else_is_asked_and_never_taken(
    clinic: Clinic, manager: User, now: dt.datetime, request: pytest.FixtureRequest, who: str
) -> None:
    users = {
        "far_member": lambda: factories.make_member(factories.make_clinic("far"), "vaidya"),
        "owner": lambda: request.getfixturevalue("owner"),
        "newcomer": lambda: factories.make_user("newcomer@example.org"),
    }
    user = users[who]()
    before = (user.email, user.password, roles_of(user))

    invitation = invite(clinic, manager, now, email=user.email)

    user.refresh_from_db()
    assert (invitation.user, invitation.url) == (user, "")
    assert (user.email, user.password, roles_of(user)) == before
    assert [row.secret["template"] for row in Message.objects.filter(recipient=user.email)] == ["role_offered"]


def test_offer_becomes_a_role_when_it_is_accepted(clinic: Clinic, manager: User, owner: User, now: dt.datetime) -> None:
    (offer,) = invite(clinic, manager, now, email=owner.email).offers

    accept_offer(offer=offer, by=owner, now=now)

    row = owner.memberships.get()
    assert (row.role, row.granted_by, row.source) == ("front_desk", manager, "granted")


def test_offer_is_over_once_declined_withdrawn_or_old(
    clinic: Clinic, manager: User, owner: User, stranger: User, now: dt.datetime
) -> None:
    far = factories.make_user("far@example.org")
    declined, withdrawn, old = (
        invite(clinic, manager, now, email=user.email, number="").offers[0] for user in (owner, stranger, far)
    )
    decline_offer(offer=declined, by=owner, now=now)
    withdraw_offer(offer=withdrawn, by=manager, now=now)

    for offer, user, at in ((declined, owner, now), (withdrawn, stranger, now), (old, far, now + 8 * DAY)):
        with pytest.raises(OfferOver):
            accept_offer(offer=offer, by=user, now=at)

    assert Membership.objects.filter(user__in=[owner, stranger, far]).count() == 0


def test_offer_is_answered_by_its_owner_only(clinic: Clinic, manager: User, owner: User, now: dt.datetime) -> None:
    (offer,) = invite(clinic, manager, now, email=owner.email).offers

    with pytest.raises(OfferOver):
        accept_offer(offer=offer, by=manager, now=now)


# --- clinical roles ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", CLINICAL)
def test_manager_does_not_make_themselves_or_anybody_clinical(
    clinic: Clinic, manager: User, front_desk: User, vaidya_user: User, now: dt.datetime, role: str
) -> None:
    with pytest.raises(CannotGive):
        invite(clinic, manager, now, email=manager.email, roles=[role], registration_number="7")

    (offer,) = invite(clinic, manager, now, email=front_desk.email, roles=[role], registration_number="7").offers

    assert (roles_of(manager), roles_of(front_desk)) == (["manager"], ["front_desk"])
    assert why_not_confirm_offer(offer, by=manager, now=now) == "Only a Vaidya of the clinic can confirm this role."
    assert why_not_confirm_offer(offer, by=vaidya_user, now=now) == ""


def test_vaidya_confirms_and_the_row_says_so(
    clinic: Clinic, manager: User, front_desk: User, vaidya_user: User, now: dt.datetime
) -> None:
    asked = {"email": front_desk.email, "roles": ["vaidya"], "registration_number": "RJ-11872"}
    (offer,) = invite(clinic, manager, now, **asked).offers

    confirm_offer(offer=offer, by=vaidya_user, now=now)

    row = front_desk.memberships.get(role="vaidya")
    front_desk.refresh_from_db()
    assert (row.granted_by, row.confirmed_by, row.alone, row.reason) == (manager, vaidya_user, False, "")
    assert front_desk.registration_number == "RJ-11872"


def test_nobody_confirms_their_own_role(clinic: Clinic, manager: User, vaidya_user: User, now: dt.datetime) -> None:
    (offer,) = invite(clinic, manager, now, email=vaidya_user.email, roles=["nurse"]).offers

    with pytest.raises(CannotConfirm):
        confirm_offer(offer=offer, by=vaidya_user, now=now)


def test_vaidya_who_proposes_confirms_alone_only_where_no_other_is_and_with_a_reason(
    clinic: Clinic, vaidya_user: User, front_desk: User, now: dt.datetime
) -> None:
    factories.make_member(clinic, "manager", user=vaidya_user)
    second = factories.make_member(clinic, "vaidya")
    (offer,) = invite(clinic, vaidya_user, now, email=front_desk.email, roles=["nurse"]).offers

    with pytest.raises(CannotConfirm):
        confirm_offer(offer=offer, by=vaidya_user, now=now, reason="Nobody else is there")
    second.memberships.update(ends_on=now.date())
    with pytest.raises(CannotConfirm):
        confirm_offer(offer=offer, by=vaidya_user, now=now)
    confirm_offer(offer=offer, by=vaidya_user, now=now, reason="Nobody else is there")

    row = front_desk.memberships.get(role="nurse")
    assert (row.alone, row.reason, row.confirmed_by) == (True, "Nobody else is there", vaidya_user)


def test_vaidya_of_another_clinic_confirms_only_where_there_is_none(
    clinic: Clinic, manager: User, front_desk: User, now: dt.datetime
) -> None:
    far_vaidya = factories.make_member(factories.make_clinic("far"), "vaidya")
    (offer,) = invite(clinic, manager, now, email=front_desk.email, roles=["nurse"]).offers
    without = why_not_confirm_offer(offer, by=far_vaidya, now=now)

    factories.make_member(clinic, "vaidya")

    assert [without, why_not_confirm_offer(offer, by=far_vaidya, now=now)] == [
        "",
        "Only a Vaidya of the clinic can confirm this role.",
    ]


def test_refused_role_is_not_given(
    clinic: Clinic, manager: User, front_desk: User, vaidya_user: User, now: dt.datetime
) -> None:
    (offer,) = invite(clinic, manager, now, email=front_desk.email, roles=["nurse"]).offers

    refuse_offer(offer=offer, by=vaidya_user, now=now, reason="No proof of training")

    with pytest.raises(OfferOver):
        confirm_offer(offer=offer, by=vaidya_user, now=now)
    assert roles_of(front_desk) == ["front_desk"]


def test_role_begins_when_both_have_said_yes_whoever_comes_last(
    clinic: Clinic, manager: User, owner: User, vaidya_user: User, now: dt.datetime
) -> None:
    (offer,) = invite(clinic, manager, now, email=owner.email, roles=["therapist"]).offers
    confirm_offer(offer=offer, by=vaidya_user, now=now)
    halfway = roles_of(owner)

    accept_offer(offer=offer, by=owner, now=now)

    assert (halfway, roles_of(owner)) == ([], ["therapist"])


def test_operator_makes_the_first_vaidya(clinic: Clinic) -> None:
    out = StringIO()
    asked = {"user": "asha@shanti.example", "clinic": clinic.slug, "registration_number": "RJ-11872", "name": "Dr Asha"}

    call_command("grant_vaidya", stdout=out, **asked)

    row = Membership.objects.get(role="vaidya")
    assert (row.user.name, row.user.registration_number, row.source) == ("Dr Asha", "RJ-11872", "operator")
    assert user_of(token(out.getvalue().split()[-1])) == row.user
    with pytest.raises(CommandError, match="already has the role Vaidya"):
        call_command("grant_vaidya", stdout=out, **asked)


# --- the database -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"role": "front_desk"}, "membership_granted_by_somebody"),
        ({"role": "nurse", "granted_by": "manager"}, "membership_clinical_confirmed"),
        ({"role": "nurse", "granted_by": "manager", "confirmed_by": "subject"}, "membership_clinical_by_others"),
        ({"role": "nurse", "granted_by": "subject", "confirmed_by": "vaidya_user"}, "membership_clinical_by_others"),
        ({"role": "nurse", "granted_by": "vaidya_user", "confirmed_by": "vaidya_user"}, "membership_alone_marked"),
        (
            {"role": "nurse", "granted_by": "vaidya_user", "confirmed_by": "vaidya_user", "alone": True},
            "membership_alone_has_a_reason",
        ),
    ],
)
def test_database_refuses_a_role_that_nobody_granted_rightly(
    clinic: Clinic, manager: User, vaidya_user: User, fields: dict[str, object], constraint: str
) -> None:
    people = {"manager": manager, "vaidya_user": vaidya_user, "subject": factories.make_user()}
    values = {name: people.get(str(value), value) for name, value in fields.items()}

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Membership.objects.create(user=people["subject"], clinic=clinic, starts_on=factories.LONG_AGO, **values)


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"role": Role.NURSE, "made_by": "subject"}, "role_offer_by_others"),
        ({"role": "guru"}, "role_offer_role_known"),
        ({"expires_at": factories.NOW}, "role_offer_expires_later"),
        ({"closing": "declined"}, "role_offer_closed_why_and_when"),
        ({"confirmed_by": "other"}, "role_offer_confirmed_by_and_at"),
        ({"closed_by": "other"}, "role_offer_closed_by_when_closed"),
        (
            {"closing": "refused", "closed_at": factories.NOW, "closed_by": "other"},
            "role_offer_refused_with_a_reason",
        ),
        (
            {"role": Role.NURSE, "confirmed_by": "manager", "confirmed_at": factories.NOW},
            "role_offer_alone_has_a_reason",
        ),
    ],
)
def test_database_refuses_a_broken_offer(
    clinic: Clinic, manager: User, fields: dict[str, object], constraint: str, now: dt.datetime
) -> None:
    people = {"manager": manager, "subject": factories.make_user(), "other": factories.make_user()}
    said: dict[str, object] = {"role": "front_desk", "made_by": "manager", "made_at": now, "expires_at": now + DAY}
    values = {name: people.get(str(value), value) for name, value in (said | fields).items()}

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        RoleOffer.objects.create(user=people["subject"], clinic=clinic, name="Devi", starts_on=now.date(), **values)
