"""What a new colleague meets: the slip, the password, the wait for a Vaidya; and what the manager reads meanwhile."""

import datetime as dt
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from bookings.models import Message
from clinic.people.clinic_devices import set_pin
from clinic.people.models import FactorReset, RoleOffer, User
from clinic.people.password_links import choose_password
from clinic.people.staff import StaffInvitation, invite_staff
from clinic.premises.models import Clinic
from tests import factories
from tests.desk.conftest import Enter
from tests.signing_in import give_factor
from therapies.models import Practitioner

PASSWORD = "turmeric-and-monsoon-47"


def text_of(client: Client, page: str) -> str:
    return " ".join(client.get(page).content.decode().split())


@pytest.fixture
def invitation(clinic: Clinic, manager: User, now: dt.datetime) -> StaffInvitation:
    return invite_staff(
        clinic=clinic,
        name="Sunita",
        number="T2002",
        email="",
        roles=["therapist"],
        starts_on=clinic.today(now),
        by=manager,
        now=now,
    )


@pytest.fixture
def therapist(invitation: StaffInvitation, now: dt.datetime) -> User:
    return choose_password(token=invitation.url.rstrip("/").split("/")[-1], password=PASSWORD, now=now)


def test_new_therapist_reads_that_the_role_waits_and_sets_up_the_second_step_meanwhile(
    therapist: User, clinic: Clinic
) -> None:
    client = Client()
    client.post(reverse("account_login"), {"login": "T2002", "password": PASSWORD})

    landing, shown = client.get("/signed-in/"), text_of(client, "/role-offers/")

    assert landing.headers["Location"] == "/role-offers/"
    assert (
        f"Your role as therapist at {clinic} is waiting for a Vaidya to confirm it. You do not need to do anything."
        in shown
    )
    assert "Please set up your second step now." in shown
    assert "You have no role offers" not in shown
    assert [client.get(reverse(name)).status_code for name in ("set_up_app", "add_passkey")] == [200, 200]
    assert 'href="otpauth://totp/' in text_of(client, reverse("set_up_app"))
    assert reverse("set_up_app") in text_of(client, "/accounts/security/")
    assert reverse("desk:pin") not in text_of(client, "/accounts/security/")
    assert client.get("/desk/").status_code == 403


def test_role_that_begins_later_is_named_with_its_day(therapist: User, clinic: Clinic, manager: User) -> None:
    therapist.memberships.create(clinic=clinic, role="front_desk", starts_on="2026-03-20", granted_by=manager)
    RoleOffer.objects.update(closing="withdrawn", closed_at="2026-03-02T00:00:00Z")
    client = Client()
    client.post(reverse("account_login"), {"login": "T2002", "password": PASSWORD})

    assert client.get("/signed-in/").headers["Location"] == "/role-offers/"
    assert f"Your role as front desk at {clinic} starts on 20 March 2026." in text_of(client, "/role-offers/")


def test_second_step_of_somebody_to_come_is_set_up_after_the_password_only(therapist: User) -> None:
    client = Client()
    client.force_login(therapist)

    assert client.get(reverse("set_up_app")).headers["Location"].startswith(reverse("account_login"))


def test_account_without_any_role_to_come_sets_up_no_second_step(owner: User) -> None:
    client = Client()
    client.force_login(owner)

    assert client.get(reverse("set_up_app")).status_code == 403
    assert client.get("/signed-in/").headers["Location"] == reverse("portal:visits")


def test_slip_says_what_to_do_with_it(enter: Enter, manager: User) -> None:
    sent = {"name": "Devi", "number": "T2003", "email": "", "roles": ["front_desk"], "starts_on": "2026-03-02"}

    shown = " ".join(enter(manager).post("/desk/staff/invite/", sent).content.decode().split())

    assert "Scan this QR code with your phone camera." in shown.replace("&#x27;", "'")
    assert "Choose a password." in shown
    assert "Sign in with <strong>T2003</strong> and that password." in shown
    assert ["data-print" in shown, "<code>" in shown] == [True, False]


def test_manager_reads_where_the_invitation_went_and_how_long_its_link_is_valid(
    enter: Enter, clinic: Clinic, manager: User, invitation: StaffInvitation, now: dt.datetime
) -> None:
    sent = {"name": "Leela", "number": "", "email": "leela@clinic.example", "roles": ["nurse"]}
    client = enter(manager)
    client.post("/desk/staff/invite/", sent | {"starts_on": "2026-03-02"})
    until = (now + dt.timedelta(hours=24)).astimezone(clinic.zone)

    shown = text_of(client, "/desk/staff/")

    assert "Sent to leela@clinic.example." in shown
    assert "Given as a printed slip." in shown
    assert shown.count(f"Link valid until {until.day} {until:%b, %H:%M}.") == 2
    assert (shown.count("Send a new invitation"), shown.count("Give a new slip")) == (1, 1)
    letter = Message.objects.get(recipient="leela@clinic.example")
    assert letter.secret["number"] == "leela@clinic.example"


def test_password_that_is_too_easy_is_told_below_the_first_field(invitation: StaffInvitation) -> None:
    page = urlsplit(invitation.url).path

    errors = Client().post(page, {"new_password1": "short", "new_password2": "short"}).context["form"].errors

    assert {name: len(texts) for name, texts in errors.items()} == {"new_password1": 2}


def test_reset_is_asked_after_a_page_says_what_it_means_and_is_shown_while_it_waits(
    enter: Enter, manager: User, vaidya_user: User, front_desk: User
) -> None:
    give_factor(front_desk)
    page, client = reverse("ask_reset", args=[front_desk.pk]), enter(manager)

    before = text_of(client, page)
    untouched = FactorReset.objects.count()
    client.post(page)
    again, listed = text_of(client, page), text_of(client, "/staff/second-steps/")

    assert ("signed out everywhere" in before, untouched) == (True, 0)
    assert "A reset has already been requested" in again
    assert ["Your requests" in listed, "Reset awaiting confirmation" in listed, page in listed] == [True, True, False]
    assert 'href="/desk/todo/"' in listed
    waits = "A second-step reset is waiting for your confirmation"
    assert [waits in text_of(enter(user), "/desk/todo/") for user in (manager, front_desk, vaidya_user)] == [
        False,
        False,
        True,
    ]


def test_page_of_staff_leads_to_devices_openings_and_resets(enter: Enter, manager: User, vaidya_user: User) -> None:
    pages = [reverse(name) for name in ("desk:devices", "desk:openings", "second_steps")]
    shown = {user: text_of(enter(user), "/desk/staff/") for user in (manager, vaidya_user)}

    assert {user: [f'href="{page}"' in text for page in pages] for user, text in shown.items()} == {
        manager: [True, True, True],
        vaidya_user: [False, False, True],
    }


def test_pin_has_a_notice_of_its_own_with_the_time_of_the_clinic(front_desk: User, now: dt.datetime) -> None:
    set_pin(user=front_desk, pin="482915", now=now)

    letter = Message.objects.get(recipient=front_desk.email)
    clinic = front_desk.memberships.get().clinic
    assert (letter.secret["template"], letter.secret["zone"]) == ("notice_pin_set", clinic.timezone)
    assert clinic.timezone != "UTC"


def test_own_sessions_are_shown_in_the_time_of_the_clinic(enter: Enter, front_desk: User) -> None:
    shown = text_of(enter(front_desk), "/accounts/security/")

    assert f"Times are in {front_desk.memberships.get().clinic.timezone}." in shown


# --- with hours and qualifications ------------------------------------------------------------------------------------

SUNITA: dict[str, object] = {
    "name": "Sunita Meena",
    "number": "S77",
    "roles": ["therapist"],
    "starts_on": "2026-03-02",
    "gender": "female",
    "languages": ["hi"],
    "weekdays": ["0", "2"],
    "works_from": "8:00",
    "works_to": "13:00",
}


def test_new_therapist_is_entered_in_one_form_with_account_hours_and_qualifications(
    enter: Enter, manager: User, clinic: Clinic
) -> None:
    abhyanga = factories.make_therapy("abhyanga", is_active=True)

    enter(manager).post("/desk/staff/invite/", SUNITA | {"gives": [abhyanga.pk]})

    person = Practitioner.objects.get()
    hours = person.working_hours.values_list("clinic", "weekday", "from_minute", "to_minute", "valid_from")
    assert (person.user and person.user.username, person.home, person.roles) == ("S77", clinic, ["therapist"])
    assert list(hours) == [(clinic.pk, day, 480, 780, dt.date(2026, 3, 2)) for day in (0, 2)]
    assert [row.therapy for row in person.qualifications.all()] == [abhyanga]
    assert not Practitioner.objects.in_service(dt.date(2026, 3, 3), clinic).exists()  # until a Vaidya has confirmed


def test_account_of_another_clinic_is_neither_told_nor_linked(enter: Enter, manager: User) -> None:
    far = factories.make_member(factories.make_clinic("far"), "therapist")

    enter(manager).post("/desk/staff/invite/", SUNITA | {"number": "", "email": far.email})

    person = Practitioner.objects.get()
    assert (person.user, person.is_active, person.working_hours.count()) == (None, False, 2)


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"gender": ""}, ["gender"]),
        ({"works_to": "7:00"}, ["works_to"]),
        ({"roles": ["front_desk"]}, ["roles"]),
    ],
)
def test_half_of_it_enters_nothing(enter: Enter, manager: User, fields: dict[str, object], wrong: list[str]) -> None:
    answer = enter(manager).post("/desk/staff/invite/", SUNITA | fields)

    assert list(answer.context["form"].errors) == wrong
    assert not Practitioner.objects.exists()


def test_working_day_that_ends_before_it_begins_is_told_so(enter: Enter, manager: User) -> None:
    answer = enter(manager).post("/desk/staff/invite/", SUNITA | {"works_from": "18:00", "works_to": "10:00"})

    assert answer.context["form"].errors["works_to"] == ["The end must be after the start."]
