"""Passwords are hard to guess, also for who knows the person and the clinic."""

import hashlib
import re
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.core.exceptions import ValidationError
from django.utils import translation

from clinic.people.models import User
from clinic.people.password_rules import stands_in
from clinic.premises.models import Clinic
from tests import factories


@pytest.fixture
def sunita(clinic: Clinic) -> User:
    user = factories.make_user("sunita.m@ashoka.example", username="T1001", name="Sunita Meena")
    return factories.make_member(clinic, "therapist", user=user)


def digest_of(words: str) -> str:
    return hashlib.sha1(words.encode(), usedforsecurity=False).hexdigest().upper()


def codes(password: str, user: User) -> list[str]:
    try:
        validate_password(password, user)
    except ValidationError as refusal:
        return [error.code for error in refusal.error_list]
    return []


@pytest.mark.parametrize(
    "password",
    [
        "Sunita Meena",
        "Password@123",
        "Clinic12345",
        "Welcome@2026",
        "aaaaaaaaaaaa",
        "T1001T1001",
        "Shanti Clinic",
        "1234567890",
        "qwertyuiop12",
    ],
)
def test_password_that_is_soon_guessed_is_refused(sunita: User, password: str) -> None:
    assert codes(password, sunita) == ["password_too_weak"]


@pytest.mark.parametrize(
    "password", ["warm-sesame-oil-9", "brass lamp at dusk", "मंदिर पीपल बारिश घोड़ा", "x" * 5 + "Kq7#vPz2m" * 20]
)
def test_password_that_is_hard_to_guess_is_taken(sunita: User, password: str) -> None:
    assert codes(password, sunita) == []


@pytest.mark.parametrize(("password", "found"), [("Kq7#vPz2m", ["password_too_short"]), ("Kq7#vPz2mX", [])])
def test_ten_letters_are_enough(sunita: User, password: str, found: list[str]) -> None:
    assert codes(password, sunita) == found


def test_words_of_one_person_are_not_kept_for_the_next(sunita: User) -> None:
    codes("anything-at-all", factories.make_user(name="Brasslampatdusk"))

    assert codes("brasslampatdusk", sunita) == []


@pytest.mark.parametrize("size", [1, 2, 3, 50, 1000])
def test_every_line_of_the_operators_list_is_found_and_no_other(tmp_path: Path, size: int) -> None:
    digests = sorted(digest_of(str(number)) for number in range(size))
    path = tmp_path / "list.txt"
    path.write_text("".join(f"{digest}:{number}\n" for number, digest in enumerate(digests)))
    others = [digest_of(f"no {number}") for number in range(100)]

    assert [digest for digest in digests if not stands_in(path, digest)] == []
    assert [digest for digest in [*others, "0" * 40, "F" * 40] if stands_in(path, digest)] == []


def test_published_password_is_refused_where_the_operator_has_a_list(
    sunita: User, tmp_path: Path, settings: Any
) -> None:
    path = tmp_path / "list.txt"
    path.write_text(digest_of("brass lamp at dusk") + ":3\n")
    settings.BREACHED_PASSWORDS = str(path)

    assert codes("brass lamp at dusk", sunita) == ["password_breached"]
    assert codes("brass lamp at dawn", sunita) == []


@pytest.mark.django_db
def test_rules_are_said_in_hindi_and_none_is_empty() -> None:
    with translation.override("hi"):
        rules = password_validators_help_texts()
        with pytest.raises(ValidationError) as refusal:
            validate_password("kamal")

    assert [rule for rule in rules if not re.search("[\u0900-\u097f]", rule)] == []
    assert [words for words in refusal.value.messages if not re.search("[\u0900-\u097f]", words)] == []
