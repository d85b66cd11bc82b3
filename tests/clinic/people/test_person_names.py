"""What may stand behind "Dear": names of people anywhere, and nothing that a mail program turns into a link."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client

from clinic.people.models import Patient, User
from clinic.people.person_names import (
    cleaned,
    cleaned_house,
    is_house_name,
    is_label,
    is_person_name,
    tidy,
    validate_postal_address,
    validate_staff_number,
)
from clinic.premises.models import Clinic
from tests.admin_forms import form_of
from tests.factories import make_patient

NAMES = [
    "Meera",
    "Ng",
    "K.R. Nair",
    "K. R. Nair",
    "D'Souza",
    "O\u2019Brien",
    "Anne-Marie",
    "María José",
    "Müller",
    "J.-P.",
    "Jr.",
    "श्री राम",
    "के.आर. नायर",
    "क्\u200dष",
    "മീര",
    "மீனா",
    "李小龍",
    "Nguyễn",
    "Łukasz",
    "’t Hooft",
    "Smt. Devi",
    "علي",
]
NO_NAMES = [
    "",
    " ",
    "Click https://evil.example/3",
    "evil.example",
    "a.com",
    "www.evil.com.",
    "t.co.",
    "me@evil.example",
    "a/b",
    "Call 9829012345",
    "Meera1",
    "मीरा१",
    "Meera\nBcc: x",
    "Meera\r",
    "Meera\x00",
    "Meera\u202egnp",
    "<b>Meera</b>",
    "Meera\uff20evil",
    "Meera\uff0fx",
    ".Meera",
    "..",
    "-",
    "\u0301",
    "Me\u2028ra",
    "x" * 81,
    "M" + "\u0301" * 20,
    "Meera\u200b",
    "Meera:",
    "Meera, Nair",
    "Meera😀",
    "a\uff0ecom",
    "a\u3002com",
]


@pytest.mark.parametrize("name", NAMES)
def test_name_of_a_person_is_one(name: str, db: None) -> None:
    assert is_person_name(name)
    assert is_person_name(tidy(name))
    assert make_patient("Meera", family_name=tidy(name)).family_name == tidy(name)


@pytest.mark.parametrize("name", NO_NAMES)
def test_what_is_no_name_is_refused(name: str) -> None:
    assert not is_person_name(name)
    assert not is_person_name(tidy(name))


# What is only odd is refused by the forms alone; too long or with a zero byte fits no column.
ODD = {" ", ".Meera", "..", "-", "\u0301", "M" + "\u0301" * 20, "Meera\x00", "x" * 81, ""}


@pytest.mark.parametrize("name", sorted({*NO_NAMES} - ODD))
def test_what_leads_elsewhere_is_refused_by_the_database(name: str, patient: Patient) -> None:

    for field in ("given_name", "family_name", "label"):
        if field == "label" and is_label(name):
            continue
        with pytest.raises(IntegrityError, match="patient_named_in_letters"), transaction.atomic():
            Patient.objects.filter(pk=patient.pk).update(**{field: name})


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Meera   Devi ", "Meera Devi"),
        ("S.Kumar", "S. Kumar"),
        ("K.R.Nair", "K.R. Nair"),
        ("O`Brien", "O\u2019Brien"),
        ("Jose\u0301", "José"),
        ("a.com", "a.com"),
    ],
)
def test_name_typed_in_several_ways_is_kept_in_one(typed: str, kept: str) -> None:
    assert tidy(typed) == kept


@pytest.mark.parametrize(
    ("label", "fits"),
    [
        ("your 10 o'clock", True),
        ("the blue one", True),
        ("9829012345", False),
        ("evil.example", False),
        ("1.2.3.4", False),
    ],
)
def test_label_may_say_a_time_of_day_and_no_number(label: str, fits: bool) -> None:
    assert is_label(label) is fits


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Meera", "Meera"),
        ("Click https://evil.example/3", "Click https evil example"),
        ("Ram (2)", "Ram"),
        ("Meera\r\nBcc: me@evil.example", "Meera Bcc me evil example"),
        ("12", "Unnamed"),
        ("...", "Unnamed"),
        ("", "Unnamed"),
    ],
)
def test_old_name_keeps_its_letters(old: str, new: str) -> None:
    assert cleaned(old, "Unnamed") == new
    assert is_person_name(new)


# --- accounts and clinics ---------------------------------------------------------------------------------------------

HOSTILE = ["Click https://evil.example now", "Foo\r\nBcc: evil@x.example", "A\nB", "\u202ePayPal <x@y.example>"]


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("field", ["name", "sender_name"])
def test_name_of_a_clinic_that_leads_elsewhere_is_refused_by_form_and_database(
    client: Client, clinic: Clinic, manager: User, name: str, field: str
) -> None:
    page = f"/admin/premises/clinic/{clinic.pk}/change/"
    client.force_login(manager)

    answer = client.post(page, form_of(client, page) | {field: name})

    assert list(answer.context["adminform"].form.errors) == [field]
    with pytest.raises(IntegrityError, match="clinic_named_in_messages"), transaction.atomic():
        Clinic.objects.filter(pk=clinic.pk).update(**{field: name})


@pytest.mark.parametrize("name", HOSTILE)
def test_name_of_an_account_that_leads_elsewhere_is_refused_by_form_and_database(
    client: Client, manager: User, name: str
) -> None:
    page = f"/admin/people/user/{manager.pk}/change/"
    client.force_login(manager)

    answer = client.post(page, form_of(client, page) | {"name": name})

    assert list(answer.context["adminform"].form.errors) == ["name"]
    with pytest.raises(IntegrityError, match="user_named_in_messages"), transaction.atomic():
        User.objects.filter(pk=manager.pk).update(name=name)


@pytest.mark.parametrize("number", ["evil.example", "a@b.example", "P 1", "P1\n", "https://x"])
def test_staff_number_is_letters_and_digits(number: str) -> None:
    with pytest.raises(ValidationError):
        validate_staff_number(number)


@pytest.mark.parametrize(
    ("address", "fits"),
    [
        ("1 Temple Road\nKozhikode 673001", True),
        ("P.O. Box 4, M.G. Road\nc/o Nair (2nd floor)", True),
        ("visit evil.example", False),
        ("http://x", False),
        ("1 Road\u202e", False),
    ],
)
def test_address_of_a_clinic_is_a_postal_one(address: str, fits: bool) -> None:
    try:
        validate_postal_address(address)
    except ValidationError:
        assert not fits
    else:
        assert fits


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("Dr. Nair's Clinic & Panchakarma (Kochi)", "Dr. Nair's Clinic & Panchakarma (Kochi)"),
        ("Aarogya, Jaipur 2", "Aarogya, Jaipur 2"),
        ("A\nB", "A B"),
        ("https://9", "https"),
        ("9829012345", "Clinic"),
    ],
)
def test_older_name_of_a_clinic_keeps_its_letters(name: str, kept: str) -> None:
    assert cleaned_house(name, "Clinic") == kept
    assert is_house_name(kept)
