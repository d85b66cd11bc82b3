"""Signing in by mailed code: known and unknown addresses look the same, and letters are rows first (I19)."""

import datetime as dt
import re

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from bookings.models import Message, MessageKind, State
from clinic.people.models import User
from tests import factories

CODE = "account_request_login_code"
CONFIRM = "account_confirm_login_code"


def ask(client: Client, email: str, **extra: str) -> str:
    """Ask for a code and return it as the letter's row holds it; "" when none was written."""
    client.post(reverse(CODE), {"email": email, **extra})
    letter = Message.objects.filter(recipient=email).order_by("pk").last()
    return letter.secret["code"] if letter else ""


def come_in(client: Client, email: str) -> None:
    client.post(reverse(CONFIRM), {"code": ask(client, email)})


def test_sign_in_code_is_a_row_and_no_mail(client: Client, owner: User) -> None:
    code = ask(client, owner.email)

    letter = Message.objects.get()
    assert re.fullmatch(r"\d{4}-\d{4}", code)
    assert (letter.kind, letter.recipient, letter.state, letter.urgent) == (
        MessageKind.SIGN_IN_CODE,
        owner.email,
        State.DUE,
        True,
    )
    assert mail.outbox == []


def test_letter_speaks_the_language_of_the_page(client: Client, owner: User) -> None:
    client.post(reverse(CODE), {"email": owner.email}, headers={"Accept-Language": "hi"})

    assert Message.objects.get().language == "hi"


def test_right_code_signs_in(client: Client, owner: User) -> None:
    code = ask(client, owner.email)

    answer = client.post(reverse(CONFIRM), {"code": code})

    assert (answer.status_code, answer.headers["Location"]) == (302, reverse("signed_in"))
    assert client.session["_auth_user_id"] == str(owner.pk)


def test_code_typed_without_its_dash_signs_in(client: Client, owner: User) -> None:
    code = ask(client, owner.email)

    client.post(reverse(CONFIRM), {"code": code.replace("-", " ")})

    assert client.session["_auth_user_id"] == str(owner.pk)


def test_address_in_capitals_is_the_same_account(client: Client, owner: User) -> None:
    client.post(reverse(CODE), {"email": owner.email.upper()})

    assert list(User.objects.filter(email__iexact=owner.email)) == [owner]
    assert Message.objects.get().kind == MessageKind.SIGN_IN_CODE


def test_sign_in_leads_where_somebody_wanted_to_go(client: Client, owner: User) -> None:
    code = ask(client, owner.email, next="/book/")

    answer = client.post(reverse(CONFIRM), {"code": code, "next": "/book/"})

    assert answer.headers["Location"] == "/book/"


def test_sign_in_never_leads_to_another_site(client: Client, owner: User) -> None:
    code = ask(client, owner.email)

    answer = client.post(reverse(CONFIRM), {"code": code, "next": "https://evil.example/"})

    assert answer.headers["Location"] == reverse("signed_in")


def test_wrong_code_lets_nobody_in(client: Client, owner: User) -> None:
    code = ask(client, owner.email)
    wrong = "0000-0000" if code != "0000-0000" else "1111-1111"

    answer = client.post(reverse(CONFIRM), {"code": wrong})

    assert answer.status_code == 200
    assert "_auth_user_id" not in client.session


def test_fifth_wrong_code_kills_the_right_one(client: Client, owner: User) -> None:
    code = ask(client, owner.email)
    for _number in range(5):
        client.post(reverse(CONFIRM), {"code": "nonsense"})

    client.post(reverse(CONFIRM), {"code": code})

    assert "_auth_user_id" not in client.session


def test_fourth_wrong_code_leaves_the_right_one_alive(client: Client, owner: User) -> None:
    code = ask(client, owner.email)
    for _number in range(4):
        client.post(reverse(CONFIRM), {"code": "nonsense"})

    client.post(reverse(CONFIRM), {"code": code})

    assert client.session["_auth_user_id"] == str(owner.pk)


def test_code_of_one_browser_does_not_open_another(client: Client, owner: User) -> None:
    code = ask(client, owner.email)
    other = Client()
    other.get(reverse(CODE))

    other.post(reverse(CONFIRM), {"code": code})

    assert "_auth_user_id" not in other.session


def test_unknown_address_looks_like_a_known_one(client: Client, owner: User) -> None:
    pages = {}
    for email in (owner.email, "nobody@example.org"):
        browser = Client()
        answer = browser.post(reverse(CODE), {"email": email})
        page = browser.get(reverse(CONFIRM)).content.decode()
        pages[email] = (answer.status_code, answer.headers["Location"], _without_secrets(page, email))

    known, unknown = pages.values()
    assert known == unknown
    assert sorted(_letters()) == sorted([(owner.email, "login_code"), ("nobody@example.org", "login_code")])


def test_closed_account_looks_like_a_known_one_but_gets_no_code(client: Client, owner: User) -> None:
    closed = factories.make_user("closed@example.org", is_active=False)
    known, shut = Client(), Client()

    first = known.post(reverse(CODE), {"email": owner.email})
    second = shut.post(reverse(CODE), {"email": closed.email})

    assert (first.status_code, first.headers["Location"]) == (second.status_code, second.headers["Location"])
    assert known.get(reverse(CONFIRM)).status_code == shut.get(reverse(CONFIRM)).status_code == 200
    assert _letters() == [(owner.email, "login_code")]


def test_new_address_comes_in_by_its_code(client: Client, db: None) -> None:
    come_in(client, "new@example.org")

    user = User.objects.get()
    assert client.session["_auth_user_id"] == str(user.pk)
    assert (user.email, user.has_usable_password(), user.joined_at is not None) == ("new@example.org", False, True)


def test_new_address_has_not_joined_before_its_code_is_typed(client: Client, db: None) -> None:
    ask(client, "new@example.org")

    assert User.objects.get().joined_at is None


def test_joined_at_is_the_first_time(client: Client, owner: User, now: dt.datetime) -> None:
    come_in(client, owner.email)

    owner.refresh_from_db()
    assert owner.joined_at == now


def test_sign_up_is_the_same_door(client: Client, db: None) -> None:
    answer = client.get(reverse("account_signup"), {"next": "/book/?a=1"})

    assert answer.headers["Location"] == reverse(CODE) + "?next=%2Fbook%2F%3Fa%3D1"


@pytest.mark.parametrize("login", ["S0777", "s0777", "asha@shanti.example"])
def test_staff_come_in_by_number_or_address_and_password(client: Client, db: None, login: str) -> None:
    user = factories.make_user("asha@shanti.example", password=factories.PASSWORD, username="S0777")

    answer = client.post(reverse("account_login"), {"login": login, "password": factories.PASSWORD})

    assert answer.headers["Location"] == reverse("signed_in")
    assert client.session["_auth_user_id"] == str(user.pk)


def test_staff_without_an_address_come_in_by_number(client: Client, db: None) -> None:
    user = factories.make_user("", password=factories.PASSWORD, username="S0778")

    client.post(reverse("account_login"), {"login": "S0778", "password": factories.PASSWORD})

    assert client.session["_auth_user_id"] == str(user.pk)


def test_wrong_password_and_unknown_number_look_the_same(client: Client, front_desk: User) -> None:
    known = client.post(reverse("account_login"), {"login": front_desk.username, "password": "wrong"})
    unknown = client.post(reverse("account_login"), {"login": "S9999", "password": "wrong"})

    words = [str(answer.context["form"].non_field_errors()) for answer in (known, unknown)]
    assert words[0] == words[1] != ""


def test_fifth_wrong_password_shuts_the_number_for_a_while(client: Client, front_desk: User) -> None:
    for _number in range(5):
        client.post(reverse("account_login"), {"login": front_desk.username, "password": "wrong"})

    client.post(reverse("account_login"), {"login": front_desk.username, "password": factories.PASSWORD})

    assert "_auth_user_id" not in client.session


def test_fourth_code_within_a_minute_is_refused_for_known_and_unknown(client: Client, owner: User) -> None:
    answers = {}
    for email in (owner.email, "nobody@example.org"):
        answers[email] = [Client().post(reverse(CODE), {"email": email}).status_code for _number in range(4)]

    assert answers[owner.email] == answers["nobody@example.org"] == [302, 302, 302, 200]
    assert Message.objects.count() == 6


def test_twenty_first_code_from_one_address_is_refused(client: Client, db: None) -> None:
    answers = [Client().post(reverse(CODE), {"email": f"p{number}@example.org"}) for number in range(21)]

    assert [answer.status_code for answer in answers] == [302] * 20 + [200]


def test_reset_link_for_known_and_unknown_address_look_the_same(client: Client, front_desk: User) -> None:
    first = client.post(reverse("account_reset_password"), {"email": front_desk.email})
    second = client.post(reverse("account_reset_password"), {"email": "nobody@example.org"})

    assert (first.status_code, first.headers["Location"]) == (second.status_code, second.headers["Location"])
    assert _letters() == [(front_desk.email, "password_reset_key")]


def test_reset_link_sets_a_new_password_once(client: Client, front_desk: User) -> None:
    client.post(reverse("account_reset_password"), {"email": front_desk.email})
    link = Message.objects.get().secret["password_reset_url"]
    words = {"password1": "brass-lamp-at-dusk-4", "password2": "brass-lamp-at-dusk-4"}

    form = client.get(link).headers["Location"]
    client.post(form, words)
    again = client.get(link)

    front_desk.refresh_from_db()
    assert front_desk.check_password(words["password1"])
    assert again.status_code == 200
    assert again.headers["Referrer-Policy"] == "same-origin"
    assert again.headers["Cache-Control"] == "no-store"


def _letters() -> list[tuple[str, str]]:
    return [(row.recipient, row.secret["template"]) for row in Message.objects.order_by("pk")]


def _without_secrets(page: str, email: str) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", page).replace(email, "…")
