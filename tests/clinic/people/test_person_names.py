"""What may stand behind "Dear": names of people anywhere, and nothing that a mail program turns into a link."""

import pytest
from django.db import IntegrityError, transaction

from clinic.people.models import Patient
from clinic.people.person_names import cleaned, is_label, is_person_name, tidy
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
