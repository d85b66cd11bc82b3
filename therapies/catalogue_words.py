"""What a form of a therapy lets one choose: the words that the catalogue here uses."""

from itertools import chain

from clinic.premises.choices import Choices, spoken
from therapies.models import Therapy
from therapies.safety.words import CODES

CONSENTS = frozenset({"standard", "procedure_specific"})
FAMILIES = frozenset({"massage_family", "bolus_family", "swedana_family", "bahya_basti_family", "shodhana_family"})
"""What rules and forms of consent know, also where no therapy here is of it."""


def categories() -> Choices:
    return _used("category")


def phases() -> Choices:
    return _used("phase")


def scopes() -> Choices:
    return _used("scope")


def kinds_of_consent() -> Choices:
    return _used("consent", CONSENTS)


def groups() -> Choices:
    listed = Therapy.objects.order_by().values_list("groups", flat=True)
    return _in_words({*FAMILIES, *chain.from_iterable(listed)})


def _used(name: str, always: frozenset[str] = frozenset()) -> Choices:
    rows = Therapy.objects.order_by().exclude(**{name: ""}).values_list(name, flat=True).distinct()
    return _in_words({*rows} | always)


def _in_words(codes: set[str]) -> Choices:
    words = [(code, str(CODES[code]) if code in CODES else spoken(code)) for code in codes]
    return sorted(words, key=lambda choice: choice[1])
