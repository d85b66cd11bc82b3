"""Form fields for the words of the catalogue: a list of sentences, and words by language."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from clinic.fields import JsonField

if TYPE_CHECKING:
    Page = admin.ModelAdmin[Any]
else:
    Page = admin.ModelAdmin


class SentencesField(forms.CharField):
    """One sentence a line; empty lines mean nothing."""

    def __init__(self, **kwargs: Any) -> None:
        settled: dict[str, Any] = {
            "required": False,
            "help_text": _("One sentence per line."),
            "widget": forms.Textarea(attrs={"rows": 8, "cols": 90}),
        }
        super().__init__(**(settled | kwargs))

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        return [line.strip() for line in str(value or "").splitlines() if line.strip()]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.to_python(data) != (initial or [])


class WordsField(JsonField):
    """Words by language, written as {"hi": "विश्राम"}."""

    def to_python(self, value: Any) -> Any:
        words = super().to_python(value) or {}
        if not isinstance(words, dict) or not all(isinstance(word, str) for word in words.values()):
            raise ValidationError(_('Enter the text by language, for example {"hi": "विश्राम"}.'))
        return words


class Worded(Page):
    """An admin page whose fields `worded` hold words by language."""

    worded: tuple[str, ...] = ()

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.worded:
            few = forms.Textarea(attrs={"rows": 3, "cols": 70})
            return WordsField(label=capfirst(db_field.verbose_name), required=not db_field.blank, widget=few)
        return super().formfield_for_dbfield(db_field, request, **kwargs)
