"""The form of one page of questions, built from the catalogue's rows.

A plain question that looks for a "yes" may be left to the "none of these" of its group; every other has an answer of
its own. Nothing passes in silence: a group in which nothing is selected, and a question without an answer, are said.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _

from bookings.actions.screening import GivenAnswer
from therapies import questionnaire
from therapies.models import Question
from therapies.questionnaire import PREFER_NOT, QuestionGroup
from therapies.suitability import Asked

LONGEST = 500
"""Letters of an answer in own words."""
OLDEST = 130
YES, NO, UNSURE = "yes", "no", "unsure"
YES_OR_NO = [(YES, _("Yes")), (NO, _("No"))]
NOT_SURE = (UNSURE, _("Not sure"))
RATHER_NOT = (PREFER_NOT, _("I prefer to tell the clinic"))
UNANSWERED = {"required": _("Answer this question."), "invalid_choice": _("Please choose one of the answers.")}
TOO_LONG = {"max_length": _("Please use fewer than %(limit_value)d characters.")}


class OneOfSeveral(forms.RadioSelect):
    """One answer, or none; a form that was made by hand may send two."""

    allow_multiple_selected = True


class OneAnswerField(forms.MultipleChoiceField):
    """Yes, not sure, no, rather in person, or nothing; two at once are asked back."""

    widget = OneOfSeveral
    default_error_messages = {"invalid_choice": _("Please choose one of the answers.")}

    def clean(self, value: Any) -> Any:
        chosen = super().clean(value)
        if len(chosen) > 1:
            raise forms.ValidationError(_("Select only one of them."))
        return chosen[0] if chosen else ""


def _tick(label: Any) -> forms.BooleanField:
    box = forms.CheckboxInput({"class": "form-check-input"})
    return forms.BooleanField(label=label, required=False, widget=box)


def _choice(*answers: tuple[str, Any]) -> forms.ChoiceField:
    return forms.ChoiceField(choices=list(answers), widget=forms.RadioSelect, error_messages=UNANSWERED)


def _pain() -> forms.TypedChoiceField:
    numbers = [(str(number), str(number)) for number in range(11)]
    return forms.TypedChoiceField(choices=numbers, coerce=int, widget=forms.RadioSelect, error_messages=UNANSWERED)


def _number() -> forms.IntegerField:
    box = forms.NumberInput({"class": "form-control", "inputmode": "numeric"})
    return forms.IntegerField(min_value=0, max_value=OLDEST, widget=box, error_messages=UNANSWERED)


def _words(label: Any) -> forms.CharField:
    area = forms.Textarea({"class": "form-control", "rows": 2, "autocomplete": "off"})
    return forms.CharField(label=label, max_length=LONGEST, required=False, widget=area, error_messages=TOO_LONG)


def hours_ago(limit: int) -> list[tuple[int, Any]]:
    """When somebody last ate, in whole hours, up to the longest time that a treatment asks for, and longer ago."""
    hours = [0, 1, 2, 3, 4, *range(6, limit + 1, 2)]
    words: list[tuple[int, Any]] = [(0, _("Just now")), (1, _("An hour ago"))]
    words += [(count, _("%(count)s hours ago") % {"count": count}) for count in hours[2:]]
    return [*words, (hours[-1] + 1, _("Longer ago"))]


def _meal(limit: int) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        choices=hours_ago(limit), coerce=int, widget=forms.RadioSelect, error_messages=UNANSWERED
    )


@dataclass(frozen=True)
class Line:
    """One question on the page: its field, and the field for own words and the tick for "nothing" where it has one."""

    asked: Asked
    words: str
    field: BoundField
    shape: str
    text: BoundField | None = None
    nothing: BoundField | None = None


@dataclass(frozen=True)
class Section:
    """One group on the page; `none` is the tick that answers all its shared questions.

    `is_screen`: nothing else stands on the page, so that the tick is the button that goes on.
    """

    code: str
    shared: tuple[Line, ...]
    none: BoundField | None
    alone: tuple[Line, ...]
    is_screen: bool


class PageForm(forms.Form):
    """`rows` has the words of each question; `limit` is in hours after a meal. Names of fields are numbers only.

    `in_person`: nobody is asked whether they would rather tell the clinic.
    """

    shown = forms.CharField(widget=forms.HiddenInput, max_length=40, required=False)

    def __init__(
        self,
        *args: Any,
        groups: Sequence[QuestionGroup],
        rows: Mapping[str, Question],
        limit: int = 0,
        in_person: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.groups, self.rows, self.limit, self.in_person = groups, rows, limit, in_person
        for group in groups:
            for question in group.shared:
                self._add_ticks(question)
            if group.shared:
                self.fields[self.none(group)] = _tick(_("None of these"))
            for question in group.alone:
                self._add_alone(question)
        self.initial["shown"] = self.version

    @property
    def version(self) -> str:
        """Of exactly the questions on this page."""
        return questionnaire.questions_version(question for group in self.groups for question in group.questions)

    @property
    def is_outdated(self) -> bool:
        """Whether the page that was sent showed other questions than are asked now."""
        return self.data.get("shown") != self.version

    def name(self, asked: Asked) -> str:
        return f"q{self.rows[asked.code].pk}"

    def none(self, group: QuestionGroup) -> str:
        """The name of the tick that answers all shared questions of the group."""
        return f"none{self.rows[group.shared[0].code].pk}"

    def _add_ticks(self, asked: Asked) -> None:
        choices = [*YES_OR_NO, NOT_SURE, *self._rather_not(asked)]
        self.fields[self.name(asked)] = OneAnswerField(choices=choices, required=False)
        self._add_text(asked)

    def _add_alone(self, asked: Asked) -> None:
        name = self.name(asked)
        if asked.answer_type == "free_text":
            self.fields[name] = _words(_("In your own words"))
            self.fields[f"{name}-nothing"] = _tick(_("None"))
            return
        make = MAKERS.get(asked.answer_type)
        if asked.answer_type == "datetime":
            self.fields[name] = _meal(self.limit)
        else:
            self.fields[name] = make() if make else _choice(*YES_OR_NO, NOT_SURE, *self._rather_not(asked))
        self._add_text(asked)

    def _rather_not(self, asked: Asked) -> list[tuple[str, Any]]:
        return [RATHER_NOT] if asked.answer_type == "yes_no_prefer_not" and not self.in_person else []

    def _add_text(self, asked: Asked) -> None:
        if asked.answer_type == "yes_no_text":
            self.fields[f"{self.name(asked)}-text"] = _words(_("If yes, which ones?"))

    # --- what is wrong ------------------------------------------------------------------------------------------------

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for group in self.groups:
            if group.shared:
                self._check_none(self.none(group), group)
            for question in group.questions:
                self._check_words(question)
        return data

    def _check_none(self, none: str, group: QuestionGroup) -> None:
        names = [self.name(question) for question in group.shared]
        answers = {self.cleaned_data.get(name) for name in names if name not in self.errors}
        is_told = any(name in self.errors for name in names) or bool(answers - {"", NO})
        if not is_told and "" in answers and not self.cleaned_data.get(none):
            self.add_error(none, _("Select all that apply to you, or “None of these”."))
        if is_told and self.cleaned_data.get(none):
            self.add_error(
                none,
                _("You selected an answer above and “None of these”. Please change it to “No”, or press “Continue”."),
            )

    def _check_words(self, asked: Asked) -> None:
        if asked.answer_type == "yes_no_text":
            self._check_which(self.name(asked))
        if asked.answer_type == "free_text":
            self._check_free(self.name(asked))

    def _check_which(self, name: str) -> None:
        text = f"{name}-text"
        if self.cleaned_data.get(name) == YES and text not in self.errors and not self.cleaned_data.get(text):
            self.add_error(text, _("Please write which ones."))
        if self.cleaned_data.get(name) != YES and self.cleaned_data.get(text):
            self.add_error(text, _("You wrote an answer. Select “Yes” as well, or remove what you wrote."))

    def _check_free(self, name: str) -> None:
        value, nothing = self.cleaned_data.get(name), self.cleaned_data.get(f"{name}-nothing")
        if name in self.errors:
            return
        if not value and not nothing:
            self.add_error(name, _("Please write your answer, or select “None”."))
        elif value and nothing:
            self.add_error(name, _("You wrote an answer and selected “None”. Please remove one of them."))

    # --- what was said ------------------------------------------------------------------------------------------------

    def given(self, now: dt.datetime) -> Iterator[GivenAnswer]:
        """The answers of a valid page; moments are counted back from now."""
        for group in self.groups:
            for question in group.questions:
                row, name = self.rows[question.code], self.name(question)
                value = self.cleaned_data[name]
                if question.answer_type == "datetime":
                    value = (now - dt.timedelta(hours=value)).isoformat()
                elif question in group.shared:
                    value = value or NO
                text = self.cleaned_data.get(f"{name}-text", "") if value == YES else ""
                yield GivenAnswer(row, value, text)

    def given_so_far(self) -> Iterator[GivenAnswer]:
        """The plain answers of a page that is not filled in: what nobody ticked is no answer."""
        for group in self.groups:
            for question in group.questions:
                value = self.cleaned_data.get(self.name(question))
                if question.answer_type != "datetime" and isinstance(value, str) and value:
                    yield GivenAnswer(self.rows[question.code], value)

    # --- what the template shows --------------------------------------------------------------------------------------

    def sections(self) -> Iterator[Section]:
        for group in self.groups:
            none = self[self.none(group)] if group.shared else None
            shared = tuple(self._line(question, "ticks") for question in group.shared)
            alone = tuple(self._line(question, SHAPES.get(question.answer_type, "choices")) for question in group.alone)
            yield Section(group.code, shared, none, alone, is_screen=group.is_screen and bool(shared))

    def _line(self, asked: Asked, shape: str) -> Line:
        name = self.name(asked)
        text = self[f"{name}-text"] if f"{name}-text" in self.fields else None
        nothing = self[f"{name}-nothing"] if f"{name}-nothing" in self.fields else None
        return Line(asked, str(self.rows[asked.code]), self[name], shape, text, nothing)

    def mistakes(self) -> list[tuple[str, str, str]]:
        """Where, about what and what is wrong, for the summary above the page."""
        labels = {
            field.html_name: line.words
            for section in self.sections()
            for line in (*section.shared, *section.alone)
            for field in (line.field, line.text)
            if field
        }
        return [
            (f"field-{name}", labels.get(name, ""), str(errors[0])) for name, errors in self.errors.items() if errors
        ]


MAKERS: dict[str, Callable[[], forms.Field]] = {
    "integer_0_10": _pain,
    "integer": _number,
}
SHAPES = {"integer_0_10": "scale", "integer": "number", "free_text": "words"}
