"""What a question of the screening may say."""

from typing import Annotated, Literal

from pydantic import Field, JsonValue

from .shapes import Code, FileShape, InLanguages, Label, Sentence, Sentences

QuestionGroupCode = Literal[
    "red_flag",
    "back_caution",
    "heart_vessels",
    "nerves_bones",
    "inner_organs",
    "skin_implants",
    "medicines",
    "women",
    "general",
    "today",
]
Years = Annotated[int, Field(ge=0, le=130)]


class AlertShape(InLanguages):
    """What a "yes" is to whoever treats or helps in an emergency, and its name in few words."""

    kind: Literal["allergy", "medicine", "implant", "condition"]
    en: Label
    hi: Label


class QuestionWordsShape(FileShape):
    """What staff read of a question, in the languages besides English."""

    reason: Sentences


class QuestionRuleShape(FileShape):
    trigger: JsonValue
    scope: Literal["until_physician_clears", "this_session"]
    asked_when: list[Literal["booking", "first_visit", "every_session"]] = Field(min_length=1)
    asked_by: Literal["patient", "staff"] = "patient"
    applies_to: list[Code] = Field(min_length=1)
    applies_to_variants: list[Code] = []
    effect_overrides: dict[Code, Code] = {}
    terms: list[Code] = []
    known_from: Literal["", "birth_date", "assessment", "own_record"] = ""  # what the record knows is not asked
    not_asked_of: list[Literal["man", "woman"]] = []
    asked_of_ages: list[Annotated[list[Years], Field(min_length=2, max_length=2)]] = []
    lasts_days: int = Field(default=0, ge=0, le=60)  # how long an answer about today still counts
    lifted_with: Literal["", "own_examination", "report"] = ""  # empty: a report where a doctor looks the same day
    replaced_by: list[Code] = []  # asked no more: these ask it now; what was answered still counts
    alert: AlertShape | None = None  # shown at the head of a session and on the emergency card
    reason: Sentence
    words: QuestionWordsShape | None = None


class QuestionShape(FileShape):
    code: Code
    group: QuestionGroupCode
    position: int = Field(ge=0, le=9999)
    text: Sentences
    sign: Sentences = {}
    answer_type: Literal[
        "yes_no_unsure", "yes_no_prefer_not", "yes_no_text", "integer", "integer_0_10", "free_text", "datetime"
    ]
    effect: Literal["urgent_referral", "block_massage", "needs_consultation_first", "inform_crew"]
    urgency: Literal["", "emergency_now", "same_day_doctor", "within_days"] = ""
    rule: QuestionRuleShape
    sources: list[Code] = Field(min_length=1)
