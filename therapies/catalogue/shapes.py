"""What each file of the catalogue may say. Minutes are multiples of five; the clock is written 07:30."""

import datetime as dt
import re
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, JsonValue, StringConstraints, model_validator

from therapies.models import BookingMode, Level, Needs, Presence, TherapyKind

Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
Sentence = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Label = Annotated[str, StringConstraints(min_length=1, max_length=120, strip_whitespace=True)]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")]
Words = Annotated[dict[Language, Label], Field(min_length=1)]
Sentences = dict[Language, Sentence]
Facts = dict[str, JsonValue]
Basis = dict[str, list[Code]]


def _minute_of_day(written: object) -> object:
    match = re.fullmatch(r"(\d{2}):(\d{2})", written) if isinstance(written, str) else None
    if match is None or int(match[2]) > 59:
        raise ValueError('write a time such as "07:30", in quotes')
    return int(match[1]) * 60 + int(match[2])


Clock = Annotated[int, BeforeValidator(_minute_of_day), Field(ge=0, le=1440, multiple_of=5)]


class FileShape(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class CrewShape(FileShape):
    role: Code
    count: int = Field(1, ge=1, le=9)
    minimum: int | None = Field(None, ge=1)
    presence: Presence = Presence.PERFORMS

    @model_validator(mode="after")
    def _minimum_within(self) -> "CrewShape":
        if self.minimum is not None and self.minimum > self.count:
            raise ValueError("minimum is above count")
        return self


class StepShape(FileShape):
    """`room`: the room is kept meanwhile. `patient`: the patient is present."""

    code: Code
    offset: int = Field(ge=-240, le=720, multiple_of=5)
    minutes: int = Field(ge=5, le=720, multiple_of=5)
    room: bool = True
    patient: bool = True
    equipment: list[Code] = []
    crew: list[CrewShape] = []


class WindowShape(FileShape):
    earliest: Clock = Field(alias="from")
    latest: Clock = Field(alias="to")

    @model_validator(mode="after")
    def _in_order(self) -> "WindowShape":
        if self.latest < self.earliest:
            raise ValueError("the window ends before it begins")
        return self


class AgeShape(FileShape):
    """In whole years. `absolute`: no Vaidya may lift the limits; not given: for a therapy yes, for a variant as it."""

    minimum: int | None = Field(None, ge=0, le=120)
    maximum: int | None = Field(None, ge=0, le=120)
    absolute: bool | None = None


class VariantShape(FileShape):
    """One way to give a therapy: its own steps, or the same as those of another variant.

    `smaller_crew_of` names the variant that it stands in for when fewer people serve. `age` and `hours_after_meal` (0:
    it waits for no meal) where they differ from the therapy's; `preparation`: codes besides the therapy's own.
    """

    code: Code
    default: bool = False
    names: Words | None = None
    who_id: str = ""
    room: Code | None = None
    window: WindowShape | None = None
    same_as: Code | None = None
    smaller_crew_of: Code | None = None
    age: AgeShape = AgeShape()
    hours_after_meal: int | None = Field(None, ge=0, le=24)
    preparation: list[Code] = []
    steps: list[StepShape] = []
    facts: Facts = {}
    basis: Basis = {}

    @model_validator(mode="after")
    def _steps_or_same(self) -> "VariantShape":
        if bool(self.steps) == bool(self.same_as):
            raise ValueError("give either steps or same_as")
        return self


class AgainstShape(FileShape):
    level: Level
    variants: list[Code] = []
    note: str = ""
    sources: list[Code] = Field(min_length=1)


class InLanguages(FileShape):
    """English and Hindi, and any other language beside them."""

    model_config = ConfigDict(extra="allow", frozen=True)
    en: Sentence
    hi: Sentence

    @model_validator(mode="after")
    def _languages_alone(self) -> "InLanguages":
        for code, words in (self.model_extra or {}).items():
            if not re.fullmatch(r"[a-z]{2,3}", code) or not isinstance(words, str) or not words.strip():
                raise ValueError(f"“{code}” is no field and no language with words")
        return self

    @property
    def by_language(self) -> dict[str, str]:
        return {"en": self.en, "hi": self.hi, **(self.model_extra or {})}


class NamesShape(InLanguages):
    en: Label
    hi: Label
    iast: str = Field("", max_length=120)
    devanagari: str = Field("", max_length=120)


class CourseShape(FileShape):
    """Sessions of a course; `usual_spacing_days` 1 is daily.

    `daily_by_order`: a written order of a usual course goes beyond the cap by itself, without a typed reason.
    """

    sessions_min: int = Field(ge=1)
    sessions_default: int = Field(ge=1)
    sessions_max: int = Field(ge=1)
    options: list[int] = []
    per_day_max: int = Field(1, ge=1)
    per_day_default: int | None = None
    usual_spacing_days: int = Field(ge=0)
    max_per_7_days: int | None = None
    usual_per_7_days: int | None = None
    total_course_days_min: int | None = None
    total_course_days_max: int | None = None
    must_be_consecutive: bool = False
    daily_by_order: bool = False
    counts_to_massage_cap: bool
    unit: str = "sessions"
    schedules: list[Code] = []
    matra_alone: Facts | None = None
    note: str = ""

    @model_validator(mode="after")
    def _in_order(self) -> "CourseShape":
        if not self.sessions_min <= self.sessions_default <= self.sessions_max:
            raise ValueError("sessions_min, sessions_default and sessions_max are not in order")
        return self


class SequencingShape(FileShape):
    follows: list[Code] = []
    usually_followed_by: list[Code] = []


class FactsShape(FileShape):
    """What the catalogue knows beyond the columns of a therapy."""

    minutes: dict[str, int] = {}
    course: CourseShape | None = None
    staffing: Facts = {}
    equipment: list[Code] = []
    materials: Facts = {}
    authorization: Facts = {}
    technique: Facts = {}
    preparation: Facts = {}
    aftercare: Facts = {}
    monitoring: Facts = {}
    sequencing: SequencingShape = SequencingShape()
    season: Facts = {}
    incident_terms: list[str] = []
    notes: list[str] = []


class TherapyShape(FileShape):
    code: Code
    kind: TherapyKind
    position: int = Field(ge=0, le=9999)
    names: NamesShape
    description: str = Field("", max_length=200)
    synonyms: list[Annotated[str, StringConstraints(min_length=1, max_length=80)]] = []
    who_id: str = Field("", max_length=30)
    category: Code
    phase: Code
    also_phases: list[Code] = []
    scope: Code
    heat: bool = False
    invasive: bool = False
    groups: list[Code] = []
    same_gender: bool
    needs: Needs
    consent: Code
    booking_mode: BookingMode
    arrival_lead_minutes: int = Field(0, ge=0, le=240, multiple_of=5)
    reminder_hours: list[Annotated[int, Field(ge=1, le=336)]] = []
    age: AgeShape = AgeShape()
    hours_after_meal: int | None = Field(None, ge=1, le=24)
    whole_day: bool = False
    follow_up: bool = False
    variants: list[VariantShape] = []
    preparation: list[Code] = []
    aftercare: list[Code] = []
    contraindications: dict[Code, AgainstShape] = {}
    facts: FactsShape = FactsShape()
    basis: Basis = Field(min_length=1)


class ReviewedShape(FileShape):
    by: Label
    date: dt.date


class TextShape(FileShape):
    """`preparation_replaces` names codes whose usual sentences this therapy says in its own words."""

    summary: Sentence
    what_happens: Sentence
    preparation: list[Sentence] = []
    preparation_replaces: list[Code] = []
    aftercare: list[Sentence] = []
    not_given: list[Sentence] = []
    reviewed: ReviewedShape | None = None


class TermShape(InLanguages):
    group: Code


class SourceShape(FileShape):
    tier: Literal["house", "1", "2", "3", "default"]
    title: str = Field(min_length=1, max_length=250)
    url: str = Field("", max_length=500, pattern=r"^(https?://\S+)?$")
    note: str = ""


RuleKind = Literal[
    "sequence",
    "gap",
    "same_day",
    "frequency",
    "session",
    "stop",
    "vitals",
    "finding",
    "definition",
    "schedule",
    "conflict",
    "desk_flag",
]


class RuleShape(FileShape):
    """`rule` is read by the code that holds the rule; codes inside it are checked against the other files."""

    code: Code
    kind: RuleKind
    hard: bool = False
    rule: Facts = Field(min_length=1)
    basis: Basis = {}
    sources: list[Code] = Field(min_length=1)


class VocabularyShape(FileShape):
    """The words that the other files may use; `preparation` and `aftercare` hold the sentences of their codes."""

    roles: list[Code]
    phases: list[Code]
    categories: list[Code]
    scopes: list[Code]
    consents: list[Code]
    groups: dict[Code, list[Code]]
    events: list[Code]
    rooms: dict[Code, str]
    scarce_equipment: list[Code]
    equipment: list[Code]
    steps: dict[Code, Words]
    preparation: dict[Code, Sentences]
    aftercare: dict[Code, Sentences]
