"""The Hindi of the catalogue and the consents: what a reader of Hindi listed as misleading is gone, and stays away."""

from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
CATALOGUE = ROOT / "therapies" / "catalogue"
FILES = {
    path.name: path.read_text(encoding="utf-8")
    for path in (
        *sorted(CATALOGUE.glob("*.yaml")),
        *sorted((CATALOGUE / "therapies").glob("*.yaml")),
        ROOT / "therapies" / "consent_texts.yaml",
    )
}
MISLEADING = {
    "कुछ न खाया होना": "said that fasting is required",
    "घाव, जलन": "a burn became a burning feeling",
    "घाव या जलन": "a burn became a burning feeling",
    "आपको गठिया": "arthritis of any kind, not gout",
    "तीन से सात सुबह": "from three to seven in the morning",
    "अपने आप ख़ाली होता": "motions, not vomiting",
    "आमाशय": "a word that nobody says",
    "टोली": "a band of people",
    "पेट कई बार साफ़": "nobody knows before consenting that it means loose motions",
    "संयम": "patience, not abstaining from sex",
    "स्नेह पीने": "affection, not ghee",
    "ज़्यादा स्नेह": "affection, not ghee",
    "गले में अटकना": "a crumb in the throat, not choking",
    "पीला पड़ना": "jaundice, not paleness",
    "क्या बिगड़ सकता": "a threat",
    "दोनों कंधों के बीच": "can mean neck or chest",
    "पैर या पंजा": "a hand or claw",
    "पेशाब नहीं उतरता": "dialect",
    "छाती": "the other word, सीना, is used for the same sign",
    "जकड़न जैसा नहीं, बल्कि": "“not … but …”: both answers seem right",
    "ज़्यादातर दिन रहता": "also most of the day",
    "हल्का गिरने": "no Hindi",
    "पिछले हफ़्ते में था": "the calendar week",
    "दरार": "a crack in a wall",
    "मलाशय का बाहर": "not the word that people know",
    "आपको आसानी से ख़ून बहता": "half a sentence",
    "रोग-प्रतिरोधक शक्ति": "a word of school books",
    "पीठ का आकार": "cannot be answered",
    "मासिक धर्म": "stiff; people say माहवारी",
    "प्रसव": "stiff; people say डिलीवरी",
    "वेग": "speed",
    "निवृत्त": "retired",
    "क्रम से आहार लीजिए": "broken grammar",
    "औषधीय धूम": "near smoking",
    "स्निग्ध": "nobody says it",
    "ढीलापन": "slackness",
    "गर्मी में बेहोशी": "in summer",
    "दिन का आदेश": "the order of the day",
    "क्वाथ": "elsewhere काढ़ा",
    "मांस के साथ या बिना": "many would stop reading",
    "कोई तकलीफ़ हो जाए": "a complication is more",
    "झुनझुनी": "elsewhere झनझनाहट",
    "जलौकावचरणम्": "the long ā is missing",
    "चाहता/चाहती": "no slashes",
    "सकता/सकती": "no slashes",
    "कहूँगा/कहूँगी": "no slashes",
    "बताऊँगा/बताऊँगी": "no slashes",
}


@pytest.mark.parametrize("words", MISLEADING)
def test_words_that_mislead_in_hindi_are_gone(words: str) -> None:
    assert [name for name, text in FILES.items() if words in text] == []


def test_fasting_is_never_said_to_be_required_before_an_oil_enema() -> None:
    assert "ख़ाली पेट होना (तेल वाली बस्ति से ठीक पहले थोड़ा खाना ज़रूरी है)" in FILES["terms.yaml"]


def test_vamana_and_virechana_name_what_the_body_does() -> None:
    text = FILES["texts.hi.yaml"]

    assert ("आपको कई बार उल्टी होगी" in text, "कई बार पतले दस्त होंगे" in text) == (True, True)
