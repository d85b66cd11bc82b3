"""The pages of staff: who works here, who is asked, who confirms, who left, and the visits that this leaves alone."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from bookings.desk.staff.unserved import unserved
from bookings.models import Message, Visit
from bookings.portal.lookups import consulting
from clinic.people.members import close_account, end_membership
from clinic.people.models import Membership, Read, RoleOffer, User
from clinic.people.staff import invite_staff
from clinic.premises.models import Clinic
from tests import factories
from tests.desk.conftest import Enter, MakeVisit, at
from tests.signing_in import app_code, give_factor
from therapies.models import Practitioner, Variant
from therapies.rota import calendar, supply

DAY = dt.timedelta(days=1)


def texts(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def propose(clinic: Clinic, by: User, user: User, role: str, now: dt.datetime) -> RoleOffer:
    said = {"name": str(user), "number": user.username, "email": user.email, "roles": [role], "starts_on": now.date()}
    return invite_staff(clinic=clinic, by=by, now=now, **said).offers[0]  # type: ignore[arg-type]


def serving(clinic: Clinic, first: dt.date, last: dt.date) -> dict[int, set[dt.date]]:
    """Who is on the rota of a search, on which dates."""
    days = calendar(clinic.zone, first, last)
    have = supply(clinic, days, therapy_ids=[], kinds=[])
    return {
        person.id: {day.on for day in days.days if person.works & (((1 << day.last) - 1) ^ ((1 << day.first) - 1))}
        for person in have.people
    }


# --- inviting ---------------------------------------------------------------------------------------------------------


def test_manager_invites_a_new_colleague_who_chooses_the_password(enter: Enter, client: Client, manager: User) -> None:
    asked = {"name": "Devi", "number": "S4711", "email": "devi@shanti.example", "roles": ["front_desk"]}
    enter(manager).post("/desk/staff/invite/", asked | {"starts_on": "2026-03-02"})
    link = Message.objects.get(recipient="devi@shanti.example").secret["password_reset_url"].split("/accounts/")[1]
    client.logout()

    page = client.get(f"/accounts/{link}")
    weak = client.post(f"/accounts/{link}", {"new_password1": "short", "new_password2": "short"})
    done = client.post(
        f"/accounts/{link}", dict.fromkeys(["new_password1", "new_password2"], "turmeric-and-monsoon-47")
    )
    again = client.get(f"/accounts/{link}")

    user = User.objects.get(username="S4711")
    assert [page.status_code, weak.status_code, done.status_code, again.status_code] == [200, 422, 302, 410]
    assert user.check_password("turmeric-and-monsoon-47")
    assert [row.role for row in user.memberships.all()] == ["front_desk"]


def test_colleague_without_an_address_gets_a_slip(enter: Enter, manager: User) -> None:
    asked = {"name": "Devi", "number": "S4711", "email": "", "roles": ["front_desk"], "starts_on": "2026-03-02"}

    page = enter(manager).post("/desk/staff/invite/", asked)

    assert page.status_code == 200
    assert "/accounts/password/choose/" in page.content.decode()
    assert "data:image/svg+xml;base64," in page.content.decode()


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"email": "", "number": ""}, "number"),
        ({"roles": ["vaidya"]}, "registration_number"),
        ({"roles": ["guru"]}, "roles"),
        ({"roles": []}, "roles"),
        ({"starts_on": "2026-03-01"}, "starts_on"),
        ({"starts_on": "9999-12-31"}, "starts_on"),
    ],
)
def test_invitation_that_cannot_be_says_why(enter: Enter, manager: User, fields: dict[str, object], field: str) -> None:
    asked = {"name": "Devi", "number": "S4711", "email": "d@shanti.example", "roles": ["nurse"]}

    answer = enter(manager).post("/desk/staff/invite/", asked | {"starts_on": "2026-03-02"} | fields)

    assert (answer.status_code, set(answer.context["form"].errors)) == (422, {field})
    assert User.objects.filter(name="Devi").count() == 0


def test_account_of_a_patient_is_asked_and_answers_signed_in(enter: Enter, manager: User, owner: User) -> None:
    asked = {"name": "Meera", "number": "", "email": owner.email, "roles": ["front_desk"], "starts_on": "2026-03-02"}
    enter(manager).post("/desk/staff/invite/", asked)
    before = owner.memberships.count()
    client = enter(owner)

    landing = client.get("/signed-in/")
    shown = [offer.get_role_display() for offer in client.get("/role-offers/").context["offers"]]
    client.post(reverse("accept_role", args=[RoleOffer.objects.get().public_id]))

    assert landing.headers["Location"] == "/role-offers/"
    assert (before, shown, [row.role for row in owner.memberships.all()]) == (0, ["Front desk"], ["front_desk"])


def test_offer_of_somebody_else_is_not_found(
    enter: Enter, clinic: Clinic, manager: User, owner: User, stranger: User, now: dt.datetime
) -> None:
    offer = propose(clinic, manager, owner, "front_desk", now)

    answer = enter(stranger).post(reverse("accept_role", args=[offer.public_id]))

    assert (answer.status_code, owner.memberships.count(), stranger.memberships.count()) == (404, 0, 0)


@pytest.mark.parametrize("name", ["withdraw_role", "new_link", "role_offer"])
def test_offer_of_another_clinic_is_not_found(
    enter: Enter,
    clinic: Clinic,
    other_clinic: Clinic,
    manager: User,
    owner: User,
    vaidya_user: User,
    now: dt.datetime,
    name: str,
) -> None:
    offer = propose(clinic, manager, owner, "nurse", now)
    client = enter(factories.make_member(other_clinic, "manager"))

    answer = (client.get if name == "role_offer" else client.post)(reverse(f"desk:{name}", args=[offer.public_id]))

    assert (answer.status_code, RoleOffer.objects.open(now).count()) == (404, 1)


@pytest.mark.parametrize("name", ["send_link", "close_account"])
def test_colleague_of_another_clinic_is_not_found(
    enter: Enter, manager: User, other_front_desk: User, name: str
) -> None:
    answer = enter(manager).post(reverse(f"desk:{name}", args=[other_front_desk.pk]))

    other_front_desk.refresh_from_db()
    assert (answer.status_code, other_front_desk.is_active, Message.objects.count()) == (404, True, 0)


# --- confirming -------------------------------------------------------------------------------------------------------


def test_vaidya_finds_the_role_in_the_list_and_confirms_it_by_a_press(
    enter: Enter, clinic: Clinic, manager: User, front_desk: User, vaidya_user: User, now: dt.datetime
) -> None:
    offer = propose(clinic, manager, front_desk, "nurse", now)
    address = reverse("desk:role_offer", args=[offer.public_id])
    client = enter(vaidya_user)
    listed = address in texts(client, "/desk/todo/")

    client.post(address)

    assert (listed, address in texts(client, "/desk/todo/")) == (True, False)
    assert front_desk.memberships.get(role="nurse").confirmed_by == vaidya_user


def test_manager_sees_the_role_wait_and_cannot_confirm_it(
    enter: Enter, clinic: Clinic, manager: User, front_desk: User, vaidya_user: User, now: dt.datetime
) -> None:
    offer = propose(clinic, manager, front_desk, "nurse", now)
    address = reverse("desk:role_offer", args=[offer.public_id])

    page, press = enter(manager).get(address), enter(manager).post(address)

    assert "Only a Vaidya of the clinic can confirm this role." in page.content.decode()
    assert (press.status_code, front_desk.memberships.filter(role="nurse").count()) == (200, 0)


def test_lone_vaidya_confirms_with_a_second_factor_and_a_reason(
    enter: Enter, clinic: Clinic, vaidya_user: User, front_desk: User, now: dt.datetime
) -> None:
    factories.make_member(clinic, "manager", user=vaidya_user)
    give_factor(vaidya_user)
    offer = propose(clinic, vaidya_user, front_desk, "nurse", now)
    address, client = reverse("desk:role_offer", args=[offer.public_id]), enter(vaidya_user)

    refused = [client.post(address).status_code, client.post(address, {"reason": "Alone", "code": "1"}).status_code]
    client.post(address, {"reason": "Nobody else is there", "code": app_code()})

    row = front_desk.memberships.get(role="nurse")
    assert refused == [422, 422]
    assert (row.alone, row.reason) == (True, "Nobody else is there")


def test_vaidya_of_another_clinic_sees_what_waits_where_there_is_none(
    enter: Enter, clinic: Clinic, other_clinic: Clinic, manager: User, front_desk: User, now: dt.datetime
) -> None:
    offer = propose(clinic, manager, front_desk, "nurse", now)
    client = enter(factories.make_member(other_clinic, "vaidya"))
    address = reverse("desk:role_offer", args=[offer.public_id])
    listed = address in texts(client, "/desk/todo/")

    factories.make_member(clinic, "vaidya")

    assert (listed, address in texts(client, "/desk/todo/"), client.get(address).status_code) == (True, False, 404)


# --- who left ---------------------------------------------------------------------------------------------------------


def by_role_page(client: Client, user: User, clinic: Clinic) -> None:
    client.post(f"/desk/staff/end/?role={user.memberships.get().pk}")


def by_closing_page(client: Client, user: User, clinic: Clinic) -> None:
    client.post(reverse("desk:close_account", args=[user.pk]))


def by_verb(client: Client, user: User, clinic: Clinic) -> None:
    end_membership(membership=user.memberships.get(), by=factories.make_user(), now=factories.NOW)


def by_closing_verb(client: Client, user: User, clinic: Clinic) -> None:
    close_account(user=user, clinic=clinic, by=factories.make_user(), now=factories.NOW)


def by_hand(client: Client, user: User, clinic: Clinic) -> None:
    User.objects.filter(pk=user.pk).update(is_active=False)


def by_row(client: Client, user: User, clinic: Clinic) -> None:
    Membership.objects.filter(user=user).update(ends_on=factories.NOW.date())


@pytest.mark.parametrize("role", ["vaidya", "therapist", "nurse", "attendant"])
@pytest.mark.parametrize("end", [by_role_page, by_closing_page, by_verb, by_closing_verb, by_hand, by_row])
def test_who_has_left_is_out_of_the_offer_by_whichever_way(
    enter: Enter,
    clinic: Clinic,
    manager: User,
    role: str,
    end: Callable[[Client, User, Clinic], None],
    now: dt.datetime,
) -> None:
    user = factories.make_member(clinic, role)
    person = factories.make_practitioner(clinic, roles=[role], user=user)
    helper = factories.make_practitioner(clinic, roles=[role])
    before = set(serving(clinic, now.date(), now.date()))

    end(enter(manager), user, clinic)

    assert before == {person.pk, helper.pk}
    assert set(serving(clinic, now.date(), now.date())) == {helper.pk}
    assert list(Practitioner.objects.in_service(now.date(), clinic)) == [helper]


def test_vaidya_who_left_is_not_named_in_the_portal(
    clinic: Clinic, vaidya: Practitioner, vaidya_user: User, consultation: Variant, now: dt.datetime
) -> None:
    before = list(consulting(now.date()))

    by_row(Client(), vaidya_user, clinic)

    assert (before, list(consulting(now.date()))) == ([vaidya], [])


def test_role_that_ends_later_is_offered_until_then(
    clinic: Clinic, vaidya: Practitioner, vaidya_user: User, now: dt.datetime
) -> None:
    first = now.date()
    vaidya_user.memberships.update(ends_on=first + 2 * DAY)

    assert serving(clinic, first, first + 4 * DAY) == {vaidya.pk: {first, first + DAY}}


def test_account_serves_only_in_the_roles_that_it_holds(clinic: Clinic, vaidya_user: User, now: dt.datetime) -> None:
    factories.make_practitioner(clinic, roles=["vaidya", "therapist"], user=vaidya_user)
    days = calendar(clinic.zone, now.date(), now.date())

    people = supply(clinic, days, therapy_ids=[], kinds=[]).people

    assert [person.roles for person in people] == [frozenset({"vaidya"})]


def test_role_at_another_clinic_brings_nobody_here(
    clinic: Clinic, other_clinic: Clinic, vaidya: Practitioner, vaidya_user: User, now: dt.datetime
) -> None:
    vaidya_user.memberships.update(clinic=other_clinic)

    assert serving(clinic, now.date(), now.date()) == {}


def test_ending_a_role_names_the_visits_first_and_changes_nothing_until_confirmed(
    enter: Enter, manager: User, vaidya_user: User, visit_at: MakeVisit, now: dt.datetime
) -> None:
    for hour, name in enumerate(["Asha", "Bina", "Charu", "Devi", "Ela"], start=9):
        visit_at(at(hour, day=5), patient=factories.make_patient(name))
    page = f"/desk/staff/end/?role={vaidya_user.memberships.get().pk}"
    client = enter(manager)

    shown = texts(client, page)

    assert "5 visits are affected" in shown
    assert [name in shown for name in ("Asha Nair", "Ela Nair")] == [True, True]
    assert len(Read.objects.get(door="desk:end_roles").patients) == 5
    assert vaidya_user.memberships.holding_at(now).exists()


def test_visits_of_who_left_stay_listed_for_desk_and_manager_until_dealt_with(
    enter: Enter,
    manager: User,
    front_desk: User,
    vaidya_user: User,
    visit_at: MakeVisit,
    clinic: Clinic,
    room: object,
    consultation: Variant,
) -> None:
    visit = visit_at(at(11, day=5))
    address = reverse("desk:visit", args=[visit.public_id])
    untouched = address in texts(enter(front_desk), "/desk/staff/visits/")

    answer = enter(manager).post(f"/desk/staff/end/?role={vaidya_user.memberships.get().pk}")

    assert (untouched, answer.headers["Location"]) == (False, "/desk/staff/visits/")
    for who in (front_desk, manager):
        client = enter(who)
        assert [address in texts(client, page) for page in ("/desk/todo/", "/desk/staff/visits/")] == [True, True]
    assert visit.bookings.get().status == "booked"

    visit.bookings.get().occupancies.filter(resource__practitioner__isnull=False).delete()  # somebody else serves now

    assert [address in texts(client, page) for page in ("/desk/todo/", "/desk/staff/visits/")] == [False, False]


def test_no_booking_is_read_where_nobody_has_left(visit_at: MakeVisit, vaidya_user: User, clinic: Clinic) -> None:
    """Every page of staff asks by its number of tasks; a clinic's bookings to come are many."""
    visit_at(at(11, day=5))
    now = at(8, day=5)

    def is_read(on: dt.datetime) -> bool:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
        plan = unserved([clinic.pk], on).explain(analyze=True, format="text")
        (line,) = (line for line in plan.splitlines() if " on bookings_occupancy" in line)
        return "never executed" not in line

    before = is_read(now)
    vaidya_user.memberships.update(ends_on=dt.date(2026, 3, 6))

    assert (before, is_read(now)) == (False, True)


def test_visit_after_the_last_day_of_a_role_is_listed_and_one_before_is_not(
    enter: Enter, front_desk: User, vaidya_user: User, visit_at: MakeVisit
) -> None:
    early, late = visit_at(at(11, day=3)), visit_at(at(11, day=5))
    vaidya_user.memberships.update(ends_on=dt.date(2026, 3, 5))

    shown = texts(enter(front_desk), "/desk/staff/visits/")

    assert [str(visit.public_id) in shown for visit in (early, late)] == [False, True]


def test_helper_without_an_account_keeps_serving(
    enter: Enter, front_desk: User, visit_at: MakeVisit, clinic: Clinic
) -> None:
    visit_at(at(11, day=5), resources=[factories.make_practitioner(clinic, roles=["attendant"])])

    assert Visit.objects.count() == 1
    assert "Every visit has a practitioner" in texts(enter(front_desk), "/desk/staff/visits/")


def test_account_that_is_used_elsewhere_is_not_closed_here(
    enter: Enter, manager: User, other_clinic: Clinic, front_desk: User
) -> None:
    factories.make_member(other_clinic, "front_desk", user=front_desk)

    enter(manager).post(reverse("desk:close_account", args=[front_desk.pk]))

    front_desk.refresh_from_db()
    assert (front_desk.is_active, front_desk.memberships.filter(ends_on=None).count()) == (True, 2)


def test_closed_account_is_opened_again_without_its_roles(
    enter: Enter, manager: User, front_desk: User, now: dt.datetime
) -> None:
    client = enter(manager)
    client.post(reverse("desk:close_account", args=[front_desk.pk]))
    front_desk.refresh_from_db()
    closed = front_desk.is_active

    client.post(reverse("desk:reopen_account", args=[front_desk.pk]))

    front_desk.refresh_from_db()
    assert (closed, front_desk.is_active, front_desk.memberships.holding_at(now).count()) == (False, True, 0)


def test_page_of_staff_asks_as_often_for_three_as_for_one(
    enter: Enter, clinic: Clinic, manager: User, django_assert_max_num_queries: Callable[..., object]
) -> None:
    client = enter(manager)
    client.get("/desk/staff/")
    for number in range(3):
        factories.make_member(clinic, "front_desk", user=factories.make_user(f"staff{number}@shanti.example"))

    with django_assert_max_num_queries(16):  # type: ignore[attr-defined]
        assert client.get("/desk/staff/").content.decode().count("@shanti.example") >= 3
