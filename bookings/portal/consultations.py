"""What everybody may choose from: clinics and consultations as this edition has them, and who consults at a clinic.

For pages. An action reads clinic and catalogue for itself.
"""

import datetime as dt
from dataclasses import dataclass
from functools import cache, partial

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from bookings.facts.prices import prices_at
from bookings.models import Visit
from bookings.portal import lookups
from clinic.compiled_query import MOMENT, CompiledQuery, ids_to_be
from clinic.grid import CELL_MINUTES
from clinic.premises.editions import of_edition
from clinic.premises.models import Clinic
from therapies.models import Variant, WorkingHours
from therapies.shape import shape

MOST_CLINICS = 12
"""As many are shown at once; more are found by a word of their name or address."""
MOST_PEOPLE = 100
LONGEST_SLUG = 50


@dataclass(frozen=True)
class ClinicLine:
    """A clinic as a list shows it."""

    slug: str
    name: str
    address: str


def clinic_lines(edition: str) -> list[ClinicLine]:
    """Every clinic that takes bookings, by name."""

    def read() -> list[ClinicLine]:
        rows = lookups.open_clinics().values_list("slug", "name", "address")
        return [ClinicLine(slug, name, ", ".join(address.splitlines())) for slug, name, address in rows]

    return of_edition(edition, "clinics", read)


def clinics_matching(edition: str, words: str) -> list[ClinicLine]:
    """The clinics whose name or address has these words; all where none are said."""
    wanted = words.casefold().split()
    rows = clinic_lines(edition)
    return [row for row in rows if all(word in f"{row.name} {row.address}".casefold() for word in wanted)]


def clinic_of(edition: str, slug: str) -> Clinic | None:
    """The open clinic of that name in addresses; where there is only one, that one when none is named."""
    lines = clinic_lines(edition)
    wanted = lines[0].slug if not slug and len(lines) == 1 else slug
    if not any(line.slug == wanted for line in lines):
        return None
    return of_edition(edition, f"clinic:{wanted}", lambda: lookups.open_clinics().get(slug=wanted))


def consultations(edition: str) -> dict[int, Variant]:
    """What patients book, with all that a search reads of it."""
    return of_edition(edition, "consultations", lambda: {row.pk: row for row in lookups.offered_variants()})


def consultation_labels(edition: str) -> list[tuple[int, str]]:
    """The same with its length in words."""

    def read() -> list[tuple[int, str]]:
        words = _("%(name)s, %(minutes)s minutes")
        rows = consultations(edition).items()
        return [(pk, words % {"name": row, "minutes": shape(row).length * CELL_MINUTES}) for pk, row in rows]

    return of_edition(edition, "consultation-labels", read)


def people_consulting(clinic: Clinic, on: dt.date) -> list[tuple[int, str]]:
    """Who gives consultations on that day or soon after and has hours at this clinic, by name."""
    moment = dt.datetime.combine(on, dt.time(), tzinfo=dt.UTC)
    return [(pk, name) for name, pk in _consulting().rows(ids=[clinic.pk], now=moment)]


@cache
def _consulting() -> CompiledQuery:
    on, (clinic,) = MOMENT.date(), ids_to_be(1)
    hours = WorkingHours.objects.filter(Q(valid_until=None) | Q(valid_until__gt=on), clinic=clinic)
    there = lookups.consulting(on).filter(Exists(hours.filter(practitioner=OuterRef("pk"))))
    return CompiledQuery.of(there.order_by("name", "pk").values_list("name", "pk")[:MOST_PEOPLE])


def with_catalogue(visit: Visit, edition: str) -> Visit:
    """A visit for a page: what the catalogue says of its treatments is that of the edition, not read once more."""
    for booking in visit.bookings.all():
        pk = booking.variant_id
        booking.variant = of_edition(edition, f"variant:{pk}", partial(lookups.variant_in_full, pk))
    return visit


def prices_of_edition(clinic: int, edition: str) -> dict[int, str]:
    """What this clinic's therapies cost, by therapy."""
    return of_edition(edition, f"prices:{clinic}", lambda: prices_at(clinic))


def emergency_signs(edition: str) -> list[str]:
    """The red flags, in the reader's language."""
    return of_edition(edition, "emergency-signs", lookups.emergency_signs)
