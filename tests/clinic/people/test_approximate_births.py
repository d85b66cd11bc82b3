"""An age that was told, without a date of birth: shown as what it is, judged by the more careful end of it."""

import datetime as dt

import pytest

from bookings.actions.consents import Signature, why_not_consent
from bookings.desk.clinical.consent_forms import needs_guardian
from bookings.facts.catalogue_numbers import GUARDIAN_BELOW
from bookings.facts.patient import _careful_age
from bookings.rules.visits import why_not_at_age
from bookings.slots.search_space import is_child
from clinic.people.models import Patient
from clinic.people.models.patient import Ages
from therapies.models import Therapy, Variant
from therapies.suitability import Profile

TODAY = dt.date(2026, 3, 2)


def told(age: int, *, approximate: bool = True) -> Patient:
    """Somebody who said this age today."""
    return Patient(birth_date=dt.date(2026 - age, 3, 2), birth_is_approximate=approximate, given_name="Kamla")


def test_ages_of_a_known_date_of_birth_are_one() -> None:
    assert told(40, approximate=False).ages(TODAY) == Ages(40, 40)


@pytest.mark.parametrize(("age", "ages"), [(40, Ages(38, 42)), (1, Ages(0, 3)), (0, Ages(0, 2))])
def test_age_that_was_told_may_be_two_years_off(age: int, ages: Ages) -> None:
    assert told(age).ages(TODAY) == ages


def test_a_year_later_both_ends_are_a_year_older() -> None:
    assert told(17).ages(TODAY + dt.timedelta(days=365)) == Ages(16, 20)


@pytest.mark.parametrize(("age", "approximate", "refused"), [(17, True, True), (17, False, False), (18, True, False)])
def test_nobody_is_taken_for_old_enough_by_an_age_that_may_be_too_low(
    age: int, approximate: bool, refused: bool
) -> None:
    variant = Variant(therapy=Therapy(), minimum_age=16)

    reason = why_not_at_age(variant, told(age, approximate=approximate), on=TODAY, youngest=16)

    assert bool(reason) is refused
    assert reason.endswith("Only an approximate age is known: the date of birth decides.") is refused


@pytest.mark.parametrize(("age", "approximate", "refused"), [(69, True, True), (69, False, False), (68, True, False)])
def test_nobody_is_taken_for_young_enough_by_an_age_that_may_be_too_high(
    age: int, approximate: bool, refused: bool
) -> None:
    variant = Variant(therapy=Therapy(), minimum_age=16, maximum_age=70)

    assert bool(why_not_at_age(variant, told(age, approximate=approximate), on=TODAY, youngest=16)) is refused


@pytest.mark.parametrize(("age", "approximate", "guarded"), [(19, True, True), (19, False, False), (20, True, False)])
def test_nobody_consents_alone_who_may_be_a_child(
    monkeypatch: pytest.MonkeyPatch, age: int, approximate: bool, guarded: bool
) -> None:
    monkeypatch.setattr(type(GUARDIAN_BELOW), "read", lambda _self: 18)
    patient = told(age, approximate=approximate)

    assert needs_guardian(patient, TODAY) is guarded
    assert bool(why_not_consent(patient, Signature("screen", "Kamla"), on=TODAY)) is guarded


def test_child_is_oiled_by_one_therapist_where_the_age_may_be_under_ten() -> None:
    assert [is_child(told(11), TODAY), is_child(told(11, approximate=False), TODAY)] == [True, False]


@pytest.mark.parametrize(("age", "judged"), [(17, 15), (69, 71), (40, 40)])
def test_answer_that_the_record_knows_is_the_age_that_speaks_most_against_it(age: int, judged: int) -> None:
    profile = Profile("lepa", "", frozenset(), {}, minimum_age=16, maximum_age=70)

    assert _careful_age(told(age), profile, TODAY) == judged
