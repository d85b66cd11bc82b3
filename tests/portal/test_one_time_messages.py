"""Messages for the next page: in the session of who has one, else in a cookie."""

from django.test import Client

from clinic.people.models import User
from therapies.models import Variant


def test_visitor_who_only_looks_reads_the_message_and_gets_no_session(client: Client, consultation: Variant) -> None:
    page = client.get("/book/who/", follow=True)

    assert "session" not in client.cookies
    assert [str(message) for message in page.context["messages"]] != []


def test_message_for_somebody_with_a_session_stands_in_no_cookie(
    client: Client, owner: User, consultation: Variant
) -> None:
    client.force_login(owner)

    client.get("/book/who/")

    assert "messages" not in client.cookies
    assert [key for key in client.session.keys() if "messages" in key] != []  # noqa: SIM118 - a session has no items
