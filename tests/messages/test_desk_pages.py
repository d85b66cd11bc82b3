"""The desk's pages of letters, calls and the mailbox."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from bookings.messages.outbox.mailbox import newest
from bookings.messages.schedule.plan import VisitEvent
from bookings.messages.schedule.planner import plan_messages
from bookings.models import Message, MessageKind, State, Visit
from clinic.people.models import Patient, Read, User
from clinic.premises.models import Clinic
from tests.factories import make_clinic, make_consultation, make_member, make_patient, make_visit
from tests.messages.conftest import START
from therapies.models import TherapyText, Variant

DAY_BEFORE = START - dt.timedelta(days=1)


@pytest.fixture
def call(clinic: Clinic, now: dt.datetime) -> Message:
    """A reminder for a patient who is rung up."""
    caller = make_patient("Gopal", clinics=[clinic], email="", channel="call", phone="+919847000005")
    visit = make_visit(clinic=clinic, variant=make_consultation(), start=START, patient=caller)
    plan_messages(visit=visit, event=VisitEvent.BOOKED, by=None, now=now)
    return Message.objects.get(visit=visit)


@pytest.fixture
def failed(visit: Visit, now: dt.datetime) -> Message:
    """A confirmation that the server refused."""
    plan_messages(visit=visit, event=VisitEvent.BOOKED, by=None, now=now)
    Message.objects.filter(kind=MessageKind.CONFIRMED).update(state=State.FAILED, problem="550 No such mailbox")
    return Message.objects.get(kind=MessageKind.CONFIRMED)


@pytest.fixture
def desk(client: Client, front_desk: User) -> Iterator[Client]:
    """The front desk, the day before the visit at 10:31."""
    with time_machine.travel(DAY_BEFORE + dt.timedelta(minutes=1), tick=False):
        client.force_login(front_desk)
        yield client


def page(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, path
    return response.content.decode()


def test_due_call_is_listed_with_phone_and_words(desk: Client, call: Message) -> None:
    shown = page(desk, "/desk/calls/")

    assert 'href="tel:+919847000005"' in shown
    assert "Gopal Nair" in shown
    assert "Your appointment is on Thursday 5 March 2026. Please arrive at 10:15." in shown


def test_call_before_its_time_is_not_listed(client: Client, front_desk: User, call: Message) -> None:
    with time_machine.travel(DAY_BEFORE - dt.timedelta(minutes=1), tick=False):
        client.force_login(front_desk)

        assert "Gopal" not in page(client, "/desk/calls/")


def test_call_for_a_visit_that_has_begun_is_not_listed(client: Client, front_desk: User, call: Message) -> None:
    with time_machine.travel(START, tick=False):
        client.force_login(front_desk)

        assert "Gopal" not in page(client, "/desk/calls/")


def test_calls_page_is_a_read_of_the_patient(desk: Client, call: Message, front_desk: User) -> None:
    page(desk, "/desk/calls/")

    read = Read.objects.get(door="desk:calls")
    assert (read.user, read.patients) == (front_desk, [call.visit.patient_id if call.visit else 0])


def test_done_call_leaves_the_list_and_names_who_rang(desk: Client, call: Message, front_desk: User) -> None:
    desk.post(f"/desk/calls/{call.pk}/", {"outcome": "done"})

    call.refresh_from_db()
    assert (call.state, call.outcome, call.settled_by) == (State.SENT, "done", front_desk)
    assert "Gopal" not in page(desk, "/desk/calls/")


@pytest.mark.parametrize(("outcome", "minutes"), [("no_answer", 45), ("later", 120)])
def test_call_without_success_comes_back(desk: Client, call: Message, outcome: str, minutes: int) -> None:
    desk.post(f"/desk/calls/{call.pk}/", {"outcome": outcome})

    call.refresh_from_db()
    pressed = DAY_BEFORE + dt.timedelta(minutes=1)
    assert (call.state, call.due_at) == (State.DUE, pressed + dt.timedelta(minutes=minutes))


def test_call_settled_by_a_colleague_meanwhile_says_so(desk: Client, call: Message) -> None:
    Message.objects.filter(pk=call.pk).update(state=State.SENT, sent_at=DAY_BEFORE)

    answer = desk.post(f"/desk/calls/{call.pk}/", {"outcome": "done"}, follow=True)

    assert "was changed in the meantime" in answer.content.decode()


def test_call_of_another_clinic_is_not_found(client: Client, call: Message) -> None:
    client.force_login(make_member(make_clinic("ananda"), "front_desk"))

    assert client.post(f"/desk/calls/{call.pk}/", {"outcome": "done"}).status_code == 404


def test_unknown_outcome_is_refused(desk: Client, call: Message) -> None:
    assert desk.post(f"/desk/calls/{call.pk}/", {"outcome": "whatever"}).status_code == 404


def test_failed_letter_is_listed_with_its_reason(desk: Client, failed: Message) -> None:
    shown = page(desk, "/desk/letters/")

    assert "550 No such mailbox" in shown
    assert "Meera Nair" in shown


def test_lists_of_letters_open(desk: Client, failed: Message) -> None:
    for which in ("due", "sent", "void"):
        assert "No such mailbox" not in page(desk, f"/desk/letters/?list={which}")
    assert desk.get("/desk/letters/?list=everything").status_code == 404


def test_letters_of_another_clinic_are_not_shown(client: Client, failed: Message) -> None:
    client.force_login(make_member(make_clinic("ananda"), "front_desk"))

    assert "Meera" not in page(client, "/desk/letters/")
    assert client.get(f"/desk/letters/{failed.pk}/").status_code == 404
    assert client.post(f"/desk/letters/{failed.pk}/again/", {"reason": "x"}).status_code == 404


def test_list_of_letters_asks_the_database_as_often_for_three_as_for_one(
    desk: Client, failed: Message, clinic: Clinic, now: dt.datetime
) -> None:
    page(desk, "/desk/letters/")
    with CaptureQueriesContext(connection) as one:
        page(desk, "/desk/letters/")
    variant = Variant.objects.get()
    for number in range(2):
        patient = make_patient(f"Ravi{number}", clinics=[clinic])
        start = START + dt.timedelta(days=number + 1)
        visit = make_visit(clinic=clinic, variant=variant, start=start, patient=patient)
        plan_messages(visit=visit, event=VisitEvent.BOOKED, by=None, now=now)
    Message.objects.filter(kind=MessageKind.CONFIRMED).update(state=State.FAILED)

    with CaptureQueriesContext(connection) as three:
        page(desk, "/desk/letters/")

    assert len(three) == len(one)


def test_slip_carries_what_a_patient_without_mail_needs(desk: Client, visit: Visit, patient: Patient) -> None:
    therapy = Variant.objects.get().therapy
    TherapyText.objects.create(therapy=therapy, language="en", preparation=["Eat lightly."])

    shown = page(desk, f"/desk/visits/{visit.public_id}/slip/")

    for words in ("Thursday 5 March 2026", "10:15", "1 Temple Road", "+91 495 230 0000", "Eat lightly."):
        assert words in shown
    assert "First consultation" not in shown
    assert Read.objects.get(door="desk:slip").patients == [patient.pk]


def test_slip_is_in_the_patients_language_and_the_page_in_that_of_the_desk(
    desk: Client, visit: Visit, patient: Patient
) -> None:
    Patient.objects.filter(pk=patient.pk).update(language="hi")

    shown = page(desk, f"/desk/visits/{visit.public_id}/slip/")
    around, slip = shown.split('class="sheet visit-slip"')

    assert ("Code slip for the patient" in around, 'lang="en"' in around) == (True, True)
    assert ('lang="hi"' in slip, "पहुँचने का समय" in slip, "Please arrive" in slip) == (True, True, False)


def test_slip_is_printed_on_a_page_of_its_size() -> None:
    """CSS knows no page that is called A6: browsers ignore the name and print a letter."""
    style = (Path(settings.BASE_DIR) / "clinic/static/css/slip.css").read_text()

    assert "size: 105mm 148mm" in style


def test_slip_of_another_clinic_is_not_found(client: Client, visit: Visit) -> None:
    client.force_login(make_member(make_clinic("ananda"), "front_desk"))

    assert client.get(f"/desk/visits/{visit.public_id}/slip/").status_code == 404


def test_letter_is_sent_again_with_a_reason(desk: Client, failed: Message, front_desk: User) -> None:
    page(desk, f"/desk/letters/{failed.pk}/")

    desk.post(f"/desk/letters/{failed.pk}/again/", {"reason": "the address was wrong"})

    again = Message.objects.get(resend_of=failed)
    assert (again.state, again.kind, again.reason) == (State.DUE, MessageKind.CONFIRMED, "the address was wrong")
    assert again.made_by == front_desk


def test_letter_is_not_sent_again_without_a_reason(desk: Client, failed: Message) -> None:
    desk.post(f"/desk/letters/{failed.pk}/again/", {"reason": " "})

    assert not Message.objects.filter(resend_of=failed).exists()


def test_letter_that_no_longer_holds_is_not_sent_again(desk: Client, failed: Message) -> None:
    Visit.objects.update(sequence=1)

    answer = desk.post(f"/desk/letters/{failed.pk}/again/", {"reason": "please"}, follow=True)

    assert "no longer correct" in answer.content.decode()
    assert not Message.objects.filter(resend_of=failed).exists()


def test_every_letter_can_be_looked_at_in_every_language(desk: Client) -> None:
    shown = page(desk, "/desk/letters/samples/")
    assert "Appointment reminder" in shown

    sample = page(desk, "/desk/letters/samples/reminder/hi/")
    assert "मीरा" in sample
    assert "/desk/letters/samples/reminder/hi/html/" in sample
    framed = desk.get("/desk/letters/samples/reminder/hi/html/")
    assert framed["X-Frame-Options"] == "SAMEORIGIN"
    assert "मीरा" in framed.content.decode()


@pytest.mark.parametrize("path", ["nothing/en/", "reminder/xx/", "reminder/xx/html/"])
def test_sample_that_does_not_exist_is_not_found(desk: Client, path: str) -> None:
    assert desk.get(f"/desk/letters/samples/{path}").status_code == 404


def put_mail(html: str, to: str = "b@example.org") -> str:
    mail = EmailMultiAlternatives("A letter", "plain words", "a@clinic.example", [to])
    mail.attach_alternative(html, "text/html")
    mail.attach_alternative("BEGIN:VCALENDAR", "text/calendar; method=REQUEST; charset=utf-8")
    get_connection("bookings.messages.outbox.mailbox.EmailBackend").send_messages([mail])
    return newest()[0].name


def test_mailbox_shows_mails_and_their_parts(desk: Client, data_dir: Path) -> None:
    assert "No e-mails yet" in page(desk, "/desk/mailbox/")
    name = put_mail("<p style='color:red'>words</p>")

    assert "A letter" in page(desk, "/desk/mailbox/")
    assert "plain words" in page(desk, f"/desk/mailbox/{name}/")
    calendar = desk.get(f"/desk/mailbox/{name}/appointment.ics")
    assert calendar["Content-Disposition"] == 'attachment; filename="appointment.ics"'


def test_mails_to_people_of_another_clinic_are_not_shown(
    desk: Client, data_dir: Path, patient: Patient, clinic: Clinic
) -> None:
    far = make_clinic("far")
    make_patient("Gopal", clinics=[far])
    make_patient("Uma", clinics=[clinic, far])
    name = put_mail("<p>words</p>", to="gopal@example.org")
    for address in (patient.email, "uma@example.org", "nobody@example.org"):
        put_mail("<p>words</p>", to=address)

    shown = {mail.to for mail in desk.get("/desk/mailbox/").context["mails"]}

    assert shown == {patient.email, "uma@example.org", "nobody@example.org"}
    assert [desk.get(f"/desk/mailbox/{name}/{part}").status_code for part in ("", "html/", "appointment.ics")] == [
        404
    ] * 3


def test_looking_at_mail_is_a_read_of_the_patients_at_its_address(
    desk: Client, data_dir: Path, patient: Patient, clinic: Clinic
) -> None:
    name = put_mail("<p>words</p>", to=f"The Nairs <{patient.email.upper()}>")
    sister = make_patient("Uma", email=patient.email)
    make_patient("Gopal")

    for path in ("", f"{name}/", f"{name}/html/", f"{name}/appointment.ics"):
        assert desk.get(f"/desk/mailbox/{path}").status_code == 200

    doors = ["desk:mailbox", "desk:mail", "desk:mail_html", "desk:mail_calendar"]
    reads = Read.objects.order_by("pk").values_list("door", "clinic", "patients")
    assert [*reads] == [(door, clinic.pk, [patient.pk, sister.pk]) for door in doors]


def test_mail_to_somebody_unknown_is_no_read(desk: Client, data_dir: Path, patient: Patient) -> None:
    name = put_mail("<p>words</p>")

    assert desk.get(f"/desk/mailbox/{name}/").status_code == 200

    assert not Read.objects.exists()


def test_html_of_a_mail_can_do_nothing_but_show(desk: Client, data_dir: Path) -> None:
    name = put_mail("<script>alert(1)</script>")

    answer = desk.get(f"/desk/mailbox/{name}/html/")

    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert policy.endswith("sandbox")
    around = desk.get(f"/desk/mailbox/{name}/")
    assert "<script>alert" not in around.content.decode()
    assert "frame-src 'self'" in around["Content-Security-Policy"]
    assert "unsafe-inline" not in around["Content-Security-Policy"]


def test_mail_that_does_not_exist_is_not_found(desk: Client, data_dir: Path) -> None:
    assert desk.get("/desk/mailbox/nothing/").status_code == 404


def test_production_has_no_mailbox(desk: Client, data_dir: Path, settings: Settings) -> None:
    name = put_mail("<p>words</p>")
    settings.PRODUCTION = True

    paths = ["", f"{name}/", f"{name}/html/", f"{name}/appointment.ics"]

    assert [desk.get(f"/desk/mailbox/{path}").status_code for path in paths] == [404] * 4


def test_failed_mail_about_accounts_is_shown_to_managers_of_whose_people_it_was_for(
    client: Client, manager: User, owner: User, front_desk: User, stranger: User, patient: Patient
) -> None:
    for row, user in enumerate([owner, front_desk, stranger]):
        said = {"kind": MessageKind.ACCOUNT, "due_at": START, "made_at": START, "state": State.FAILED}
        Message.objects.create(key=f"account-{row}", recipient=user.email.title(), **said)

    with time_machine.travel(START, tick=False):
        client.force_login(manager)
        rows = client.get("/desk/letters/?list=failed").context["accounts"]
        client.force_login(front_desk)
        shown_to_the_desk = client.get("/desk/letters/?list=failed").context["accounts"]

    assert {row.recipient.lower() for row in rows} == {owner.email, front_desk.email}
    assert list(shown_to_the_desk) == []
