"""What a patient reads of others: who opened which page, who was told what, and by which clock."""

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from bookings.actions.record_access import open_record
from bookings.messages.content.patient import person_of
from bookings.messages.content.patient_words import PERSON_MESSAGES
from bookings.models import Message
from clinic.people import clinic_devices
from clinic.people.access import end_access, invite, join
from clinic.people.members import add_by_operator
from clinic.people.models import Patient, Read, User
from clinic.people.patients import change_patient
from clinic.people.staff import invite_staff
from clinic.premises.models import Clinic
from tests import factories
from tests.triggers import triggers_off

pytestmark = pytest.mark.django_db

NIGHT = dt.datetime(2026, 3, 1, 20, 30, tzinfo=dt.UTC)
"""The 1st of March by UTC, the 2nd in Kolkata."""


def acting(patient: Patient) -> str:
    return reverse("portal:acting", args=[patient.public_id])


def text_of(client: Client, page: str) -> str:
    answer = client.get(page)
    return f"{answer.status_code} " + " ".join(answer.content.decode().split())


def words(message: Message) -> str:
    """Title, greeting and sentences."""
    person = person_of(message)
    assert person is not None
    text = PERSON_MESSAGES[message.kind](person)
    return " ".join([str(text.title), f"Dear {text.name}," if text.name else "", *map(str, text.before)])


def told(kind: str) -> list[str]:
    return list(Message.objects.filter(kind=kind).order_by("pk").values_list("recipient", flat=True))


# --- reads ------------------------------------------------------------------------------------------------------------


def test_page_that_was_refused_is_not_shown_as_opened(
    client: Client, owner: User, relative: User, patient: Patient
) -> None:
    client.force_login(relative)
    pages = [f"/people/{patient.public_id}/{page}" for page in ("record/", "pain/", "")]
    answers = [client.get(page).status_code for page in pages]
    client.get(acting(patient))

    client.force_login(owner)

    assert set(answers) == {404}
    assert [read.door for read, _page in client.get(acting(patient)).context["reads"]] == ["portal:acting"]
    assert Read.objects.count() == 1


def test_own_reads_are_not_those_of_others(client: Client, owner: User, patient: Patient) -> None:
    sister = factories.make_user("sister@example.org")
    factories.make_access(sister, patient, relation="other")
    client.force_login(sister)
    client.get(f"/people/{patient.public_id}/record/")

    own = client.get(acting(patient)).context["reads"]
    client.force_login(owner)

    assert (own, len(client.get(acting(patient)).context["reads"])) == ([], 2)


def test_patient_reads_who_of_the_staff_opened_the_record_with_a_reason(
    client: Client,
    owner: User,
    relative: User,
    patient: Patient,
    clinic: Clinic,
    therapist_user: User,
    now: dt.datetime,
) -> None:
    with time_machine.travel(now, tick=False):
        opening = open_record(patient=patient, clinic=clinic, reason="covering", by=therapist_user, now=now)
        client.force_login(owner)
        shown = text_of(client, acting(patient))
        client.force_login(relative)
        narrow = text_of(client, acting(patient))

    line = f"2 March 2026, 10:00</time> · {therapist_user}, {clinic} · {opening.get_reason_display()}"
    assert (line in shown, line in narrow) == (True, False)


def test_button_of_a_message_leads_somebody_who_has_not_joined_to_words(
    client: Client, stranger: User, patient: Patient
) -> None:
    client.force_login(stranger)

    answer = client.get(acting(patient))

    assert answer.status_code == 404
    assert "Your account is not linked to this patient" in answer.content.decode()
    assert patient.given_name not in answer.content.decode()


# --- who is told ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("at_desk", [False, True])
def test_address_that_nobody_confirmed_hears_of_no_other_change(
    owner: User, front_desk: User, patient: Patient, now: dt.datetime, *, at_desk: bool
) -> None:
    before = patient.email
    change_patient(patient=patient, by=owner, now=now, email="stranger@example.net")

    later = now + dt.timedelta(seconds=13)
    change_patient(
        patient=patient, by=front_desk if at_desk else owner, now=later, face_to_face=at_desk, phone="+919847000044"
    )
    change_patient(patient=patient, by=owner, now=later, email="third@example.net")

    assert told("confirm_contact") == ["stranger@example.net", "third@example.net"]
    assert "stranger@example.net" not in told("contact_changed")
    assert told("contact_changed").count(before) == 3


def test_owner_of_an_ended_access_reads_of_their_own_account(
    owner: User, relative: User, patient: Patient, now: dt.datetime
) -> None:
    end_access(access=relative.accesses.get(), by=owner, now=now)

    text = words(Message.objects.get(kind="access_ended", recipient=relative.email))

    assert text.startswith("Your account no longer acts for a patient  You can no longer see or book")
    assert f"Dear {patient.given_name}" not in text


def test_patient_whose_own_account_was_ended_reads_of_an_account(
    owner: User, front_desk: User, patient: Patient, now: dt.datetime
) -> None:
    end_access(access=owner.accesses.get(), by=front_desk, now=now, reason="patient_asked")

    assert "An account can no longer see your appointments" in words(Message.objects.filter(kind="access_ended")[0])


def test_own_account_is_nobody_else_and_joining_again_tells_nothing_new(
    stranger: User, front_desk: User, patient: Patient, now: dt.datetime
) -> None:
    for _time in range(2):
        code = invite(patient=patient, relation="self", width="full", by=front_desk, now=now)
        join(user=stranger, code=code, birth_date=patient.birth_date, now=now)

    message = Message.objects.get(kind="access_begun")

    assert words(message).startswith("Your appointments can now be seen online")
    assert f"{stranger.email} was linked as your own account." in words(message)


def test_relation_is_said_from_the_side_of_whoever_joined(
    stranger: User, front_desk: User, patient: Patient, now: dt.datetime
) -> None:
    code = invite(patient=patient, relation="child", width="full", by=front_desk, now=now)
    join(user=stranger, code=code, birth_date=patient.birth_date, now=now)

    assert f"{stranger.email} (who says of you: My child)" in words(Message.objects.get(kind="access_begun"))


# --- staff who are refused --------------------------------------------------------------------------------------------


def test_staff_read_why_a_page_is_not_theirs(client: Client, clinic: Clinic, front_desk: User, owner: User) -> None:
    now = dt.datetime.now(dt.UTC)
    later = factories.make_member(clinic, "manager", starts_on=clinic.today(now) + dt.timedelta(days=3))
    gone = factories.make_member(clinic, "manager", ends_on=clinic.today(now))
    reasons = {}
    for name, user in {"desk": front_desk, "later": later, "gone": gone, "patient": owner}.items():
        client.force_login(user)
        reasons[name] = text_of(client, "/desk/staff/invite/")

    assert "This page is for these roles: Manager." in reasons["desk"]
    assert "Your role as Manager begins on" in reasons["later"]
    assert "Your role as Manager has ended." in reasons["gone"]
    assert "It belongs to someone else or is for clinic staff." in reasons["patient"]


def test_locked_device_leads_to_the_names_and_a_removed_one_says_so(
    client: Client, clinic: Clinic, manager: User, now: dt.datetime, settings: object
) -> None:
    device, token = clinic_devices.enrol(clinic=clinic, name="Tablet", by=manager, now=now)
    client.cookies[settings.CLINIC_DEVICE_COOKIE_NAME] = token  # type: ignore[attr-defined]
    bookmark = client.get("/desk/", follow=True)

    clinic_devices.end_device(device=device, by=manager, now=now)
    removed = client.get(reverse("desk:locked"))

    assert bookmark.redirect_chain[-1][0].startswith(reverse("desk:locked"))
    assert "Sign in with a password" in bookmark.content.decode()
    assert (removed.status_code, "A manager has removed it" in removed.content.decode()) == (404, True)


# --- by which clock ---------------------------------------------------------------------------------------------------


@pytest.fixture
def night() -> Iterator[dt.datetime]:
    with time_machine.travel(NIGHT, tick=False):
        yield NIGHT


def test_no_page_shows_a_date_of_utc(client: Client, night: dt.datetime) -> None:
    """All of it happens after midnight in Kolkata: the 1st of March may stand nowhere."""
    clinic = factories.make_clinic()
    manager, desk = (factories.make_member(clinic, role) for role in ("manager", "front_desk"))
    patient = factories.make_patient(clinics=[clinic])
    owner, offered = factories.make_user("own@example.org"), factories.make_user("offered@example.org")
    code = invite(patient=patient, relation="self", width="full", by=desk, now=night)
    access = join(user=owner, code=code, birth_date=patient.birth_date, now=night)
    with triggers_off():
        access.events.update(pgh_created_at=night)  # type: ignore[attr-defined]  # the database's own clock
    add_by_operator(user=desk, clinic=clinic, role="nurse", starts_on=clinic.today(night), by=manager, now=night)
    open_record(patient=patient, clinic=clinic, reason="covering", by=desk, now=night)
    asked = {"name": "New", "number": "", "email": offered.email, "roles": ["front_desk"]}
    invite_staff(clinic=clinic, by=manager, now=night, starts_on=clinic.today(night), **asked)  # type: ignore[arg-type]
    number = patient.public_id
    pages = {
        desk: [
            "/desk/",
            f"/desk/patients/{number}/",
            "/desk/todo/",
            f"/desk/patients/{number}/accesses/{access.pk}/end/",
        ],
        manager: ["/desk/staff/", reverse("desk:openings"), "/desk/devices/", "/accounts/security/"],
        owner: ["/visits/", "/people/", acting(patient), f"/people/{number}/record/", "/accounts/security/"],
        offered: ["/role-offers/"],
    }

    shown: dict[str, str] = {}
    for language in ("en", "hi"):
        client.cookies["django_language"] = language
        for user, addresses in pages.items():
            client.force_login(user)
            shown |= {f"{language} {page}": text_of(client, page) for page in addresses}

    assert [page for page, text in shown.items() if not text.startswith("200 ")] == []
    days = ("1 Mar 2026", "1 March 2026", "1 मार्च 2026", "01/03/2026", "2026-03-01", "28 Feb 2026", "28 February 2026")
    wrong = [(page, day) for page, text in shown.items() for day in days if f" {day}" in text or f">{day}" in text]
    assert wrong == []
    assert [page for page in ("en " + acting(patient), f"en /desk/patients/{number}/") if "2 Mar" in shown[page]] != []
