"""The last meal by variant: each starts in its right state, is refused in its wrong one, and says so beforehand."""

import datetime as dt

import pytest

from tests.therapies.shipped_profiles import SHIPPED, asked, shipped_profiles
from therapies.catalogue.entries import therapies
from therapies.catalogue.meals import MEALS
from therapies.meal_words import without_hours
from therapies.models import Therapy, TherapyText, Variant
from therapies.preparation import preparation_of
from therapies.suitability import FindingKind, Profile, Value, judge

NOW = dt.datetime(2026, 3, 2, 4, 30, tzinfo=dt.UTC)
A_MINUTE, AN_HOUR = dt.timedelta(minutes=1), dt.timedelta(hours=1)
JUST_BEFORE = 0
"""A small meal just before it begins."""
ANY_TIME = -1
FASTING = 3
"""From so many hours somebody with tablets or insulin for the blood sugar may come to harm."""
HOURS = {
    "abhyanga": 4,
    "back_pain_massage": 2,
    "consultation_first": ANY_TIME,
    "consultation_follow_up": ANY_TIME,
    "kati_basti": 1,
    "lepa": ANY_TIME,
    "nadi_sweda": 2,
    "nasya": 2,
    "patra_pinda_sweda": 2,
    "prishta_basti": 1,
    "raktamokshana": 2,
    "shashtika_shali_pinda_sweda": 2,
    "snehapana": 8,
    "swedana": 2,
    "vamana": 8,
    "virechana": 8,
}
OF_VARIANTS = {
    ("basti", "niruha"): 3,
    ("basti", "anuvasana"): JUST_BEFORE,
    ("basti", "matra"): JUST_BEFORE,
    ("nasya", "pratimarsha"): ANY_TIME,
}
"""By therapy, and by variant where they differ; hours after a meal."""
PROFILES = {(made.therapy, made.variant): made for made in shipped_profiles()}
ENTRIES = therapies(SHIPPED)
each = pytest.mark.parametrize(("therapy", "variant"), sorted(PROFILES))


def hours_of(therapy: str, variant: str) -> int:
    return OF_VARIANTS.get((therapy, variant), HOURS.get(therapy, ANY_TIME))


def refused(profile: Profile, *, last_meal: dt.datetime, small_meal: str) -> bool:
    """Whether what was eaten stops it."""
    answers: dict[str, Value] = {"td_last_meal": last_meal, "td_not_eaten_before_oil_enema": small_meal}
    return any(found.kind is FindingKind.STOP for found in judge(profile, map(asked, answers), answers, now=NOW))


def test_each_variant_has_its_row_in_the_table() -> None:
    assert {*HOURS} | {therapy for therapy, _variant in OF_VARIANTS} == {therapy for therapy, _variant in PROFILES}


@each
def test_each_variant_starts_in_its_right_meal_state_and_is_refused_in_its_wrong_one(
    therapy: str, variant: str
) -> None:
    """Who ate just before says so in both answers, who did not in neither."""
    hours, profile = hours_of(therapy, variant), PROFILES[therapy, variant]

    just_eaten = refused(profile, last_meal=NOW - 5 * A_MINUTE, small_meal="yes")
    waited = refused(profile, last_meal=NOW - max(hours, 0) * AN_HOUR, small_meal="no")
    too_short = refused(profile, last_meal=NOW - max(hours, 1) * AN_HOUR + A_MINUTE, small_meal="no")

    expected = {JUST_BEFORE: (False, True, True), ANY_TIME: (False, False, False)}.get(hours, (True, False, True))
    assert (just_eaten, waited, too_short) == expected


@each
@pytest.mark.parametrize("language", ["en", "hi"])
def test_preparation_of_each_variant_says_the_meal_that_the_gate_wants(
    therapy: str, variant: str, language: str
) -> None:
    hours, words = hours_of(therapy, variant), SHIPPED.vocabulary.preparation
    meals = {words[code][language].replace("{hours}", str(max(hours, 0))): code for code in MEALS}  # type: ignore[index]

    lines = sentences(therapy, variant, language)

    said = {meals[line] for line in lines if line in meals}
    if hours > 0:
        assert len(said & {*MEALS} - {"light_meal_just_before", "any_time_of_meal"}) == len(said) == 1
    else:
        assert said <= {"light_meal_just_before" if hours == JUST_BEFORE else "any_time_of_meal"}
        assert bool(said) is (hours == JUST_BEFORE or (therapy, variant) in OF_VARIANTS)
    warned = words["no_fasting_with_sugar_medicine"][language] in lines  # type: ignore[index]
    assert warned is (hours >= FASTING or "light_meal_hours_before" in said)


def sentences(therapy: str, variant: str, language: str) -> list[str]:
    """What a patient of this variant reads, out of what the catalogue writes into the rows."""
    entry = ENTRIES[therapy]
    own = Variant(
        therapy=Therapy(hours_after_meal=entry["hours_after_meal"]),
        hours_after_meal=entry[f"variants/{variant}/hours_after_meal"],
        preparation=entry[f"variants/{variant}/preparation"],
    )
    return preparation_of(own, TherapyText(language=language, preparation=entry[f"texts/{language}/preparation"]))


def test_hours_that_a_clinic_wrote_into_its_own_text_are_not_told_to_who_must_eat() -> None:
    text = TherapyText(
        language="en", preparation=["Come with an empty stomach. Eat nothing in the 3 hours before.", "Bring reports."]
    )
    oil = Variant(therapy=Therapy(hours_after_meal=3), hours_after_meal=0, preparation={"en": ["Eat a little."]})
    decoction = Variant(therapy=Therapy(hours_after_meal=3))

    assert preparation_of(oil, text) == ["Bring reports.", "Eat a little."]
    assert preparation_of(decoction, text) == text.preparation
    assert without_hours(text.preparation, None) == text.preparation
