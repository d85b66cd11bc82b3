"""What whoever treats must see of the answers is marked in the catalogue, question by question."""

import pytest

from tests.shipped import CATALOGUE
from therapies.catalogue.question_shapes import QuestionShape

QUESTIONS = CATALOGUE.questions
DANGEROUS = {"allergy_to_material": "allergy", "anticoagulant_or_antiplatelet": "medicine"}


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.code)
def test_allergies_and_medicines_are_marked_for_whoever_treats(question: QuestionShape) -> None:
    kinds = {kind for term, kind in DANGEROUS.items() if term in question.rule.terms}

    assert kinds <= {question.rule.alert.kind if question.rule.alert else ""}


def test_catalogue_asks_for_allergies_and_medicines() -> None:
    assert {"allergy", "medicine"} <= {question.rule.alert.kind for question in QUESTIONS if question.rule.alert}
