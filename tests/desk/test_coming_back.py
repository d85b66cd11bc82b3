"""A role ended by mistake, a forgotten password, a closed account, a refused role: everybody finds a way on."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from bookings.models import Message
from clinic.people.independence import may_second
from clinic.people.members import end_membership
from clinic.people.models import AccountNotice, RoleOffer, User
from clinic.people.password_links import choose_password
from clinic.people.role_offers import accept_offer, decline_offer
from clinic.people.staff import StaffInvitation, invite_staff
from clinic.premises.models import Clinic
from tests import factories
from tests.desk.conftest import Enter
from tests.signing_in import app_code, give_factor

PASSWORD = "turmeric-and-monsoon-47"
DAY = dt.timedelta(days=1)


def text_of(client: Client, page: str) -> str:
    return " ".join(client.get(page).content.decode().split())


def form(clinic: Clinic, now: dt.datetime, **fields: object) -> dict[str, object]:
    return {"name": "Lata", "roles": ["front_desk"], "starts_on": clinic.today(now).isoformat()} | fields


def invite(clinic: Clinic, by: User, now: dt.datetime, **fields: object) -> StaffInvitation:
    usual = {"name": "Ravi", "number": "T2001", "email": "", "roles": ["front_desk"], "starts_on": clinic.today(now)}
    return invite_staff(clinic=clinic, by=by, now=now, **(usual | fields))  # type: ignore[arg-type]


def letters(email: str) -> list[str]:
    return list(Message.objects.filter(recipient=email).order_by("pk").values_list("secret__template", flat=True))


@pytest.fixture
def ravi(clinic: Clinic, manager: User, now: dt.datetime) -> User:
    """Came in by a slip: no e-mail address."""
    invitation = invite(clinic, manager, now)
    return choose_password(token=invitation.url.rstrip("/").split("/")[-1], password=PASSWORD, now=now)


# --- a role comes back ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("days", [0, 3])
def test_role_ended_by_mistake_is_given_again_from_the_same_day(
    enter: Enter, clinic: Clinic, manager: User, now: dt.datetime, days: int
) -> None:
    lata = factories.make_member(clinic, "nurse", user=factories.make_user("lata@shanti.example", name="Lata"))
    starts_on = clinic.today(now) + days * DAY
    asked = form(clinic, now, email=lata.email, starts_on=starts_on.isoformat())
    client = enter(manager)
    client.post(reverse("desk:invite_staff"), asked)
    end_membership(membership=lata.memberships.get(role="front_desk"), by=manager, now=now)

    answer = client.post(reverse("desk:invite_staff"), asked)

    row = lata.memberships.ever_holding().get(role="front_desk")
    assert (answer.status_code, row.starts_on, row.ends_on) == (302, starts_on, None)


def test_offer_accepted_on_the_day_on_which_the_role_ended_begins_it_again(
    clinic: Clinic, manager: User, owner: User, now: dt.datetime
) -> None:
    for _time in range(2):
        (offer,) = invite(clinic, manager, now, name=str(owner), number="", email=owner.email).offers
        accept_offer(offer=offer, by=owner, now=now)
        assert owner.memberships.holding_at(now).count() == 1
        end_membership(membership=owner.memberships.holding_at(now).get(), by=manager, now=now)

    assert owner.memberships.holding_at(now).count() == 0


def test_role_that_is_held_or_will_be_is_not_given_twice_and_is_named_before_anything_is_confirmed(
    enter: Enter, clinic: Clinic, manager: User, now: dt.datetime
) -> None:
    lata = factories.make_user("lata@shanti.example", name="Lata")
    factories.make_member(clinic, "front_desk", user=lata, starts_on=clinic.today(now) + 3 * DAY)
    client = enter(manager)

    answer = client.post(
        reverse("desk:invite_staff"), form(clinic, now, email=lata.email, roles=["front_desk", "manager"])
    )

    words = "This person gets the role Front desk at this clinic on 5 March 2026 already."
    assert (answer.status_code, answer.context["form"].non_field_errors()) == (422, [words])


def test_role_that_ended_before_its_first_day_is_shown_nowhere(
    enter: Enter, clinic: Clinic, manager: User, front_desk: User, now: dt.datetime
) -> None:
    later = factories.make_user("lata@shanti.example", name="Lata Later")
    factories.make_member(clinic, "nurse", user=later, starts_on=clinic.today(now) + 3 * DAY)
    client = enter(manager)
    before = text_of(client, "/desk/staff/")

    end_membership(membership=later.memberships.get(), by=manager, now=now)

    assert "from 5 Mar 2026" in before
    after = text_of(client, "/desk/staff/")
    assert ("5 Mar 2026" in after, f"?colleague={later.pk}" in after) == (False, True)
    client.force_login(later)
    assert "begins on" not in text_of(client, "/role-offers/")


# --- people without an e-mail address ---------------------------------------------------------------------------------


def test_colleague_without_an_address_whose_role_ended_is_invited_again_and_answers_at_the_sign_in(
    enter: Enter, clinic: Clinic, manager: User, ravi: User, now: dt.datetime
) -> None:
    client = enter(manager)
    client.post(f"/desk/staff/end/?role={ravi.memberships.get().pk}")
    listed = f"?colleague={ravi.pk}" in text_of(client, "/desk/staff/")
    first = client.get(f"/desk/staff/invite/?colleague={ravi.pk}").context["form"].initial

    answer = client.post(reverse("desk:invite_staff"), form(clinic, now, name="Ravi", number="T2001"), follow=True)

    assert (listed, first["name"], first["number"]) == (True, "Ravi", "T2001")
    assert "Ravi signs in with T2001 and answers there." in answer.content.decode()
    offer = RoleOffer.objects.to_answer(now).get(user=ravi)
    accept_offer(offer=offer, by=ravi, now=now)
    assert ravi.memberships.holding_at(now).count() == 1
    assert letters("") == []


def test_account_whose_only_role_ended_can_be_closed_and_comes_back(
    enter: Enter, clinic: Clinic, manager: User, ravi: User, now: dt.datetime
) -> None:
    end_membership(membership=ravi.memberships.get(), by=manager, now=now)
    client = enter(manager)
    assert "used elsewhere" not in text_of(client, reverse("desk:close_account", args=[ravi.pk]))

    client.post(reverse("desk:close_account", args=[ravi.pk]))
    client.post(reverse("desk:reopen_account", args=[ravi.pk]))
    answer = client.post(reverse("desk:invite_staff"), form(clinic, now, name="Ravi", number="T2001"))

    assert (answer.status_code, RoleOffer.objects.to_answer(now).filter(user=ravi).count()) == (302, 1)


def test_somebody_invited_by_slip_who_never_came_is_invited_again_by_the_same_number(
    clinic: Clinic, manager: User, now: dt.datetime
) -> None:
    (offer,) = invite(clinic, manager, now).offers
    decline_offer(offer=offer, by=offer.user, now=now)

    again = invite(clinic, manager, now)

    assert (again.user, bool(again.url)) == (offer.user, True)


def test_number_of_a_colleague_with_an_address_finds_them_and_another_name_is_asked_about(
    enter: Enter, clinic: Clinic, manager: User, now: dt.datetime
) -> None:
    lata = factories.make_user("lata@shanti.example", name="Lata", username="F2001")
    factories.make_member(clinic, "front_desk", user=lata)
    end_membership(membership=lata.memberships.get(), by=manager, now=now)
    client = enter(manager)

    shown = client.post(reverse("desk:invite_staff"), form(clinic, now, name="Kiran", number="F2001"))
    taken = client.post(
        reverse("desk:invite_staff"), form(clinic, now, name="Kiran", number="F2001", email="kiran@shanti.example")
    )

    assert "F2001 is Lata, not Kiran." in shown.content.decode()
    assert taken.context["form"].non_field_errors() == ["F2001 is the staff number of Lata."]


def test_number_of_somebody_who_never_worked_here_tells_no_name(
    enter: Enter, clinic: Clinic, other_clinic: Clinic, manager: User, now: dt.datetime
) -> None:
    factories.make_member(other_clinic, "nurse", user=factories.make_user("far@example.org", username="N1", name="Far"))

    answer = enter(manager).post(reverse("desk:invite_staff"), form(clinic, now, number="N1", roles=["manager"]))

    assert answer.context["form"].non_field_errors() == ["This staff ID is already in use."]


def test_forgotten_password_of_a_colleague_without_an_address_is_mended_by_a_slip(
    enter: Enter, clinic: Clinic, manager: User, ravi: User, now: dt.datetime
) -> None:
    give_factor(ravi)
    client = enter(manager)
    assert reverse("desk:give_slip", args=[ravi.pk]) in text_of(client, "/desk/staff/")

    slip = client.post(reverse("desk:give_slip", args=[ravi.pk]))

    url = slip.context["invitation"].url
    choose_password(token=url.rstrip("/").split("/")[-1], password="jasmine-and-lantern-83", now=now)
    ravi.refresh_from_db()
    assert ravi.check_password("jasmine-and-lantern-83")
    assert not may_second(ravi, of=[manager.pk], now=now)  # who handed the slip over could hold the password
    told = AccountNotice.objects.filter(user=ravi, what="password_link").get()
    assert told.detail["by"] == str(manager)
    visitor = Client()
    second = visitor.post("/staff/", {"login": "T2001", "password": "jasmine-and-lantern-83"})
    assert second.headers["Location"] == "/staff/second-step/"  # the slip alone opens nothing
    assert "ask a manager of your clinic for a new slip" in text_of(visitor, "/accounts/password/reset/")


@pytest.mark.parametrize("why", ["address", "elsewhere", "patient", "superuser"])
def test_no_slip_for_an_account_that_is_not_the_clinics_alone(
    enter: Enter, clinic: Clinic, other_clinic: Clinic, manager: User, ravi: User, why: str
) -> None:
    if why == "address":
        User.objects.filter(pk=ravi.pk).update(email="ravi@shanti.example")
    elif why == "elsewhere":
        factories.make_member(other_clinic, "front_desk", user=ravi)
    elif why == "patient":
        factories.make_access(ravi, factories.make_patient())
    else:
        User.objects.filter(pk=ravi.pk).update(is_superuser=True)
    client = enter(manager)

    answer = client.post(reverse("desk:give_slip", args=[ravi.pk]))

    assert (answer.status_code, AccountNotice.objects.filter(what="password_link").count()) == (302, 0)
    assert reverse("desk:give_slip", args=[ravi.pk]) not in text_of(client, "/desk/staff/")


# --- closed accounts --------------------------------------------------------------------------------------------------


def test_owner_is_told_once_that_the_account_is_closed_and_once_that_it_is_open_again(
    enter: Enter, clinic: Clinic, manager: User, now: dt.datetime
) -> None:
    lata = factories.make_user("lata@shanti.example")
    for role in ("front_desk", "nurse"):
        factories.make_member(clinic, role, user=lata)
    invite(clinic, manager, now, name=str(lata), number="", email=lata.email, roles=["therapist"])
    client = enter(manager)

    client.post(reverse("desk:close_account", args=[lata.pk]))
    closed = letters(lata.email)
    client.post(reverse("desk:reopen_account", args=[lata.pk]))
    client.post(reverse("desk:reopen_account", args=[lata.pk]))

    assert closed == ["notice_account_closed"]
    assert letters(lata.email) == ["notice_account_closed", "notice_account_opened"]
    assert RoleOffer.objects.open(now).filter(user=lata).count() == 0


def test_old_browser_stays_signed_out_when_the_account_is_opened_again(
    enter: Enter, clinic: Clinic, manager: User
) -> None:
    lata = factories.make_member(
        clinic, "front_desk", user=factories.make_user("lata@shanti.example", password=factories.PASSWORD)
    )
    give_factor(lata)
    old = Client()
    old.post("/staff/", {"login": lata.email, "password": factories.PASSWORD})
    old.post("/staff/second-step/", {"code": app_code()})
    before = old.get("/accounts/security/").status_code
    client = enter(manager)

    client.post(reverse("desk:close_account", args=[lata.pk]))
    client.post(reverse("desk:reopen_account", args=[lata.pk]))

    assert (before, old.get("/accounts/security/").status_code) == (200, 302)


def test_closing_the_only_vaidya_is_warned_of(enter: Enter, manager: User, vaidya_user: User) -> None:
    client, page = enter(manager), reverse("desk:close_account", args=[vaidya_user.pk])
    words = "is the only Vaidya at"
    alone = words in text_of(client, page)

    factories.make_member(vaidya_user.memberships.get().clinic, "vaidya")

    assert (alone, words in text_of(client, page)) == (True, False)


# --- no ---------------------------------------------------------------------------------------------------------------


def test_refusal_asks_for_a_reason_tells_both_and_stays_listed(
    enter: Enter, clinic: Clinic, manager: User, front_desk: User, vaidya_user: User, now: dt.datetime
) -> None:
    (offer,) = invite(
        clinic, manager, now, name=str(front_desk), number="", email=front_desk.email, roles=["therapist"]
    ).offers
    client, page = enter(vaidya_user), reverse("desk:refuse_role", args=[offer.public_id])

    asked, without = client.get(page), client.post(page, {"reason": ""})
    client.post(page, {"reason": "No proof of training yet"})

    assert (asked.status_code, without.status_code) == (200, 422)
    assert (letters(front_desk.email), letters(manager.email)) == (["notice_role_refused"], ["notice_offer_refused"])
    assert "No proof" not in str(list(Message.objects.values_list("secret", flat=True)))
    shown = text_of(client, "/desk/staff/")
    assert f"by {vaidya_user} on 2 March 2026, 10:00" in shown
    assert "Reason: No proof of training yet" in shown
    client.force_login(front_desk)
    assert "Therapist" in text_of(client, "/role-offers/")
    assert "A Vaidya did not confirm this role." in text_of(client, "/role-offers/")


def test_whoever_offered_a_role_reads_that_it_was_declined(
    enter: Enter, clinic: Clinic, manager: User, owner: User, now: dt.datetime
) -> None:
    (offer,) = invite(clinic, manager, now, name="Anand", number="", email=owner.email).offers
    client = enter(owner)

    client.post(reverse("decline_role", args=[offer.public_id]))

    assert letters(manager.email) == ["notice_offer_declined"]
    client.force_login(manager)
    assert f"Declined, by {owner} on 2 March 2026, 10:00" in text_of(client, "/desk/staff/")


# --- the promise ------------------------------------------------------------------------------------------------------


def test_form_of_a_membership_reads_the_same_promise_as_the_database(front_desk: User) -> None:
    row = front_desk.memberships.get()
    row.pk = None

    with pytest.raises(ValidationError):
        row.validate_constraints()
