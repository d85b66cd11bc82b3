"""Who works here comes in with two steps, and reaches nothing of the clinic before the second."""

import datetime as dt
import re
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client
from django.urls import reverse

from bookings.models import Message
from clinic.people.factors import has_factor
from clinic.people.models import User
from clinic.premises.models import Clinic
from tests import factories
from tests.signing_in import SignedInClient, app_code, give_factor, recovery_code

SIGN_IN = "account_login"
BEHIND = ["/desk/", "/desk/todo/", "/admin/", "/admin/people/user/"]


@pytest.fixture(autouse=True)
def _at_one_moment(now: dt.datetime) -> Any:
    with time_machine.travel(now, tick=False):
        yield


def password(client: Client, user: User, following: str = "") -> Any:
    fields = {"login": user.username, "password": factories.PASSWORD, "next": following}
    return client.post(reverse(SIGN_IN), fields)


def code_by_mail(client: Client, email: str) -> Any:
    client.post(reverse("account_request_login_code"), {"email": email})
    letter = Message.objects.filter(recipient=email).order_by("pk").last()
    assert letter
    return client.post(reverse("account_confirm_login_code"), {"code": letter.secret["code"]})


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def opens(client: Client, path: str) -> bool:
    return client.get(path).status_code == 200


def test_password_and_code_of_the_app_sign_in(client: Client, manager: User) -> None:
    give_factor(manager)

    first = password(client, manager, "/desk/")
    assert (first["Location"], is_in(client)) == (reverse("mfa_authenticate"), False)
    second = client.post(reverse("mfa_authenticate"), {"code": app_code()})

    assert second["Location"] == "/desk/"
    assert [opens(client, path) for path in BEHIND] == [True] * 4


def test_password_and_recovery_code_sign_in(client: Client, front_desk: User) -> None:
    give_factor(front_desk)
    password(client, front_desk)

    client.post(reverse("mfa_authenticate"), {"code": recovery_code(front_desk)})

    assert opens(client, "/desk/")


def test_wrong_code_signs_nobody_in_and_says_so(client: Client, front_desk: User) -> None:
    give_factor(front_desk)
    password(client, front_desk)

    answer = client.post(reverse("mfa_authenticate"), {"code": "000000"})

    assert "The code is not correct" in answer.content.decode()
    assert not is_in(client)


def test_code_used_by_one_session_signs_no_other_in(client: Client, front_desk: User) -> None:
    give_factor(front_desk)
    other = Client()
    for browser in (client, other):
        password(browser, front_desk)
        browser.post(reverse("mfa_authenticate"), {"code": app_code()})

    assert [is_in(client), is_in(other)] == [True, False]


@pytest.mark.parametrize("who", ["front_desk", "vaidya_user", "manager"])
def test_first_sign_in_leads_to_setting_a_factor_up_and_nowhere_else(
    client: Client, request: pytest.FixtureRequest, who: str
) -> None:
    user = request.getfixturevalue(who)
    password(client, user)

    where = [client.get(path, follow=True).redirect_chain[-1][0].split("?")[0] for path in BEHIND[:2]]
    assert where == [reverse("set_up_app")] * 2
    assert [opens(client, path) for path in BEHIND] == [False] * 4
    assert client.post("/desk/")["Location"].split("?")[0] == reverse("set_up_app")


def test_superuser_without_a_factor_reaches_nothing_of_the_admin(client: Client, db: None) -> None:
    root = factories.make_user("root@example.org", password=factories.PASSWORD, username="root", is_superuser=True)
    password(client, root)

    answer = client.get("/admin/", follow=True)

    assert answer.redirect_chain[-1][0] == f"{reverse('set_up_app')}?next=%2Fadmin%2F"


def test_setting_up_an_app_opens_the_desk_and_shows_recovery_codes(client: Client, front_desk: User) -> None:
    password(client, front_desk)
    page = client.get(reverse("set_up_app"), {"next": "/desk/"})
    secret = page.context["secret"].replace(" ", "")
    assert page.context["picture"].startswith("data:image/svg+xml;base64,")
    code = format_hotp_value(hotp_value(secret, int(factories.NOW.timestamp()) // 30))

    answer = client.post(reverse("set_up_app"), {"code": code, "next": "/desk/"}, follow=True)

    codes = answer.context["codes"]
    assert (len(codes), len({*codes})) == (10, 10)
    assert 'href="/desk/"' in answer.content.decode()
    assert opens(client, "/desk/")
    assert Message.objects.filter(secret__template="notice_factor_changed").count() == 1
    other = Client()
    password(other, front_desk)
    assert not is_in(other)
    other.post(reverse("mfa_authenticate"), {"code": code})  # the code that set it up is used up
    assert not is_in(other)
    other.post(reverse("mfa_authenticate"), {"code": codes[0]})
    assert is_in(other)


def test_wrong_first_code_sets_nothing_up_and_keeps_the_secret(client: Client, front_desk: User) -> None:
    password(client, front_desk)
    secret = client.get(reverse("set_up_app")).context["secret"]

    answer = client.post(reverse("set_up_app"), {"code": "000000"})

    assert (answer.status_code, answer.context["secret"]) == (422, secret)
    assert not has_factor(front_desk)


def test_mailed_code_alone_signs_nobody_in_who_works_here(client: Client, front_desk: User) -> None:
    answer = code_by_mail(client, front_desk.email)

    assert (answer["Location"], is_in(client)) == (reverse(SIGN_IN), False)


def test_mailed_code_of_who_works_here_leads_on_to_the_second_step(client: Client, front_desk: User) -> None:
    give_factor(front_desk)

    answer = code_by_mail(client, front_desk.email)
    assert (answer["Location"], is_in(client)) == (reverse("mfa_authenticate"), False)
    client.post(reverse("mfa_authenticate"), {"code": app_code()})

    assert opens(client, "/desk/")


def test_patient_signs_in_by_mailed_code_alone(client: Client, owner: User) -> None:
    code_by_mail(client, owner.email)

    assert is_in(client)


def test_session_of_a_patient_who_got_a_role_opens_nothing_of_the_clinic(
    client: SignedInClient, clinic: Clinic, owner: User
) -> None:
    code_by_mail(client, owner.email)
    factories.make_member(clinic, "vaidya", user=owner)

    answer = client.get("/desk/")

    assert (answer["Location"], is_in(client)) == (f"{reverse(SIGN_IN)}?next=%2Fdesk%2F", False)


def test_session_without_proof_is_asked_for_it_where_there_is_a_factor(
    client: SignedInClient, front_desk: User
) -> None:
    give_factor(front_desk)
    client.force_login(front_desk, proved=False)
    assert client.get("/desk/")["Location"] == f"{reverse('prove')}?next=%2Fdesk%2F"

    answer = client.post(reverse("prove"), {"code": app_code(), "next": "/desk/"})

    assert answer["Location"] == "/desk/"
    assert opens(client, "/desk/")


def test_second_factor_leads_to_no_other_site(client: SignedInClient, front_desk: User) -> None:
    give_factor(front_desk)
    client.force_login(front_desk, proved=False)

    answer = client.post(reverse("prove"), {"code": app_code(), "next": "https://evil.example/"})

    assert answer["Location"] == reverse("security")


def test_factor_is_changed_only_with_a_proof_of_a_moment_ago(
    client: SignedInClient, front_desk: User, now: dt.datetime
) -> None:
    old = give_factor(front_desk)
    client.force_login(front_desk)

    with time_machine.travel(now + dt.timedelta(minutes=6), tick=False):
        for path in (reverse("set_up_app"), reverse("recovery_codes")):
            assert client.get(path)["Location"].startswith(reverse("prove"))
        assert client.post(reverse("remove_factor", args=[old.pk]))["Location"] == reverse("prove")

    assert has_factor(front_desk)


def test_last_factor_stays(client: Client, front_desk: User) -> None:
    factor = give_factor(front_desk)
    client.force_login(front_desk)

    answer = client.post(reverse("remove_factor", args=[factor.pk]), follow=True)

    assert "This is your only second step." in answer.content.decode()
    assert has_factor(front_desk)


def test_factor_of_somebody_else_is_not_found(client: Client, front_desk: User, manager: User) -> None:
    give_factor(front_desk)
    theirs = give_factor(manager)
    client.force_login(front_desk)

    assert client.post(reverse("remove_factor", args=[theirs.pk])).status_code == 404


def test_recovery_codes_are_shown_for_ten_minutes(client: Client, front_desk: User, now: dt.datetime) -> None:
    give_factor(front_desk)
    Authenticator.objects.update(created_at=now)
    client.force_login(front_desk)
    old = client.get(reverse("recovery_codes")).context["codes"]
    assert len(old) == 10

    with time_machine.travel(now + dt.timedelta(minutes=11), tick=False):
        client.force_login(front_desk)
        assert client.get(reverse("recovery_codes")).context["codes"] == []
        new = client.post(reverse("recovery_codes"), follow=True).context["codes"]

    assert (len(new), {*new} & {*old}) == (10, set())


def test_page_of_patients_leads_staff_to_theirs_and_back(client: Client, db: None) -> None:
    patients, staff = (client.get(reverse(name)).content.decode() for name in ("sign_in", SIGN_IN))

    assert f'href="{reverse(SIGN_IN)}"' in patients
    assert f'href="{reverse("sign_in")}"' in staff
    assert "password" not in re.sub(r"There is no password to remember", "", patients)


@pytest.mark.parametrize(
    ("wanted", "page"), [("/desk/", "/staff/?next=%2Fdesk%2F"), ("/admin/", "/staff/?next=%2Fadmin%2F")]
)
def test_visitor_who_wants_a_page_of_staff_lands_at_theirs(client: Client, db: None, wanted: str, page: str) -> None:
    assert client.get(wanted, follow=True).redirect_chain[-1][0] == page


def test_printed_code_of_the_demo_opens_nothing_in_production(client: Client, front_desk: User, settings: Any) -> None:
    row = give_factor(front_desk)
    row.data["demo_code"] = "246810"
    row.save()
    for mode in ("production", "local"):
        settings.MODE = mode
        password(client, front_desk)
        client.post(reverse("mfa_authenticate"), {"code": "246810"})
        assert is_in(client) is (mode == "local")


@pytest.mark.parametrize(
    "credential",
    [
        "",
        "5",
        "[]",
        "{}",
        "{",
        '{"id": "x", "rawId": "x", "type": "public-key", "response": {}}',
        '{"response": {"userHandle": 5}}',
        '{"response": 7}',
        '[{"a": 1}]',
    ],
)
def test_nonsense_instead_of_a_passkey_is_refused(client: SignedInClient, front_desk: User, credential: str) -> None:
    give_factor(front_desk)
    fields = {"credential": credential, "passwordless": "on"}
    passwordless = client.post(reverse("mfa_login_webauthn"), fields)
    password(client, front_desk)
    second = client.post(reverse("mfa_authenticate"), fields)
    assert not is_in(client)
    client.force_login(front_desk)
    proof, new = client.post(reverse("prove"), fields), client.post(reverse("add_passkey"), fields)

    assert [answer.status_code for answer in (passwordless, second, proof, new)] == [302, 200, 422, 422]
    assert Authenticator.objects.filter(type="webauthn").count() == 0
