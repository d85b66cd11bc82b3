"""Finding a patient by whatever is at hand: a name in any script, a village, phone, e-mail, date of birth, age, number.

Names are found by their normal form (`clinic/people/name_terms.py`) in an index, and ranked here by their spelling.
Slips of the finger are looked for only where nothing sounds as typed.
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from statistics import fmean

from django.db.models import Case, Q, Value, When

from clinic.people import name_terms
from clinic.people.models import Patient
from clinic.people.models.patient import PatientQuerySet

RANKED = 200
"""So many of those found are ranked; a name alone may fit thousands."""
OLDEST = 120
SHORTEST_NUMBER = 3
BESIDE = 1.5
"""A village, or whose wife somebody is, fits less well than the own name."""
DATES = (
    re.compile(r"\b(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})\b"),
    re.compile(r"\b(?P<day>\d{1,2})[./-](?P<month>\d{1,2})[./-](?P<year>\d{4})\b"),
)
EMAIL = re.compile(r"\S+@\S*")
NUMBER = re.compile(r"\+?\d[\d\s().+-]*")


@dataclass(frozen=True)
class Typed:
    """What somebody typed, told apart. `digits` is a part of a phone number, an age, a year of birth or a number."""

    words: tuple[str, ...] = ()
    digits: str = ""
    email: str = ""
    birth_date: dt.date | None = None

    @classmethod
    def read(cls, text: str) -> "Typed":
        """Read what was typed, digits of any script included. A date that no calendar has is left out."""
        rest = "".join(str(unicodedata.digit(sign)) if sign.isdigit() else sign for sign in text)
        rest, emails = _taken(rest, EMAIL)
        rest, dates = _taken_dates(rest)
        rest, numbers = _taken(rest, NUMBER)
        words = tuple(word for word in name_terms.words(rest) if name_terms.latin(word))
        return cls(words, re.sub(r"\D", "", "".join(numbers)), emails[0] if emails else "", dates[0] if dates else None)

    @property
    def is_empty(self) -> bool:
        return self == Typed()


def find_patients(patients: PatientQuerySet, text: str, *, today: dt.date, most: int) -> list[Patient]:
    """The patients among these whom the text may mean, the likeliest first, at most so many; none for empty text."""
    typed = Typed.read(text)
    if typed.is_empty:
        return []
    narrowed = patients.select_related("merged_into").filter(_facts(typed, today))
    if not typed.words:
        rows = narrowed.order_by("given_name", "family_name", "pk")[:RANKED]
        return persons_of(sorted(rows, key=_by_number(typed)))[:most]
    for terms in (name_terms.exact_terms, name_terms.slip_terms):
        if fitting := _named(narrowed, typed.words, terms):
            return persons_of(sorted(fitting, key=lambda patient: rank(patient, typed.words)))[:most]
    return []


def persons_of(records: Iterable[Patient]) -> list[Patient]:
    """The records that go on, each once: a merged one is found by its names and numbers too."""
    return list({record.person_id: record.person for record in records}.values())


def rank(patient: Patient, typed: Iterable[str]) -> tuple[float, ...]:
    """How far the names are from the words typed; the least is the likeliest."""
    names = name_terms.words(f"{patient.given_name} {patient.family_name}")
    beside = name_terms.words(f"{patient.kin_name} {patient.village}")
    readings = list(name_terms.readings_of(list(typed)))
    distances = [
        fmean(min(_distance(word, names), BESIDE + _distance(word, beside)) for word in words) for words in readings
    ]
    distance, words = min(zip(distances, readings, strict=True))
    whole = SequenceMatcher(None, _run_together(words), _run_together(names)).ratio()
    return distance, abs(len(names) - len(words)), -whole


def _named(patients: PatientQuerySet, words: tuple[str, ...], terms: Callable[[str], list[str]]) -> list[Patient]:
    fitting = Q()
    for each in name_terms.readings_of(list(words)):
        fitting |= Q(*(Q(search_terms__overlap=terms(word)) for word in each))
    spelled = Q(given_name__iexact=words[0]) | Q(family_name__iexact=words[0])
    first = Case(When(spelled, then=Value(0)), default=Value(1))
    return list(patients.filter(fitting).alias(first=first).order_by("first", "given_name", "pk")[:RANKED])


def _distance(word: str, names: list[str]) -> float:
    """0 for the same spelling, below 1 for the same sound, 1 for a beginning, 2 for an initial, above for slips."""
    return min((_apart(word, name) for name in names), default=4.0)


def _apart(word: str, name: str) -> float:
    if word == name:
        return 0.0
    one, other = name_terms.latin(word), name_terms.latin(name)
    likeness = SequenceMatcher(None, one, other).ratio()
    if name_terms.sound(word) == name_terms.sound(name):
        return 0.9 * (1 - likeness)
    if other.startswith(one):
        return 1.0
    if name_terms.sound(name).startswith(name_terms.sound(word)):
        return 1.2
    if len(name) == 1 and word.startswith(name):
        return 2.0
    return 4.0 - 2.0 * likeness


def _facts(typed: Typed, today: dt.date) -> Q:
    fitting = Q()
    if typed.email:
        fitting &= Q(email__icontains=typed.email)
    if typed.birth_date:
        fitting &= Q(birth_date=typed.birth_date)
    if typed.digits and (typed.words or typed.email or len(typed.digits) >= SHORTEST_NUMBER):
        fitting &= _number(typed.digits, today)
    elif typed.digits and not typed.birth_date:
        fitting &= Q(pk=int(typed.digits))
    return fitting


def _number(digits: str, today: dt.date) -> Q:
    """Part of a phone number, the patient's number, a year of birth or an age."""
    fitting, number = Q(phone__contains=digits), int(digits)
    if len(within_country := digits.lstrip("0")) >= SHORTEST_NUMBER:  # phones are kept without 0, 00 and +
        fitting |= Q(phone__contains=within_country)
    if len(digits) <= 9:  # the largest key
        fitting |= Q(pk=number)
    if today.year - OLDEST <= number <= today.year:
        fitting |= Q(birth_date__gte=dt.date(number, 1, 1), birth_date__lte=dt.date(number, 12, 31))
    if number <= OLDEST:
        fitting |= Q(birth_date__gt=years_before(today, number + 1), birth_date__lte=years_before(today, number))
    return fitting


def _by_number(typed: Typed) -> Callable[[Patient], tuple[bool, bool, bool]]:
    """The whole number first, then its end, then its beginning and the rest."""

    def key(patient: Patient) -> tuple[bool, bool, bool]:
        phone = str(patient.phone)
        return str(patient.pk) != typed.digits, not phone.endswith(typed.digits), typed.digits not in phone

    return key


def years_before(day: dt.date, years: int) -> dt.date:
    """The same day so many years earlier; the 29th of February is the 28th."""
    leap_day = day.month == 2 and day.day == 29
    return dt.date(day.year - years, day.month, 28 if leap_day else day.day)


def _taken(text: str, pattern: re.Pattern[str]) -> tuple[str, list[str]]:
    return pattern.sub(" ", text), pattern.findall(text)


def _taken_dates(text: str) -> tuple[str, list[dt.date]]:
    dates = []
    for pattern in DATES:
        for match in pattern.finditer(text):
            try:
                dates.append(dt.date(**{name: int(part) for name, part in match.groupdict().items()}))
            except ValueError:
                continue
        text = pattern.sub(" ", text)
    return text, dates


def _run_together(words: Iterable[str]) -> str:
    return "".join(sorted(name_terms.latin(word) for word in words))
