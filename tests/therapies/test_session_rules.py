"""Each stop sign and each rule of a session of the shipped data, for each shipped therapy."""

import pytest
from django.utils import translation

from therapies.catalogue.reader import read_catalogue
from therapies.session_rules import Action, GivenTherapy, kept_to, signs

SHIPPED = read_catalogue()
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
    elif data["then"] in ("emergency_service", "urgent_referral"):
        expected = ["all"]
    else:
        expected = sorted(given.groups) or [given.therapy]
    assert sign.suspended(given) == expected


def test_therapy_without_a_group_is_suspended_by_its_code() -> None:
    lepa = GivenTherapy("lepa", "default", frozenset())

    assert next(s for s in signs(STOPS, lepa) if s.code == "st_rash").suspended(lepa) == ["lepa"]


def test_actions_of_the_data_are_known() -> None:
    actions = {str(data["action"]) for _code, data in STOPS}

    assert actions <= {action.value for action in Action}


def test_unknown_action_is_a_stop_and_silence_about_the_next_session_suspends() -> None:
    (sign,) = signs([("st_new", {"sign": "a new sign", "action": "sing"})], KATI)

    assert (sign.action, sign.suspended(KATI)) == (Action.STOP, ["bahya_basti_family"])


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
