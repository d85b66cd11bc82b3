"""Children and the old: the catalogue's limits in one place, lifted in writing where they are not absolute. Pure."""

import datetime as dt

import pytest

from bookings.facts.orders import OrderProgress
from bookings.facts.patient import PatientFacts
from bookings.models import Prescription, PrescriptionItem
from bookings.rules.visits import why_not_at_age
from clinic.people.models import Patient
from tests.shipped import CATALOGUE
from therapies.models import Therapy, Variant

TODAY = dt.date(2026, 3, 2)


def variant_of(code: str, variant: str = "default") -> Variant:
    """As the catalogue's files have it."""
    entry = CATALOGUE.therapies[code]
    own = next(row for row in entry.variants if row.code == variant)
    therapy = Therapy(
        code=code,
        needs=entry.needs,
        minimum_age=entry.age.minimum,
        maximum_age=entry.age.maximum,
        age_is_absolute=entry.age.absolute is not False,
    )
    return Variant(
        therapy=therapy,
        code=variant,
        minimum_age=own.age.minimum,
        maximum_age=own.age.maximum,
        age_is_absolute=own.age.absolute,
    )


def aged(years: int) -> Patient:
    return Patient(birth_date=TODAY.replace(year=TODAY.year - years))


@pytest.mark.parametrize(
    ("code", "variant", "years", "open_", "in_writing"),
    [
        ("abhyanga", "default", 6, True, True),
        ("shashtika_shali_pinda_sweda", "default", 6, True, True),
        ("kati_basti", "default", 6, False, True),
        ("nasya", "default", 6, False, True),
        ("nasya", "pratimarsha", 6, True, True),
        ("nasya", "pratimarsha", 95, True, True),
        ("virechana", "default", 78, False, True),
        ("raktamokshana", "jalaukavacharana", 78, True, True),
        ("raktamokshana", "jalaukavacharana", 95, False, True),
        ("raktamokshana", "siravyadha", 78, False, False),
        ("vamana", "default", 12, False, False),
        ("vamana", "default", 78, False, False),
        ("basti", "niruha", 6, False, False),
        ("basti", "niruha", 90, True, True),
    ],
)
def test_limits_are_the_catalogue_s_and_a_written_reason_lifts_what_is_not_absolute(
    code: str, variant: str, years: int, *, open_: bool, in_writing: bool
) -> None:
    given, patient = variant_of(code, variant), aged(years)

    plain = why_not_at_age(given, patient, on=TODAY, youngest=16)
    written = why_not_at_age(given, patient, on=TODAY, youngest=16, written="strong, examined today")
    blank = why_not_at_age(given, patient, on=TODAY, youngest=16, written="  ")

    assert (plain == "", written == "", blank == plain) == (open_, in_writing, True)


@pytest.mark.parametrize(
    ("reason", "treatment", "absolute", "lifts"),
    [
        ("strong", "default", False, True),
        ("strong", "default", True, False),
        ("", "default", False, False),
        ("strong", "local", False, False),
    ],
)
def test_order_lifts_the_age_of_what_it_orders_only(
    reason: str, treatment: str, *, absolute: bool, lifts: bool
) -> None:
    ordered = Variant(therapy=Therapy(code="kati_basti", age_is_absolute=absolute), code="default")
    order = OrderProgress(PrescriptionItem(variant=ordered, lifted_limits={"age_limit": reason} if reason else {}), ())

    assert order.lifts_age("kati_basti", treatment) is lifts
    assert not order.lifts_age("abhyanga", treatment)


@pytest.mark.parametrize("lifted_first", [True, False])
def test_of_two_orders_of_one_therapy_the_one_that_lifts_the_age_is_used_first(*, lifted_first: bool) -> None:
    ordered, until = variant_of("kati_basti"), Prescription(valid_until=TODAY)
    plain, lifts = (
        OrderProgress(PrescriptionItem(variant=ordered, prescription=until, sessions=7, lifted_limits=lifted), ())
        for lifted in ({}, {"age_limit": "strong, examined today"})
    )
    orders = (lifts, plain) if lifted_first else (plain, lifts)
    nothing: frozenset[str] = frozenset()
    facts = PatientFacts(aged(90), dt.datetime(2026, 3, 2, tzinfo=dt.UTC), (), {}, (), nothing, orders, nothing)

    assert facts.order_for(ordered, TODAY) is lifts
