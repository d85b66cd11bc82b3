"""The admin: for managers of today, about their own clinics, with every look-up in the audit."""

import datetime as dt

import pytest
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.utils import timezone

from bookings.models import Message
from clinic.people.members import end_membership
from clinic.people.models import Membership, Patient, Read, User
from clinic.people.roles import is_manager
from clinic.premises.models import Clinic
from tests import factories

PATIENTS = "/admin/people/patient/"


@pytest.fixture
def desk(client: Client, manager: User) -> Client:
    client.force_login(manager)
    return client


def test_visitor_signs_in_at_the_houses_own_page(client: Client, db: None) -> None:
    answer = client.get("/admin/", follow=True)

    assert answer.redirect_chain[-1][0] == "/staff/?next=%2Fadmin%2F"


def test_manager_enters(desk: Client) -> None:
    assert desk.get("/admin/").status_code == 200


@pytest.mark.parametrize("who", ["owner", "front_desk", "vaidya_user"])
def test_others_do_not_enter(client: Client, request: pytest.FixtureRequest, clinic: Clinic, who: str) -> None:
    client.force_login(request.getfixturevalue(who))

    assert client.get("/admin/", follow=True).status_code == 403


def test_flag_is_staff_alone_opens_nothing(client: Client, db: None) -> None:
    client.force_login(factories.make_user(is_staff=True))

    assert client.get("/admin/", follow=True).status_code == 403


def test_ended_manager_is_out_at_the_next_click(desk: Client, clinic: Clinic, manager: User) -> None:
    factories.make_member(clinic, "manager")
    end_membership(membership=manager.memberships.get(), by=manager, now=timezone.now())

    assert desk.get("/admin/", follow=True).status_code == 403
    assert not User.objects.get(pk=manager.pk).has_perm("premises.change_room")


def test_closed_account_of_a_manager_is_nobody(manager: User) -> None:
    manager.is_active = False

    assert not is_manager(manager)
    assert not manager.has_perm("premises.change_room")


def test_manager_keeps_reference_data_and_sees_people(manager: User) -> None:
    asked = ["premises.change_room", "therapies.add_therapy", "people.view_patient", "bookings.view_visit"]
    refused = ["people.change_patient", "people.delete_patient", "people.delete_read", "bookings.change_booking"]

    assert [manager.has_perm(name) for name in asked + refused] == [True] * 4 + [False] * 4


def test_look_up_of_a_list_is_in_the_audit(desk: Client, patient: Patient, manager: User, clinic: Clinic) -> None:
    second = factories.make_patient("Anil", clinics=[clinic])

    desk.get(PATIENTS)

    row = Read.objects.get()
    assert (row.user, row.door, row.patients) == (manager, "admin:people_patient_changelist", [patient.pk, second.pk])


def test_look_up_of_a_list_names_only_those_it_shows(desk: Client, patient: Patient, clinic: Clinic) -> None:
    factories.make_patient("Anil", clinics=[clinic])

    desk.get(PATIENTS, {"q": "Meera"})

    assert Read.objects.get().patients == [patient.pk]


@pytest.mark.parametrize("page", ["change", "history"])
def test_look_up_of_one_is_in_the_audit(desk: Client, patient: Patient, page: str) -> None:
    desk.get(f"{PATIENTS}{patient.pk}/{page}/")

    row = Read.objects.get()
    assert (row.door, row.patients) == (f"admin:people_patient_{page}", [patient.pk])


def test_patient_of_another_clinic_is_not_found(desk: Client, patient: Patient) -> None:
    far = factories.make_patient("Zarina", clinics=[factories.make_clinic("far")])

    found = desk.get(f"{PATIENTS}{far.pk}/change/", follow=True)
    missing = desk.get(f"{PATIENTS}987654/change/", follow=True)

    assert found.redirect_chain == missing.redirect_chain == [("/admin/", 302)]
    assert "Zarina" not in found.content.decode()
    assert Read.objects.count() == 0


def test_patient_is_neither_changed_nor_deleted(desk: Client, patient: Patient) -> None:
    answers = [
        desk.post(f"{PATIENTS}{patient.pk}/change/", {"given_name": "Hacked"}),
        desk.post(f"{PATIENTS}{patient.pk}/delete/", {"post": "yes"}),
        desk.post(PATIENTS, {"action": "delete_selected", "_selected_action": [patient.pk], "post": "yes"}),
        desk.post(f"{PATIENTS}add/", {"given_name": "New"}),
    ]

    assert [answer.status_code for answer in answers][:2] == [403, 403]
    assert answers[3].status_code == 403
    assert list(Patient.objects.values_list("given_name", flat=True)) == ["Meera"]


def test_names_do_not_leak_by_autocomplete(desk: Client, patient: Patient) -> None:
    asked = {"app_label": "people", "model_name": "access", "field_name": "patient", "term": "Me"}

    answer = desk.get("/admin/autocomplete/", asked)

    assert answer.status_code == 403


@pytest.mark.parametrize("role", ["nurse", "vaidya", "front_desk"])
def test_manager_takes_no_account_by_its_number_and_gives_no_role_in_the_admin(
    desk: Client, clinic: Clinic, owner: User, role: str
) -> None:
    answer = desk.post(
        "/admin/people/membership/add/",
        {"user": owner.pk, "clinic": clinic.pk, "role": role, "starts_on": "2026-03-02"},
    )

    assert answer.status_code == 403
    assert owner.memberships.count() == 0


def test_operator_gives_the_first_manager_the_role(client: Client, clinic: Clinic) -> None:
    client.force_login(factories.make_user("boss@example.org", is_superuser=True))
    user = factories.make_user()

    answers = [
        client.post(
            "/admin/people/membership/add/",
            {"user": user.pk, "clinic": clinic.pk, "role": role, "starts_on": "2026-03-02"},
        )
        for role in ("manager", "vaidya")
    ]

    assert [answer.status_code for answer in answers] == [302, 200]  # a Vaidya by the command, with a number
    assert [(row.role, row.source) for row in user.memberships.all()] == [("manager", "operator")]


def test_role_given_twice_is_said_beside_the_form(client: Client, clinic: Clinic, front_desk: User) -> None:
    client.force_login(factories.make_user("boss@example.org", is_superuser=True))

    answer = client.post(
        "/admin/people/membership/add/",
        {"user": front_desk.pk, "clinic": clinic.pk, "role": "front_desk", "starts_on": "2026-03-02"},
    )

    assert answer.status_code == 200
    assert "already has the role" in answer.content.decode()
    assert front_desk.memberships.count() == 1


def test_ending_roles_in_the_admin_asks_first(desk: Client, front_desk: User, clinic: Clinic) -> None:
    membership = front_desk.memberships.get()

    answer = desk.post("/admin/people/membership/", {"action": "end_now", "_selected_action": [membership.pk]})

    assert answer.headers["Location"] == f"/desk/staff/end/?role={membership.pk}"
    assert front_desk.memberships.holding_at(timezone.now()).exists()


def test_manager_sends_a_link_to_choose_a_password(desk: Client, front_desk: User) -> None:
    desk.post("/admin/people/user/", {"action": "send_link", "_selected_action": [front_desk.pk]})

    row = Message.objects.get()
    assert (row.recipient, row.secret["template"]) == (front_desk.email, "set_password")


def test_manager_sees_staff_accounts_and_those_they_made_but_no_patients(
    desk: Client, manager: User, front_desk: User, owner: User
) -> None:
    new = factories.make_user("new@example.org", created_by=manager, joined_at=None)
    boss = factories.make_user("boss@example.org", is_superuser=True)
    far = factories.make_member(factories.make_clinic("far"), "manager")

    shown = set(desk.get("/admin/people/user/").context["cl"].result_list)

    assert {manager, front_desk, new} <= shown
    assert {owner, boss, far} & shown == set()


def test_manager_cannot_make_themselves_more(desk: Client, front_desk: User) -> None:
    desk.post(
        f"/admin/people/user/{front_desk.pk}/change/",
        {
            "username": front_desk.username,
            "email": front_desk.email,
            "name": "Asha",
            "is_superuser": "on",
            "is_staff": "on",
        },
    )

    front_desk.refresh_from_db()
    assert (front_desk.name, front_desk.is_superuser, front_desk.is_staff) == ("Asha", False, False)


def test_manager_sets_neither_password_nor_address_of_somebody_else(desk: Client, vaidya_user: User) -> None:
    before = (vaidya_user.email, vaidya_user.password)
    page = f"/admin/people/user/{vaidya_user.pk}"

    answers = [
        desk.get(f"{page}/password/"),
        desk.post(
            f"{page}/password/", {"password1": "turmeric-and-monsoon-47", "password2": "turmeric-and-monsoon-47"}
        ),
        desk.post(
            f"{page}/change/",
            {"username": vaidya_user.username, "name": "Asha", "email": "thief@example.org", "password": "x"},
        ),
    ]

    vaidya_user.refresh_from_db()
    assert [answer.status_code for answer in answers] == [403, 403, 302]
    assert (vaidya_user.name, vaidya_user.email, vaidya_user.password) == ("Asha", *before)


def test_operator_changes_an_address_and_both_addresses_read_of_it(client: Client, front_desk: User) -> None:
    client.force_login(factories.make_user("boss@example.org", is_superuser=True))
    old = front_desk.email

    client.post(
        f"/admin/people/user/{front_desk.pk}/change/",
        {"username": front_desk.username, "name": "Devi", "email": "new@shanti.example", "is_active": "on"},
    )

    front_desk.refresh_from_db()
    assert (front_desk.name, front_desk.email) == ("Devi", "new@shanti.example")
    assert set(Message.objects.values_list("recipient", flat=True)) == {old, "new@shanti.example"}


def test_operator_opens_an_account_without_a_password(client: Client, db: None) -> None:
    client.force_login(factories.make_user("boss@example.org", is_superuser=True))

    client.post("/admin/people/user/add/", {"username": "S4711", "name": "Devi", "email": ""})

    made = User.objects.get(username="S4711")
    assert (made.name, made.has_usable_password(), made.is_superuser) == ("Devi", False, False)


@pytest.mark.parametrize("model", [User, Membership, Patient, Read])
def test_pages_of_people_open(desk: Client, front_desk: User, patient: Patient, model: type) -> None:
    address = f"/admin/people/{model._meta.model_name}/"  # type: ignore[attr-defined]

    assert desk.get(address).status_code == 200
    assert admin.site.is_registered(model)


def test_reads_of_other_clinics_are_not_shown(desk: Client, manager: User, clinic: Clinic, now: dt.datetime) -> None:
    far = factories.make_clinic("far")
    for place in (clinic, far):
        Read.objects.create(at=now, user=manager, door="desk:day", clinic=place, patients=[1])

    in_the_admin = Read.objects.create(at=now, user=manager, door="admin", clinic=None, patients=[1])
    stranger_there = factories.make_member(far, "manager")
    Read.objects.create(at=now, user=stranger_there, door="admin", clinic=None, patients=[1])

    shown = desk.get("/admin/people/read/").context["cl"].result_list

    assert {row.pk for row in shown} == {Read.objects.get(clinic=clinic).pk, in_the_admin.pk}


def test_no_address_looks_a_row_up_in_any_table(desk: Client) -> None:
    """Not even in those of a library's model that has no table."""
    assert {desk.get(f"/admin/r/{kind.pk}/1/").status_code for kind in ContentType.objects.all()} == {404}


def test_who_read_meera_is_found_by_her_name_and_by_the_reader_s_and_is_itself_a_read(
    desk: Client, clinic: Clinic, patient: Patient, now: dt.datetime
) -> None:
    asha = factories.make_user("asha@example.org", name="Asha Sharma")
    ravi = factories.make_patient("Ravi", family_name="Das", phone="+919847000098", clinics=[clinic])
    of_meera = Read.objects.create(at=now, user=asha, door="desk:visit", clinic=clinic, patients=[patient.pk])
    of_ravi = Read.objects.create(at=now, user=desk_of(clinic), door="desk:day", clinic=clinic, patients=[ravi.pk])

    def rows(words: str) -> set[int]:
        listed = desk.get("/admin/people/read/", {"q": words}).context["cl"].result_list
        return {row.pk for row in listed} & {of_meera.pk, of_ravi.pk}

    found = [rows(patient.given_name), rows("Asha"), rows("Ravi"), rows("Nobody at all")]
    page = desk.get("/admin/people/read/").content.decode()

    assert found == [{of_meera.pk}, {of_meera.pk}, {of_ravi.pk}, set()]
    assert patient.full_name in page
    assert "Asha Sharma" in page
    latest = Read.objects.filter(door="admin:people_read_changelist").latest("pk")
    assert {patient.pk, ravi.pk} <= set(latest.patients)


def desk_of(clinic: Clinic) -> User:
    return factories.make_member(clinic, "front_desk")
