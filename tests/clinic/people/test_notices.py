"""The owner of an account reads of every change in it: what, when, and what to do."""

import datetime as dt
import re

import pytest
from django.core import mail
from django.test import Client

from bookings.letters.account_words import account_words
from bookings.models import Kind, Message
from clinic.people.accounts import change_email
from clinic.people.members import add_by_operator, end_membership
from clinic.people.models import User
from clinic.people.notices import Notice, tell_owner
from clinic.premises.models import Clinic
from tests import making

NEW_PASSWORD = "turmeric-and-monsoon-47"


def letters() -> list[tuple[str, str]]:
    rows = Message.objects.filter(kind=Kind.ACCOUNT).order_by("pk")
    return [(row.secret["template"], row.recipient) for row in rows]


def test_owner_reads_that_the_password_was_changed(client: Client, front_desk: User) -> None:
    client.force_login(front_desk)

    client.post(
        "/accounts/password/change/",
        {"oldpassword": making.PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD},
    )

    front_desk.refresh_from_db()
    assert front_desk.check_password(NEW_PASSWORD)
    assert letters() == [("notice_password_changed", front_desk.email)]


def test_owner_reads_that_the_password_was_reset(client: Client, front_desk: User) -> None:
    client.post("/accounts/password/reset/", {"email": front_desk.email})
    link = Message.objects.get().secret["password_reset_url"]
    path = client.get(re.sub(r"^https?://[^/]+", "", link), follow=True).redirect_chain[-1][0]

    client.post(path, {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})

    front_desk.refresh_from_db()
    assert front_desk.check_password(NEW_PASSWORD)
    assert letters()[1:] == [("notice_password_changed", front_desk.email)]


def test_new_address_is_told_to_the_old_one_and_the_new_one(front_desk: User, manager: User, now: dt.datetime) -> None:
    old = front_desk.email

    change_email(user=front_desk, email="other@shanti.example", by=manager, now=now)

    assert letters() == [("notice_email_changed", old), ("notice_email_changed", "other@shanti.example")]


def test_address_that_stays_is_not_told(front_desk: User, manager: User, now: dt.datetime) -> None:
    change_email(user=front_desk, email=front_desk.email.upper(), by=manager, now=now)

    assert letters() == []


def test_owner_reads_of_a_role_that_begins_and_ends(clinic: Clinic, manager: User, now: dt.datetime) -> None:
    user = making.make_user("new@shanti.example")
    role = add_by_operator(user=user, clinic=clinic, role="front_desk", starts_on=now.date(), by=manager, now=now)

    end_membership(membership=role, by=manager, now=now)

    assert letters() == [("notice_role_given", user.email), ("notice_role_ended", user.email)]


def test_account_without_an_address_gets_no_letter(now: dt.datetime, db: None) -> None:
    tell_owner(user=making.make_user(""), what=Notice.PASSWORD_CHANGED, now=now)

    assert letters() == []


@pytest.mark.parametrize("what", Notice)
def test_notice_says_when_and_where_to_turn_and_has_no_button(what: Notice, front_desk: User, now: dt.datetime) -> None:
    detail = {"zone": "Asia/Kolkata", "clinic": "Shanti", "role": "nurse", "by": "Devi"}
    tell_owner(user=front_desk, what=what, now=now, detail=detail)

    secret = Message.objects.get().secret
    words = account_words(secret["template"], secret)

    assert words.facts[0] == ("When", "2 March 2026, 10:00 (time in Asia/Kolkata)")
    assert words.button is None
    assert re.search(r"call us", " ".join(words.after))


def test_patient_reads_the_notice_in_their_own_language(owner: User, now: dt.datetime) -> None:
    owner.accesses.get().patient.__class__.objects.update(language="hi")

    tell_owner(user=owner, what=Notice.PASSWORD_CHANGED, now=now)

    assert Message.objects.get().language == "hi"


def test_notice_is_a_row_first(front_desk: User, now: dt.datetime) -> None:
    tell_owner(user=front_desk, what=Notice.NEW_DEVICE, now=now)

    assert len(mail.outbox) == 0
