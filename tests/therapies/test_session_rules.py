"""Each stop sign and each rule of a session of the shipped data, for each shipped therapy."""

import pytest
from django.utils import translation

from tests.shipped import CATALOGUE as SHIPPED
from therapies.session_rules import Action, GivenTherapy, has_pain_risen, kept_to, signs

STOPS = [(rule.code, rule.rule) for rule in SHIPPED.rules if rule.kind == "stop" and "sign" in rule.rule]
DURING = [(rule.code, rule.rule) for rule in SHIPPED.rules if rule.kind == "session"]
GIVEN = [
    GivenTherapy(therapy.code, variant.code, frozenset(therapy.groups))
    for therapy in SHIPPED.therapies.values()
    for variant in therapy.variants
]
MEANT_FOR = {
    "st_enough_sweat": {"swedana", "nadi_sweda"},
    "st_unstable_vitals": {"vamana", "virechana", "basti", "raktamokshana"},
    "st_blood": {"vamana", "virechana", "basti"},
    "st_basti_not_returned": {"basti"},
    "st_bleeding_not_stopping": {"raktamokshana"},
}
HEAT = {"st_over_sweating", "st_burn"}
KATI, MASSAGE = (
    GivenTherapy("kati_basti", "default", frozenset({"bahya_basti_family"})),
    GivenTherapy("back_pain_massage", "default", frozenset({"massage_family"})),
)


def codes(given: GivenTherapy) -> set[str]:
    return {sign.code for sign in signs(STOPS, given)}


@pytest.mark.parametrize(("code", "data"), STOPS)
def test_sign_is_offered_for_the_therapies_that_the_data_names(code: str, data: dict[str, object]) -> None:
    named = set(data["applies_to"])  # type: ignore[call-overload]

    offered = {given for given in GIVEN if code in codes(given)}

    meant = {given for given in GIVEN if named & {"all", given.therapy, *given.groups}}
    variants = data.get("applies_to_variants")
    assert offered == ({given for given in meant if given.variant in variants} if variants else meant)  # type: ignore[operator]
    assert offered


@pytest.mark.parametrize(("code", "therapies"), MEANT_FOR.items())
def test_sign_of_single_therapies(code: str, therapies: set[str]) -> None:
    assert {given.therapy for given in GIVEN if code in codes(given)} == therapies


@pytest.mark.parametrize("code", sorted(HEAT))
def test_signs_of_heat_are_not_offered_for_a_massage(code: str) -> None:
    assert code in codes(KATI)
    assert code not in codes(MASSAGE)


def test_decoction_that_stays_is_a_sign_of_that_variant_only() -> None:
    basti = [given for given in GIVEN if given.therapy == "basti"]

    assert {given.variant for given in basti if "st_basti_not_returned" in codes(given)} == {"niruha"}


@pytest.mark.parametrize(("code", "data"), STOPS)
def test_sign_suspends_as_the_data_says(code: str, data: dict[str, object]) -> None:
    given = next(given for given in GIVEN if code in codes(given))
    sign = next(sign for sign in signs(STOPS, given) if sign.code == code)

    if not data["blocks_next_session"]:
        expected = []
    elif data["pauses"] == "family":
        expected = sorted(given.groups) or [given.therapy]
    else:
        expected = ["all"]
    assert sign.suspended(given) == expected


@pytest.mark.parametrize(
    "code",
    ["st_pain_down_leg", "st_numbness", "st_burn", "st_rash", "st_pain_increases", "st_fainting", "st_over_sweating"],
)
def test_sign_of_nerve_burn_rash_rising_pain_or_faintness_belongs_to_the_body(code: str) -> None:
    for given in GIVEN:
        for sign in signs(STOPS, given):
            assert sign.code != code or sign.suspended(given) == ["all"]


def test_pause_of_the_family_is_of_the_therapy_alone_where_it_has_no_group() -> None:
    alone = GivenTherapy("basti", "niruha", frozenset())
    (sign,) = [sign for sign in signs(STOPS, alone) if sign.code == "st_basti_not_returned"]

    assert sign.suspended(alone) == ["basti"]


WATCHED = [
    (therapy.code, sign)
    for therapy in SHIPPED.therapies.values()
    if therapy.kind == "procedure"
    for sign in therapy.facts.monitoring.get("stop_signs", [])
]


@pytest.mark.parametrize(("therapy", "sign"), WATCHED)
def test_stop_sign_of_an_entry_is_a_button_of_its_session(therapy: str, sign: str) -> None:
    standing = {code for code, data in STOPS if sign in data.get("stands_for", ())}  # type: ignore[operator]
    variants = [given for given in GIVEN if given.therapy == therapy]

    shown = [given for given in variants if standing & codes(given)]

    assert shown == (
        [given for given in variants if given.variant == "niruha"] if sign in OF_THE_DECOCTION else variants
    )
    assert shown


OF_THE_DECOCTION = {"not_returned_in_time"}


def test_signs_that_the_review_missed_have_buttons() -> None:
    missed = {
        "basti": {"st_belly_pain"},
        "virechana": {"st_belly_pain", "st_bouts"},
        "vamana": {"st_choking", "st_bouts"},
        "nasya": {"st_choking", "st_nose"},
        "raktamokshana": {"st_fainting"},
    }

    found = {given.therapy: codes(given) & missed.get(given.therapy, set()) for given in GIVEN}

    assert {therapy: found[therapy] for therapy in missed} == missed


@pytest.mark.parametrize(("code", "data"), STOPS)
def test_sign_has_words_in_both_languages(code: str, data: dict[str, object]) -> None:
    for language in ("en", "hi"):
        with translation.override(language):
            words = next(sign.words for given in GIVEN for sign in signs(STOPS, given) if sign.code == code)
        assert words.isascii() is (language == "en")
        assert code not in words


@pytest.mark.parametrize(
    ("before", "after", "risen"),
    [
        (5, 7, True),
        (5, 6, False),
        (6, 7, True),
        (7, 7, False),
        (8, 8, False),
        (7, 8, True),
        (0, 2, True),
        (0, 1, False),
        (9, 7, False),
        (None, 7, True),
        (None, 6, False),
        (5, None, False),
    ],
)
def test_pain_has_risen_by_two_or_to_seven(before: int | None, after: int | None, risen: bool) -> None:
    assert has_pain_risen(before, after) is risen


def test_actions_of_the_data_are_known() -> None:
    actions = {str(data["action"]) for _code, data in STOPS}

    assert actions <= {action.value for action in Action}


def test_unknown_action_is_a_stop_and_silence_about_the_next_session_suspends() -> None:
    (sign,) = signs([("st_new", {"sign": "a new sign", "action": "sing"})], KATI)

    assert (sign.action, sign.suspended(KATI)) == (Action.STOP, ["all"])


def test_emergencies_come_first_and_stops_before_the_rest() -> None:
    found = signs(STOPS, KATI)

    assert found[0].code == "st_chest_pain_breath"
    assert found[-1].code == "st_oil_leak"


@pytest.mark.parametrize(("code", "data"), DURING)
def test_rule_of_a_session_is_shown_for_what_it_is_meant_for(code: str, data: dict[str, object]) -> None:
    named, sentence = set(data["applies_to"]), str(data["rule"])  # type: ignore[call-overload]

    shown = {given for given in GIVEN if any(words.lower() == sentence.lower() for words in kept_to(DURING, given))}

    assert shown == {given for given in GIVEN if named & {"all", given.therapy, *given.groups}}


def test_sign_in_the_reader_s_language_where_the_clinic_wrote_it() -> None:
    rule = {"sign": "the oil pool leaks", "words": {"sign": {"hi": "तेल रिस रहा है"}}, "applies_to": ["all"]}

    with translation.override("hi"):
        (sign,) = signs([("st_oil_leak", rule)], KATI)

    assert sign.words == "तेल रिस रहा है"


@pytest.mark.parametrize(("code", "data"), [*STOPS, *DURING])
def test_words_of_a_session_are_there_in_hindi(code: str, data: dict[str, object]) -> None:
    said = {name for name in ("sign", "rule", "note") if name in data}

    assert set(data["words"]) == said  # type: ignore[call-overload]
    assert all(data["words"][name]["hi"] for name in said)  # type: ignore[index]
