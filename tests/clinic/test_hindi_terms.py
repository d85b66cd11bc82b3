"""One Hindi word for one thing, over every string that people read: messages, catalogue and consents."""

import re

import pytest

from tests.hindi import entries

NOT = {
    "मुलाक़ात": "अपॉइंटमेंट",
    "विज़िट": "अपॉइंटमेंट",
    "चिकित्सा": "उपचार",
    "चिकित्सक": "वैद्य, थेरेपिस्ट",
    "स्वास्थ्य जाँच": "स्वास्थ्य के प्रश्न",
    "सेवा देने": "थेरेपिस्ट या वैद्य",
    "परिचारक": "सहायक",
    "डेस्क": "रिसेप्शन",
    "रोगी": "मरीज़",
    "मरीज़ संख्या": "मरीज़ आईडी",
    "कर्मचारी": "स्टाफ़",
    "प्रवेश": "साइन इन",
    "अकाउंट": "खाता",
    "जारी रखें": "आगे बढ़ें",
    "स्थानांतरित": "समय बदलें",
    "पत्र": "ई-मेल",
    "ख़ाली समय": "उपलब्ध समय",
    "रोका हुआ": "सुरक्षित",
    "पक्का नहीं": "पता नहीं",
    "संकेत": "लक्षण",
    "टाँग": "पैर",
    "छाती": "सीना",
    "रक्तचाप": "ब्लड प्रेशर (बीपी)",
    "ज्वर": "बुख़ार",
    "झुनझुनी": "झनझनाहट",
    "क्वाथ": "काढ़ा",
    "फ़ीस": "शुल्क",
    "सप्ताह": "हफ़्ता",
    "यदि": "अगर",
    "आयु": "उम्र",
    "लिंग": "जेंडर",
    "पृष्ठ": "पेज",
    "ढूँढ": "खोजें",
    "प्रबंधक": "मैनेजर",
    "प्रायः": "अक्सर",
    "बाकी": "बाक़ी",
    "बुखार": "बुख़ार",
    "खाली": "ख़ाली",
    "गर्मी": "गरमी",
    "माँसपेशि": "मांसपेशी",
    "संतान": "बेटा या बेटी",
    "परिसर": "क्लिनिक",
    "कीजिए": "करें",
}
"""A word that is not used, and the one that is."""
ALLOWED = {
    ("पक्का नहीं", "We are reserving this time for you while we review your request. It is not confirmed yet."),
    ("पक्का नहीं", "We are sorry, but we cannot confirm the time you requested."),
    ("पक्का नहीं", "Held"),
    ("रोका हुआ", "blocked address"),
    ("संकेत", "heartbeat"),
    ("संकेत", "heartbeats"),
}
"""A booking is confirmed or not, an address is blocked, a heartbeat is a signal."""
A_FAVOUR = {
    "Please arrive at %(time)s.",
    "Your appointment is on %(day)s. Please arrive at %(time)s.",
    "Please answer a few questions before your visit: %(when)s",
    "Please answer a few questions before you come. It takes a few minutes.",
    "Please confirm that this is your address: open the appointment and press the button.",
    "A change or cancellation now costs %(price)s. If you cannot come, please still let us know.",
    "We do not charge for a late change or cancellation. If you cannot come, please let us know.",
    "You can choose a new time. If you did come, please let us know so that we can correct this.",
    "If you have any problems, please call us.",
    "If this is wrong, please tell the manager of the clinic or call us.",
    "If this was not you, please call us.",
    "If you did not expect this, please call us.",
    "If you did not offer this role, please call us.",
    "If you do not know why, please tell the manager of the clinic or call us.",
    "%(by)s offers you this role from %(from)s. Please reply by %(until)s.",
}
"""Where we ask for one: a page has one of them at most."""
NAMES = re.compile("आयुर्वेद|कायचिकित्सा|पृष्ठ बस्ति|पत्र पिंड")


@pytest.mark.parametrize("word", NOT)
def test_word_that_is_not_used_stands_nowhere(word: str) -> None:
    whole = re.compile(rf"(?<![\u0900-\u097f]){word}|{word}(?![\u0900-\u097f])")
    places = [
        (entry.english, entry.translation)
        for entry in entries()
        if whole.search(NAMES.sub("", entry.translation)) and (word, entry.english) not in ALLOWED
    ]

    assert (NOT[word], places) == (NOT[word], [])


def test_please_stands_only_where_a_favour_is_asked() -> None:
    assert {entry.english for entry in entries() if "कृपया" in entry.translation} == A_FAVOUR


def test_nobody_is_addressed_in_two_registers() -> None:
    register = re.compile(r"(?:इए|िए|ाइए)(?=[\s।,;?!)]|$)")
    address = [entry.translation for entry in entries() if register.search(entry.translation)]

    assert [words for words in address if not re.search("चाहिए|लिए|दिए|किए|इसलिए", words)] == []


def test_no_slash_stands_between_two_forms_of_a_verb() -> None:
    forms = re.compile(r"[\u0900-\u097f]+[ाीूे]/[\u0900-\u097f]+[ीेूा]")

    assert [entry.translation for entry in entries() if forms.search(entry.translation)] == []
