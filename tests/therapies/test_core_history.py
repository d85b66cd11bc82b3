"""What is asked belongs to the body: each fact of the core history × each therapy, by the shipped data. Pure."""

import datetime as dt
from typing import Any

import pytest

from tests.therapies.shipped_profiles import SHIPPED, asked, shipped_profiles
from tests.therapies.test_suitability import passing
from therapies.catalogue.question_shapes import QuestionShape
from therapies.questionnaire import BOOKING, asked_today, history_of_body
from therapies.suitability import Effect, Profile, effect_of

NOW = dt.datetime(2026, 3, 2, 4, 30, tzinfo=dt.UTC)
PROFILES = [profile for profile in shipped_profiles() if SHIPPED.therapies[profile.therapy].kind == "procedure"]
THERAPIES = sorted({profile.therapy for profile in PROFILES})
HEAT = ["kati_basti", "prishta_basti", "swedana", "nadi_sweda", "patra_pinda_sweda", "shashtika_shali_pinda_sweda"]
PURIFICATION = ["vamana", "virechana", "basti", "nasya", "raktamokshana"]
ASKED = [question for question in SHIPPED.questions if not question.rule.replaced_by and not question.rule.known_from]
LASTING = [question for question in ASKED if BOOKING in question.rule.asked_when and question.group != "today"]


def effect(code: str, profile: Profile, value: Any = "yes") -> Effect:
    return effect_of(asked(code), value, profile, now=NOW)


def effects(code: str, therapy: str, value: str = "yes") -> set[Effect]:
    """Of each of the therapy's variants."""
    return {effect(code, profile, value) for profile in PROFILES if profile.therapy == therapy}


# --- the body, and not the therapy ------------------------------------------------------------------------------------

NAMED = {
    "md_operation": THERAPIES,
    "nb_fracture": [therapy for therapy in THERAPIES if therapy != "lepa"],
    "hv_swollen_leg": THERAPIES,
    "hv_clot_now": ["kati_basti", "prishta_basti", "swedana", "nadi_sweda", "virechana", "abhyanga"],
    "hv_clot_ever": ["kati_basti", "prishta_basti", "swedana", "nadi_sweda", "virechana", "abhyanga"],
    "md_anticoagulant": ["patra_pinda_sweda", "basti", "virechana", "nasya", "abhyanga", "raktamokshana", "vamana"],
    "md_antiplatelet": ["abhyanga", "back_pain_massage", "raktamokshana", "vamana"],
    "gh_active_bleeding": THERAPIES,
    "im_pacemaker": ["swedana", "nadi_sweda", "kati_basti", "abhyanga", "vamana"],
    "im_pump": ["swedana", "nadi_sweda", "kati_basti", "abhyanga"],
    "im_stent": ["swedana", "raktamokshana", "vamana"],
    "im_metal": ["kati_basti", "prishta_basti", "nadi_sweda", "abhyanga"],
    "md_patch": [*HEAT, "abhyanga", "back_pain_massage", "lepa"],
    "nb_no_feeling": [*HEAT, "abhyanga", "back_pain_massage", "lepa"],
    "nb_cannot_say": THERAPIES,
    "nb_epilepsy": ["swedana", "vamana", "virechana", "nasya", "basti"],
    "nb_stroke": ["swedana", "vamana", "virechana", "basti", "abhyanga"],
    "io_lung": ["swedana", "kati_basti", "prishta_basti", "abhyanga"],
    "io_thyroid": ["swedana", "vamana", "virechana"],
    "io_cancer_now": THERAPIES,
    "rf_cancer_history": THERAPIES,
    "io_immunity": [therapy for therapy in THERAPIES if therapy != "lepa"],
    "nb_glaucoma": ["vamana", "nasya"],
    "io_ulcer": ["vamana", "virechana", "basti"],
    "io_hernia": ["vamana", "virechana", "basti"],
    "io_bowel_disease": ["vamana", "virechana", "basti"],
    "io_piles": ["virechana", "basti"],
    "wm_breastfeeding": ["vamana", "virechana", "basti", "nasya", "raktamokshana"],
    "md_spine_injection": THERAPIES,
    "md_manipulation": THERAPIES,
    "md_panchakarma": THERAPIES,
}
"""Each fact that was asked of some therapies only, with those for which at least a Vaidya decides."""


@pytest.mark.parametrize(("code", "therapy"), [(code, name) for code, names in NAMED.items() for name in names])
def test_a_fact_of_the_body_is_judged_for_every_therapy_that_it_concerns(code: str, therapy: str) -> None:
    """An operation for Kati Basti after a discectomy and for each enema; a clot for Swedana; thinners for Basti …"""
    assert min(effects(code, therapy)) >= Effect.CONSULT


@pytest.mark.parametrize("question", LASTING, ids=lambda question: question.code)
def test_no_yes_of_the_core_history_is_silent(question: QuestionShape) -> None:
    """Stop, ask or at least told to the crew: whatever is prescribed. Back signs speak of what touches the back."""
    silent = {profile.therapy for profile in PROFILES if effect(question.code, profile) is Effect.NONE}

    meant = {"all"} & {*question.rule.applies_to}
    assert question.rule.trigger == "no" or question.group == "back_caution" or (meant and not silent)


@pytest.mark.parametrize("question", SHIPPED.questions, ids=lambda question: question.code)
def test_not_sure_never_counts_for_less_than_yes_without_a_look(question: QuestionShape) -> None:
    """Inflamed skin before a paste, skin before niruha: "not sure" found nothing where "yes" did."""
    if question.rule.trigger not in ("yes", "no"):
        return

    lighter = [
        (profile.therapy, profile.variant)
        for profile in PROFILES
        if effect(question.code, profile, "unsure") < min(effect(question.code, profile, question.rule.trigger), 2)
    ]

    assert lighter == []


def test_every_question_is_asked_somewhere_and_a_replaced_one_nowhere() -> None:
    questions = [asked(question.code) for question in SHIPPED.questions]
    put = [*history_of_body(questions), *asked_today(questions, PROFILES, staff=True)]

    assert {question.code for question in put} == {question.code for question in ASKED}


@pytest.mark.parametrize(
    ("gender", "age", "codes"),
    [("woman", 82, set()), ("man", 30, set()), ("woman", 30, {"gh_pregnancy", "wm_birth", "wm_breastfeeding"})],
)
def test_pregnancy_is_asked_by_age_and_body(gender: str, age: int, codes: set[str]) -> None:
    questions = history_of_body([asked(row.code) for row in SHIPPED.questions], gender=gender, age=age)

    assert {question.code for question in questions if question.group == "women"} == codes


# --- controlled is not out of control ---------------------------------------------------------------------------------

CONTROLLED = {
    "hv_pressure": "hv_pressure_high",
    "gh_diabetes": "io_sugar_high",
    "nb_weak_bones": "nb_fracture",
    "hv_bruises": "hv_bleeding_disorder",
    "io_hard_stools": "io_blocked_bowel",
    "io_lung": "io_breathless",
    "nb_old_weakness": "rf_new_leg_weakness",
    "hv_clot_ever": "hv_clot_now",
    "md_antiplatelet": "md_anticoagulant",
}


@pytest.mark.parametrize("code", CONTROLLED)
def test_a_disease_under_control_asks_at_most_and_out_of_control_stops_somewhere(code: str) -> None:
    assert max(effect(code, profile) for profile in PROFILES) is Effect.CONSULT
    assert max(effect(CONTROLLED[code], profile) for profile in PROFILES) > Effect.CONSULT


def test_a_cough_is_no_disease_of_the_lungs() -> None:
    assert effects("td_cough", "swedana") == effects("td_cough", "abhyanga") == {Effect.NOTE}
    assert effects("td_cough", "nasya") == {Effect.BLOCK}


def test_a_new_foot_drop_is_an_emergency_and_an_old_one_a_finding() -> None:
    assert asked("rf_new_leg_weakness").urgency == "emergency_now"
    assert {effect("nb_old_weakness", profile) for profile in PROFILES} == {Effect.CONSULT}


# --- not stricter than a good clinic ----------------------------------------------------------------------------------


def test_new_pain_after_fifty_asks_and_blocks_nothing() -> None:
    questions = [asked("bc_new_pain")]

    assert {effect("bc_new_pain", profile) for profile in PROFILES} == {Effect.CONSULT}
    assert [len(history_of_body(questions, age=age)) for age in (19, 20, 50, 51)] == [1, 0, 0, 1]


@pytest.mark.parametrize("code", ["rf_night_rest_pain", "rf_recent_weight_loss", "md_steroids", "rf_cancer_history"])
def test_a_sign_that_most_people_have_is_lifted_by_the_vaidyas_own_examination(code: str) -> None:
    assert asked(code).lifted_with == "own_examination"


def test_reasons_carry_the_figures_of_their_sources() -> None:
    assert "213 of 482" in asked("rf_night_rest_pain").reason
    assert "80.4 %" in asked("rf_cancer_history").reason
    assert {"harding_2005", "henschke_2009", "kriikku_2020"} <= SHIPPED.sources.keys()


def test_an_injury_of_the_back_blocks_massage_and_neither_a_paste_nor_nasya() -> None:
    assert effects("bc_recent_injury", "abhyanga") == {Effect.BLOCK}
    assert effects("bc_recent_injury", "lepa") == {Effect.NOTE}
    assert effects("bc_recent_injury", "nasya") == {Effect.CONSULT}


def test_fever_today_blocks_and_fever_of_the_last_days_asks() -> None:
    assert {effect("td_fever_now", profile) for profile in PROFILES} == {Effect.BLOCK}
    assert {effect("td_fever_lately", profile) for profile in PROFILES} == {Effect.CONSULT}
    assert {asked(code).lasts_days for code in ("td_fever_now", "td_fever_lately")} == {2}


def test_leeches_have_limits_of_their_own() -> None:
    """Weak people are fit for leeches in the classics; venesection is not for them."""
    by_variant = {
        profile.variant: effect("io_weak", profile) for profile in PROFILES if profile.therapy == "raktamokshana"
    }

    assert by_variant == {
        "jalaukavacharana": Effect.CONSULT,
        "siravyadha": Effect.BLOCK,
        "pracchana": Effect.BLOCK,
    }


def test_the_old_may_have_leeches_where_venesection_is_not_for_them() -> None:
    limits = {profile.variant: profile.maximum_age for profile in PROFILES if profile.therapy == "raktamokshana"}

    assert limits == {"jalaukavacharana": 90, "siravyadha": 70, "pracchana": 70}


@pytest.mark.parametrize("question", LASTING, ids=lambda question: question.code)
def test_what_only_informs_has_a_name_that_whoever_treats_reads(question: QuestionShape) -> None:
    assert question.effect != "inform_crew" or question.rule.alert is not None


# --- allergies and medicines, matched with the therapy ----------------------------------------------------------------

MATERIALS = {
    "al_sesame": ("oil",),
    "al_coconut": ("oil", "coconut"),
    "al_other_oil": ("oil",),
    "al_nuts": ("oil",),
    "al_milk": ("milk", "ghee"),
    "al_grain": ("rice", "flour"),
    "al_latex": ("gloves",),
    "al_herbs": ("herb", "leaves", "decoction", "paste"),
}
USED = {code: " ".join(map(str, SHIPPED.therapies[code].facts.materials.get("items", []))) for code in THERAPIES}
"""What each therapy's materials are, in the words of its file."""


@pytest.mark.parametrize("code", MATERIALS)
def test_an_allergy_speaks_against_each_therapy_that_uses_the_material(code: str) -> None:
    silent = [
        therapy
        for therapy in THERAPIES
        if any(word in USED[therapy] for word in MATERIALS[code]) and min(effects(code, therapy)) < Effect.CONSULT
    ]

    assert silent == []


@pytest.mark.parametrize("therapy", ["raktamokshana", "vamana", "virechana", "lepa"])
def test_an_allergy_to_sesame_does_not_speak_against_what_is_done_without_oil(therapy: str) -> None:
    assert effects("al_sesame", therapy) == {Effect.NOTE}


@pytest.mark.parametrize(
    ("code", "therapies"),
    [
        ("md_lithium", ["swedana", "patra_pinda_sweda", "vamana", "virechana", "basti"]),
        ("md_diuretics", ["swedana", "patra_pinda_sweda", "vamana", "virechana", "basti"]),
        ("md_insulin", ["vamana", "virechana", "basti"]),
        ("md_sugar_tablets", ["vamana", "virechana", "basti"]),
        ("md_pressure_tablets", ["swedana", "vamana", "virechana"]),
    ],
)
def test_a_medicine_speaks_against_what_makes_it_dangerous(code: str, therapies: list[str]) -> None:
    assert {therapy: min(effects(code, therapy)) >= Effect.CONSULT for therapy in therapies} == dict.fromkeys(
        therapies, True
    )


@pytest.mark.parametrize("therapy", HEAT)
def test_no_heat_with_a_medicine_patch_or_where_heat_is_not_felt(therapy: str) -> None:
    assert effects("md_patch", therapy) == effects("nb_no_feeling", therapy) == {Effect.BLOCK}


@pytest.mark.parametrize("question", ASKED, ids=lambda question: question.code)
def test_who_has_nothing_to_tell_is_let_pass(question: QuestionShape) -> None:
    value = passing(asked(question.code))

    assert {effect(question.code, profile, value) for profile in PROFILES} == {Effect.NONE}
