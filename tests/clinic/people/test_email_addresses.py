"""Where mail may go to: the same everywhere an address is typed."""

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from clinic.people.email_addresses import ContactEmailField, validate_contact_email
from clinic.people.models import Patient, User
from clinic.premises.models import Clinic
from tests.factories import make_user

REFUSED = [
    "a@localhost",
    "a@[127.0.0.1]",
    "a@[IPv6:::1]",
    "a@127.0.0.1",
    "a@clinic",
    "a@clinic.local",
    "a@x.localhost",
    "a@clinic.example.",
    '"a b"@clinic.example',
    f"{'a' * 65}@clinic.example",
    f"a@{'b' * 60}.{'c.' * 100}example",
    "a@clinic.example\nBcc: b@clinic.example",
    "a@clinic..example",
    "a b@clinic.example",
    "@clinic.example",
    "clinic.example",
]


@pytest.mark.parametrize("address", REFUSED)
def test_address_where_no_mail_arrives_is_refused(address: str) -> None:
    with pytest.raises(ValidationError):
        validate_contact_email(address)
    with pytest.raises(ValidationError):
        ContactEmailField().clean(address)


@pytest.mark.parametrize(
    "address", ["a@b.co", "meera.nair+clinic@mail.example.org", "o'brien@example.com", "m@müller.de"]
)
def test_address_of_somebody_is_taken(address: str) -> None:
    assert ContactEmailField().clean(address) == address


@pytest.mark.parametrize("model", [Patient, User, Clinic])
def test_every_address_on_record_is_asked_the_same(model: type) -> None:
    assert validate_contact_email in model._meta.get_field("email").validators  # type: ignore[attr-defined]


@pytest.mark.parametrize("address", ["a@localhost", "a@[127.0.0.1]", f"a@{'b' * 250}.example"])
def test_no_code_is_sent_where_no_mail_arrives(client: Client, db: None, address: str) -> None:
    make_user("meera@example.org")

    answer = client.post("/accounts/code/", {"email": address})

    assert (answer.status_code, User.objects.count()) == (200, 1)
    assert answer.context["form"].errors["email"]
