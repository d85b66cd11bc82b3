"""What every page's frame shows: the name of the house, its phone, the emergency numbers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import takewhile

from django.http import HttpRequest

from clinic.premises.editions import edition_of, of_edition
from clinic.premises.models import Clinic


@dataclass(frozen=True)
class Phone:
    """A number as machines dial it and as people read it: worked out once, it takes long."""

    as_e164: str
    as_national: str


@dataclass(frozen=True)
class House:
    """What all clinics of the installation have in common; what differs is said by none of them for all."""

    name: str = ""
    address: str = ""
    phone: Phone | None = None
    emergency_numbers: tuple[str, ...] = ()
    clock: str = ""


def house(request: HttpRequest) -> dict[str, object]:
    """The chosen clinic on the pages of staff, else the house; a view whose page is about one clinic names it itself.

    Read only when a template asks for it.
    """
    if hasattr(request, "clinic"):
        return {"house": request.clinic}
    return {"house": lambda: house_of(request)}


def house_of(request: HttpRequest) -> House:
    """Of the clinics that take bookings now."""
    return of_edition(edition_of(request), "house", lambda: house_shared(Clinic.objects.filter(is_active=True)))


def house_shared(clinics: Iterable[Clinic]) -> House:
    """One clinic is the house; of several, what is the same at all."""
    rows = list(clinics)
    return House(
        name=_shared([row.name for row in rows]) or _first_words([row.name for row in rows]),
        address=_shared([row.address for row in rows]),
        phone=_phone(_shared([row.phone.as_e164 if row.phone else "" for row in rows]), rows),
        emergency_numbers=tuple(_everywhere([row.emergency_numbers for row in rows])),
        clock=_shared([row.clock for row in rows]),
    )


def _shared(values: Sequence[str]) -> str:
    return values[0] if len(set(values)) == 1 else ""


def _first_words(names: Sequence[str]) -> str:
    """Asha Ayurveda, of Asha Ayurveda Jaipur and Asha Ayurveda Kochi; whole words only."""
    words = takewhile(lambda place: len(set(place)) == 1, zip(*(name.split() for name in names), strict=False))
    return " ".join(word for word, *_others in words).rstrip(",–- ")


def _phone(number: str, rows: Sequence[Clinic]) -> Phone | None:
    return Phone(number, rows[0].phone.as_national) if number else None


def _everywhere(lists: Sequence[Sequence[str]]) -> list[str]:
    return [number for number in lists[0] if all(number in others for others in lists)] if lists else []
