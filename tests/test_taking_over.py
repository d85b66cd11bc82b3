"""Staff who would take over a patient's data by way of the contact address are seen by the patient, and stopped."""

import datetime as dt
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from bookings.messages.content.links import address_link
from bookings.models import Message, RecordSharing
from clinic.people.access import CannotInvite, invite, join
from clinic.people.contacts import CHANGES_A_DAY, TooManyChanges, recipients_of
from clinic.people.models import Access, ContactChange, Invitation, Patient, Read, User
from clinic.people.patients import change_patient, welcome_patient
from clinic.premises.models import Clinic
from tests import factories

pytestmark = pytest.mark.django_db

EVIL = "evil-desk@throw.example"
DAY = dt.timedelta(days=1)


@pytest.fixture
def desk(client: Client, front_desk: User, now: dt.datetime) -> Iterator[Client]:
    with time_machine.travel(now, tick=False):
        client.force_login(front_desk)
        yield client


def details(patient: Patient, **facts: str) -> dict[str, str]:
    """What the desk posts for this patient, with other facts."""
    known = {
        "given_name": patient.given_name,
        "family_name": patient.family_name,
        "birth_date": patient.birth_date.isoformat(),
        "phone": str(patient.phone),
        "email": patient.email,
        "channel": patient.channel,
        "language": patient.language,
        "accepts_therapist": patient.accepts_therapist,
    }
    return known | facts


def change(client: Client, patient: Patient, **facts: str) -> None:
    page = reverse("desk:change", args=[patient.public_id])
    version = client.get(page).context["form"]["version"].value()
    answer = client.post(page, details(patient, **facts) | {"version": version})
    assert answer.status_code == 302, answer.context["form"].errors


def told(kind: str) -> list[str]:
    return list(Message.objects.filter(kind=kind).order_by("pk").values_list("recipient", flat=True))


@pytest.fixture
def sister(patient: Patient) -> User:
    """Acts for the patient in full, by an address of her own."""
    user = factories.make_user("sister@example.org")
    factories.make_access(user, patient, relation="other")
    return user


def test_old_address_and_accounts_in_full_hear_of_another_address_at_once(
    desk: Client, patient: Patient, owner: User, sister: User, relative: User
) -> None:
    old = patient.email

    change(desk, patient, email=EVIL)

    assert told("contact_changed") == [old, *sorted({owner.email, sister.email} - {old})]
    assert relative.email not in told("contact_changed")  # sees appointments only
    row = ContactChange.objects.get()
    assert (row.field, row.before, row.after, row.clinic) == ("email", old, EVIL, patient.clinics.get())


def test_front_desk_alone_does_not_open_a_record_to_a_throw_away_account(
    desk: Client, patient: Patient, front_desk: User
) -> None:
    change(desk, patient, email=EVIL)

    slip = desk.post(f"/desk/patients/{patient.public_id}/invite/", {"relation": "self", "width": "full"}, follow=True)

    assert "ask a colleague" in slip.content.decode()
    assert Invitation.objects.count() == 0


def test_news_of_an_account_goes_to_the_address_of_the_day_before_however_soon_it_is_changed_back(
    patient: Patient, front_desk: User, manager: User, stranger: User, sister: User, now: dt.datetime
) -> None:
    old = patient.email
    change_patient(patient=patient, by=front_desk, now=now, face_to_face=True, email=EVIL)
    code = invite(patient=patient, relation="self", width="full", by=manager, now=now)

    join(user=stranger, code=code, birth_date=patient.birth_date, now=now)
    change_patient(patient=patient, by=front_desk, now=now + dt.timedelta(seconds=8), face_to_face=True, email=old)

    assert told("access_begun") == [EVIL, old, sister.email]


def test_sharing_of_a_record_is_told_to_the_old_address_and_not_done_by_who_changed_it(
    desk: Client, patient: Patient, front_desk: User, manager: User, now: dt.datetime
) -> None:
    old = patient.email
    change(desk, patient, email=EVIL)
    page = reverse("desk:share_record", args=[patient.public_id])

    alone = desk.post(page, {"how": "said"}, follow=True)

    assert "ask a colleague" in alone.content.decode()
    assert RecordSharing.objects.count() == 0
    desk.force_login(manager)
    desk.post(page, {"how": "said"})
    assert told("record_shared") == [EVIL, old]


def test_welcome_after_a_change_of_address_is_told_to_the_old_one(
    patient: Patient, front_desk: User, now: dt.datetime
) -> None:
    old, far = patient.email, factories.make_clinic("far")
    change_patient(patient=patient, by=front_desk, now=now, face_to_face=True, email=EVIL)

    welcome_patient(patient=patient, clinic=far, by=factories.make_member(far, "front_desk"), now=now)

    assert told("new_clinic") == [EVIL, old]


def test_address_that_was_replaced_a_month_ago_hears_no_more(
    patient: Patient, front_desk: User, now: dt.datetime
) -> None:
    old = patient.email
    change_patient(patient=patient, by=front_desk, now=now, face_to_face=True, email=EVIL)
    patient.refresh_from_db()

    heard = [old in recipients_of(patient, now=now + days * DAY).addresses for days in (29, 30)]

    assert heard == [True, False]


@pytest.mark.parametrize(("hours", "may"), [(23, False), (24, True)])
def test_day_after_a_change_of_phone_or_address_its_maker_makes_codes_again(
    patient: Patient, front_desk: User, manager: User, now: dt.datetime, hours: int, *, may: bool
) -> None:
    change_patient(patient=patient, by=front_desk, now=now, face_to_face=True, phone="+919847000009")
    later = now + dt.timedelta(hours=hours)

    invite(patient=patient, relation="self", width="full", by=manager, now=now)
    if may:
        invite(patient=patient, relation="self", width="full", by=front_desk, now=later)
    else:
        with pytest.raises(CannotInvite):
            invite(patient=patient, relation="self", width="full", by=front_desk, now=later)


def test_second_own_account_does_not_end_the_first_one(
    client: Client, patient: Patient, owner: User, stranger: User, front_desk: User, now: dt.datetime
) -> None:
    code = invite(patient=patient, relation="self", width="full", by=front_desk, now=now)
    join(user=stranger, code=code, birth_date=patient.birth_date, now=now)
    first, second = (user.accesses.get(patient=patient) for user in (owner, stranger))
    client.force_login(stranger)

    client.post(reverse("portal:end_access", args=[patient.public_id, first.pk]))
    client.force_login(owner)
    client.post(reverse("portal:end_access", args=[patient.public_id, second.pk]))

    assert [row.ends_on is None for row in patient.accesses.order_by("pk")] == [True, False]
    assert stranger.email in told("access_ended")


def test_older_account_that_becomes_the_patients_own_is_younger_than_the_first(
    patient: Patient, owner: User, front_desk: User, now: dt.datetime
) -> None:
    uncle = factories.make_user("uncle@example.org")
    factories.make_access(uncle, patient, relation="other", width="appointments", starts_on=dt.date(2000, 1, 1))
    code = invite(patient=patient, relation="self", width="full", by=front_desk, now=now)

    join(user=uncle, code=code, birth_date=patient.birth_date, now=now)

    own = Access.objects.in_force(now.date()).get(user=uncle)
    assert (own.relation, own.pk > owner.accesses.get().pk, own.starts_on > dt.date(2026, 1, 1)) == ("self", True, True)
    assert uncle.accesses.in_force(now.date()).count() == 1


def test_owner_of_an_account_that_the_desk_ends_is_told(
    desk: Client, patient: Patient, owner: User, sister: User
) -> None:
    page = reverse("desk:end_access", args=[patient.public_id, owner.accesses.get().pk])

    desk.post(page, {"reason": "patient_asked"})

    assert set(told("access_ended")) == {owner.email, patient.email, sister.email}


# --- patients without e-mail ------------------------------------------------------------------------------------------


def test_call_about_an_account_goes_to_the_old_number_and_is_not_done_by_its_makers(
    client: Client, clinic: Clinic, front_desk: User, manager: User, stranger: User, now: dt.datetime
) -> None:
    gopal = factories.make_patient("Gopal", email="", channel="call", clinics=[clinic])
    old = str(gopal.phone)
    change_patient(patient=gopal, by=manager, now=now, clinic=clinic, phone="+919847000009")
    code = invite(patient=gopal, relation="self", width="full", by=front_desk, now=now)
    join(user=stranger, code=code, birth_date=gopal.birth_date, now=now)
    call = Message.objects.get(kind="access_begun")
    assert (call.channel, call.recipient) == ("call", old)

    answers = {}
    with time_machine.travel(now, tick=False):
        for who in (front_desk, manager):
            client.force_login(who)
            assert gopal.phone.as_international in client.get("/desk/calls/").content.decode()
            client.post(reverse("desk:settle_call", args=[call.pk]), {"outcome": "done"})
            call.refresh_from_db()
            answers[who] = call.state

    assert answers == {front_desk: "due", manager: "sent"}
    assert told("contact_changed") == [old]


def test_first_address_of_a_patient_asks_nobody_to_ring_but_what_follows_does(
    clinic: Clinic, front_desk: User, manager: User, stranger: User, now: dt.datetime
) -> None:
    gopal = factories.make_patient("Gopal", email="", channel="call", clinics=[clinic])
    change_patient(patient=gopal, by=front_desk, now=now, face_to_face=True, email=EVIL)
    assert told("contact_changed") == []
    code = invite(patient=gopal, relation="self", width="full", by=manager, now=now)

    join(user=stranger, code=code, birth_date=gopal.birth_date, now=now)

    assert told("access_begun") == [EVIL, str(gopal.phone)]


def test_alone_at_the_desk_a_member_settles_the_call_they_made_necessary(
    client: Client, clinic: Clinic, front_desk: User, now: dt.datetime
) -> None:
    gopal = factories.make_patient("Gopal", email="", channel="call", clinics=[clinic])
    change_patient(patient=gopal, by=front_desk, now=now, clinic=clinic, phone="+919847000009")
    with time_machine.travel(now, tick=False):
        client.force_login(front_desk)
        client.post(reverse("desk:settle_call", args=[Message.objects.get().pk]), {"outcome": "done"})

    assert Message.objects.get().state == "sent"


# --- an address that the patient's account types ----------------------------------------------------------------------


def test_new_address_is_written_to_once_with_a_link_that_proves_it(
    client: Client, patient: Patient, owner: User, now: dt.datetime
) -> None:
    page = reverse("portal:person", args=[patient.public_id])
    with time_machine.travel(now, tick=False):
        client.force_login(owner)
        version = client.get(page).context["form"]["version"].value()
        posted = details(patient, email="meera.new@example.net", version=version)
        said = client.post(page, posted, follow=True).content.decode()
        letter = Message.objects.get(kind="confirm_contact")
        link = urlsplit(address_link(patient, letter.recipient)).path
        looked_at = client.get(link).status_code
        known = [Patient.objects.get(pk=patient.pk).email_is_proved]
        client.post(link)
        known.append(Patient.objects.get(pk=patient.pk).email_is_proved)

    assert "We sent a link to meera.new@example.net. Reminders will start when you have opened it." in said
    assert f"You still sign in with {owner.email}." in said
    assert (letter.recipient, looked_at, known) == ("meera.new@example.net", 200, [False, True])
    change_patient(patient=patient, by=owner, now=now, email="later@example.net")
    assert client.get(link).status_code == 404


def test_account_that_writes_one_address_after_another_is_stopped(
    patient: Patient, owner: User, now: dt.datetime
) -> None:
    for number in range(CHANGES_A_DAY):
        change_patient(patient=patient, by=owner, now=now, email=f"stranger{number}@example.net")

    with pytest.raises(TooManyChanges):
        change_patient(patient=patient, by=owner, now=now, email="one.more@example.net")
    change_patient(patient=patient, by=owner, now=now + DAY, email="one.more@example.net")


def test_strangers_whose_addresses_an_account_types_get_a_link_or_two_and_no_news(
    client: Client, clinic: Clinic, owner: User, stranger: User, now: dt.datetime
) -> None:
    answers = []
    with time_machine.travel(now, tick=False):
        for account, name in ((owner, "Gita"), (owner, "Ravi"), (stranger, "Uma")):
            person = factories.make_patient(name, email=account.email, clinics=[clinic])
            factories.make_access(account, person, relation="child")
            client.force_login(account)
            for address in ["y@victim.example", "z@victim.example"] * 3:
                page = reverse("portal:person", args=[person.public_id])
                version = client.get(page).context["form"]["version"].value()
                answers.append(client.post(page, details(person, email=address, version=version)).status_code)

    assert answers == [302] * 4 + [422, 302] + [422] * 12  # the sixth is the address that is there already
    sent = Message.objects.filter(recipient__endswith="@victim.example").order_by("recipient", "kind")
    assert [(row.kind, row.recipient[0]) for row in sent] == [("confirm_contact", mark) for mark in "yyzz"]


def test_address_is_written_to_twice_a_day_whoever_types_it(
    clinic: Clinic, owner: User, stranger: User, now: dt.datetime
) -> None:
    accounts = [owner, stranger, factories.make_user("third@example.org")]
    people = [factories.make_patient(name, clinics=[clinic]) for name in ("Gita", "Ravi", "Uma")]

    for account, person in zip(accounts[:2], people[:2], strict=True):
        change_patient(patient=person, by=account, now=now, email="y@victim.example")
    with pytest.raises(TooManyChanges):
        change_patient(patient=people[2], by=accounts[2], now=now, email="Y@victim.example")

    assert told("confirm_contact") == ["y@victim.example"] * 2
    change_patient(patient=people[2], by=accounts[2], now=now + DAY, email="y@victim.example")


def test_account_writes_five_addresses_a_day_whatever_the_patient(
    clinic: Clinic, owner: User, now: dt.datetime
) -> None:
    people = [factories.make_patient(name, clinics=[clinic]) for name in ("Gita", "Ravi")]
    for number in range(CHANGES_A_DAY):
        change_patient(patient=people[number % 2], by=owner, now=now, email=f"stranger{number}@example.net")

    with pytest.raises(TooManyChanges):
        change_patient(patient=people[0], by=owner, now=now, email="one.more@example.net")
    change_patient(patient=people[0], by=owner, now=now, email=owner.email)


# --- what is seen of it afterwards ------------------------------------------------------------------------------------


def test_what_a_second_own_account_reads_is_listed_to_the_patient(
    client: Client, patient: Patient, owner: User, stranger: User, front_desk: User, now: dt.datetime
) -> None:
    code = invite(patient=patient, relation="self", width="full", by=front_desk, now=now)
    join(user=stranger, code=code, birth_date=patient.birth_date, now=now)
    page = reverse("portal:acting", args=[patient.public_id])
    with time_machine.travel(now, tick=False):
        client.force_login(stranger)
        client.get(f"/people/{patient.public_id}/record/")
        client.force_login(owner)
        client.get(f"/people/{patient.public_id}/record/")
        seen = client.get(page).context["reads"]

    assert [(read.user, read.door, str(page)) for read, page in seen] == [
        (stranger, "portal:record", "Record and consents")
    ]
    assert list(Read.objects.values_list("user", "patients")) == [(stranger.pk, [patient.pk])]


def test_manager_sees_a_change_of_contact_after_which_somebody_was_let_in(
    client: Client, patient: Patient, clinic: Clinic, front_desk: User, manager: User, now: dt.datetime
) -> None:
    other = factories.make_patient("Ravi", clinics=[clinic])
    for person in (patient, other):
        change_patient(patient=person, by=front_desk, now=now, clinic=clinic, face_to_face=True, email=EVIL)
    invite(patient=patient, relation="self", width="full", by=manager, now=now)

    with time_machine.travel(now, tick=False):
        client.force_login(manager)
        shown = client.get(reverse("desk:openings"))

    assert [row.patient for row in shown.context["changes"]] == [patient]
    assert list(Read.objects.values_list("door", "patients")) == [("desk:openings", [patient.pk])]
