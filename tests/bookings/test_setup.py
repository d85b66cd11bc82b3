"""The first clinic of an installation: the example becomes a clinic that can be booked; unclear files are refused."""

import datetime as dt
from io import StringIO
from pathlib import Path

import pytest
from django.core.mail import EmailMessage
from django.core.management import CommandError, call_command

from bookings.management.setup.clinic_file import FileUnclear, read_clinic_file
from bookings.management.setup.first_clinic import open_clinic_from
from bookings.management.setup.readiness import missing_before_booking
from clinic.people.models import Membership, User
from clinic.premises.models import Clinic
from tests.shipped import load_shipped
from therapies.models import Practitioner

EXAMPLE = (Path(__file__).parents[2] / "docs" / "clinic.yaml").read_text()
MONDAY = dt.datetime(2026, 3, 2, 3, 0, tzinfo=dt.UTC)


def changed(old: str, new: str) -> str:
    assert old in EXAMPLE
    return EXAMPLE.replace(old, new)


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('to: "18:00"', 'to: "07:00"', "open, 1: “to” must be after “from”"),
        ('from: "08:00"', "from: 8", 'open, 1, from: write a time such as "07:30", in quotes'),
        ("    staff_number: T1\n", "", "people, 2: give an e-mail address or a staff number to sign in with"),
        ("    registration_number: MH-AYU-20417\n", "", "people, 1: a Vaidya needs a registration number"),
        ("    gender: male\n", "", "people, 3: say the gender: patients choose who may treat them"),
        ("roles: [manager, vaidya]", "roles: [vaidya]", "the file: nobody has the role manager"),
        ("rooms:", "room:", "rooms: Field required"),
        ("languages: [hi]", "languages: [hi, raj]", "people, 2, languages, 2: the pages offer en, hi"),
    ],
)
def test_each_unclear_place_of_a_file_is_named(old: str, new: str, problem: str) -> None:
    with pytest.raises(FileUnclear) as caught:
        read_clinic_file(changed(old, new))

    assert problem in caught.value.problems


def test_what_is_no_file_of_a_clinic_is_said() -> None:
    for text in ("a: [", "only words", ""):
        with pytest.raises(FileUnclear):
            read_clinic_file(text)


@pytest.mark.django_db
def test_example_becomes_a_clinic_that_is_ready_as_soon_as_its_people_have_passwords() -> None:
    load_shipped()

    opened = open_clinic_from(read_clinic_file(EXAMPLE), now=MONDAY)

    roles = sorted(Membership.objects.values_list("user__name", "role"))
    assert roles == [
        ("Dr Anjali Kulkarni", "manager"),
        ("Dr Anjali Kulkarni", "vaidya"),
        ("Lata Pawar", "front_desk"),
        ("Lata Pawar", "therapist"),
        ("Sanjay Patil", "therapist"),
    ]
    assert [bool(colleague.link) for colleague in opened.colleagues] == [True] * 3
    assert len(missing_before_booking(opened.clinic, now=MONDAY)) == 2
    for user in User.objects.all():
        user.set_password("warm-sesame-oil")
        user.save()
    assert missing_before_booking(opened.clinic, now=MONDAY) == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("staff_number: T2", "staff_number: T2\n    gives: [no_such_therapy]", "the catalogue has no therapy"),
        ("timezone: Asia/Kolkata", "timezone: Asia/Pune", "clinic: timezone: Asia/Pune is not a time zone"),
        ("sender: Shanti, Pune", "sender: '<b>'", "clinic: sender_name"),
    ],
)
def test_file_with_one_wrong_row_writes_nothing(old: str, new: str, problem: str, tmp_path: Path) -> None:
    load_shipped()
    file = tmp_path / "clinic.yaml"
    file.write_text(changed(old, new))

    with pytest.raises(CommandError, match=problem):
        call_command("setup", file)

    assert [model.objects.count() for model in (Clinic, User, Practitioner)] == [0, 0, 0]


@pytest.mark.django_db
def test_second_clinic_of_one_name_is_refused_and_the_command_says_what_is_missing(
    tmp_path: Path, mailoutbox: list[EmailMessage]
) -> None:
    load_shipped()
    file, out = tmp_path / "clinic.yaml", StringIO()
    file.write_text(EXAMPLE)
    call_command("setup", file, mail_to="operator@shanti.example", stdout=out)

    assert out.getvalue().splitlines()[-3:] == [
        "Shanti Ayurveda, Pune: still missing:",
        "  - No manager has chosen a password yet.",
        "  - No Vaidya has chosen a password yet.",
    ]
    assert [letter.to for letter in mailoutbox] == [["operator@shanti.example"]]
    with pytest.raises(CommandError, match="slug"):
        call_command("setup", file)
