"""The way from the portal back to the desk is shown to those who work here."""

from django.test import Client
from django.urls import reverse

from clinic.people.models import User

LINK = f'href="{reverse("desk:day")}"'


def test_home_shows_the_desk_to_the_front_desk(client: Client, front_desk: User) -> None:
    client.force_login(front_desk)

    assert LINK in client.get(reverse("home")).content.decode()


def test_home_hides_the_desk_from_a_patient(client: Client, owner: User) -> None:
    client.force_login(owner)

    assert LINK not in client.get(reverse("home")).content.decode()


def test_home_hides_the_desk_from_a_visitor(client: Client, db: None) -> None:
    assert LINK not in client.get(reverse("home")).content.decode()
