"""The owner of an account reads of every change in it: what, when, and what to do."""

import datetime as dt
import re

import pytest
from django.core import mail
from django.test import Client

from bookings.messages.content.account_words import account_words
from bookings.models import Message, MessageKind
from clinic.people.accounts import change_email
from clinic.people.expiry import sweep
from clinic.people.members import add_by_operator, end_membership
from clinic.people.models import AccountNotice, User
from clinic.people.notices import Notice, tell_owner
from clinic.premises.models import Clinic
from tests import factories
from tests.signing_in import app_code, give_factor

REMINDER = "Your account was changed."
NEW_PASSWORD = "turmeric-and-monsoon-47"


def letters() -> list[tuple[str, str]]:
    rows = Message.objects.filter(kind=MessageKind.ACCOUNT).order_by("pk")
    return [(row.secret["template"], row.recipient) for row in rows]


def test_owner_reads_that_the_password_was_changed(client: Client, front_desk: User) -> None:
    client.force_login(front_desk)

    client.post(
        "/accounts/password/change/",
        {"oldpassword": factories.PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD},
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
    user = factories.make_user("new@shanti.example")
    role = add_by_operator(user=user, clinic=clinic, role="front_desk", starts_on=now.date(), by=manager, now=now)

    end_membership(membership=role, by=manager, now=now)

    assert letters() == [("notice_role_given", user.email), ("notice_role_ended", user.email)]


def test_account_without_an_address_reads_of_changes_at_the_next_sign_in(
    client: Client, clinic: Clinic, manager: User, now: dt.datetime
) -> None:
    member = factories.make_member(
        clinic, "attendant", user=factories.make_user("", password=factories.PASSWORD, username="A4711")
    )
    role = add_by_operator(user=member, clinic=clinic, role="front_desk", starts_on=now.date(), by=manager, now=now)
    end_membership(membership=role, by=manager, now=now)
    for what in (Notice.PASSWORD_CHANGED, Notice.FACTOR_CHANGED):
        tell_owner(user=member, what=what, now=now)
    give_factor(member)

    first = signed_in(client, member)
    page = client.get("/accounts/security/")
    client.post("/accounts/security/notices/read/")
    client.post("/accounts/logout/")
    second = signed_in(client, member)

    assert letters() == []
    assert (REMINDER in first, REMINDER in second) == (True, False)
    titles = [notice.title for notice in page.context["notices"] if notice.is_new]
    assert titles == [
        "New sign-in to your account",
        "Your second sign-in step was changed",
        "Your password was changed",
        "One of your roles has ended",
        "You have a new role",
    ]
    assert "The password of your account was changed." in page.content.decode()
    assert [notice.is_new for notice in client.get("/accounts/security/").context["notices"]] == [False] * 5


def signed_in(client: Client, user: User) -> str:
    """What the first page after a whole sign-in says."""
    client.post("/staff/", {"login": user.username, "password": factories.PASSWORD})
    code = app_code(steps=1) if client.cookies.get("device") else app_code()
    return client.post("/staff/second-step/", {"code": code}, follow=True).content.decode()


def test_account_with_an_address_is_not_reminded_but_reads_the_same(
    client: Client, front_desk: User, now: dt.datetime
) -> None:
    tell_owner(user=front_desk, what=Notice.PASSWORD_CHANGED, now=now)
    give_factor(front_desk)

    assert REMINDER not in signed_in(client, front_desk)
    assert "Your password was changed" in client.get("/accounts/security/").content.decode()


def test_notices_are_read_by_their_owner_only(
    client: Client, front_desk: User, manager: User, now: dt.datetime
) -> None:
    tell_owner(user=front_desk, what=Notice.PASSWORD_CHANGED, now=now)
    client.force_login(manager)

    client.post("/accounts/security/notices/read/")

    assert client.get("/accounts/security/").context["notices"] == []
    assert AccountNotice.objects.get().read_at is None


def test_notices_go_after_four_hundred_days(front_desk: User, now: dt.datetime) -> None:
    for days in (399, 401):
        tell_owner(user=front_desk, what=Notice.PASSWORD_CHANGED, now=now - dt.timedelta(days=days))

    sweep(now=now)

    assert [row.at for row in AccountNotice.objects.all()] == [now - dt.timedelta(days=399)]


@pytest.mark.parametrize("what", Notice)
def test_notice_says_when_and_where_to_turn_and_has_no_button(what: Notice, front_desk: User, now: dt.datetime) -> None:
    detail = {"zone": "Asia/Kolkata", "clinic": "Shanti", "role": "nurse", "by": "Devi"}
    tell_owner(user=front_desk, what=what, now=now, detail=detail)

    secret = Message.objects.get().secret
    words = account_words(secret["template"], secret)

    assert words.facts[0] == ("When", "2 March 2026, 10:00 (Asia/Kolkata)")
    assert words.button is None
    assert re.search(r"call us", " ".join(words.after))


def test_patient_reads_the_notice_in_their_own_language(owner: User, now: dt.datetime) -> None:
    owner.accesses.get().patient.__class__.objects.update(language="hi")

    tell_owner(user=owner, what=Notice.PASSWORD_CHANGED, now=now)

    assert Message.objects.get().language == "hi"


def test_notice_is_a_row_first(front_desk: User, now: dt.datetime) -> None:
    tell_owner(user=front_desk, what=Notice.NEW_DEVICE, now=now)

    assert len(mail.outbox) == 0
