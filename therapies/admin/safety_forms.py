"""Forms of questions and rules: data that could not be read later is refused beside its field."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from pydantic import ValidationError

from therapies.admin.proposals import ReasonForm
from therapies.catalogue.question_shapes import QuestionShape
from therapies.rulebook import KINDS, RuleUnclear, rule_of

FIELDS = {"text": "texts", "sign": "signs", "rule": "data", "code": None, "sources": None}
"""Where the catalogue's names of a question differ from the form's; None: not edited here."""
UNREADABLE = _("This cannot be read: %(problem)s")


class QuestionForm(ReasonForm):
    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.errors:
            return data
        names = ("group", "position", "answer_type", "effect", "urgency")
        given = {name: data.get(name, getattr(self.instance, name)) for name in names}
        wording = {"text": data.get("texts"), "sign": data.get("signs"), "rule": data.get("data")}
        try:
            QuestionShape.model_validate(
                {"code": self.instance.code, "sources": self.instance.sources or ["default"], **given, **wording}
            )
        except ValidationError as error:
            for problem in error.errors():
                self._tell(problem["loc"], problem["msg"])
        return data

    def _tell(self, where: tuple[int | str, ...], problem: str) -> None:
        name = FIELDS.get(str(where[0]), str(where[0])) if where else None
        path = ".".join(str(part) for part in where[1:])
        words = f"{path}: {problem}" if path else problem
        error = forms.ValidationError(UNREADABLE, params={"problem": words})
        self.add_error(name if name in self.fields else None, error)


class RuleForm(ReasonForm):
    def clean_data(self) -> Any:
        """A rule that bookings are held against must be understood here, not when somebody wants to book."""
        data, row = self.cleaned_data["data"], self.instance
        if row.kind not in KINDS:
            return data
        try:
            rule_of(row.code, kind=row.kind, is_hard=row.is_hard, data=data, sources=row.sources)
        except RuleUnclear as unclear:
            raise forms.ValidationError(
                [forms.ValidationError(UNREADABLE, params={"problem": problem}) for problem in unclear.problems]
            ) from unclear
        return data
