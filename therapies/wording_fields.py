"""Form fields for the words of the catalogue: a list of sentences, and words by language."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

MOST_LETTERS = 2_000

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


class WordsWidget(forms.MultiWidget):
    """An input for each language of the house."""

    def __init__(self, languages: Mapping[str, str], kind: type[forms.Widget], **attrs: Any) -> None:
        inputs: dict[str, forms.Widget | type[forms.Widget]] = {
            code: kind({"placeholder": name, "aria-label": name, "lang": code}) for code, name in languages.items()
        }
        super().__init__(inputs, attrs={"class": "words-by-language", **attrs})
        self.codes = list(languages)

    def decompress(self, value: Any) -> list[Any]:
        words = value if isinstance(value, dict) else {}
        return [words.get(code, "") for code in self.codes]


class WordsField(forms.MultiValueField):
    """Words by language, an input for each."""

    def __init__(
        self, languages: Mapping[str, str], *, kind: type[forms.Widget] = forms.TextInput, **kwargs: Any
    ) -> None:
        fields = [forms.CharField(required=False, max_length=MOST_LETTERS) for _code in languages]
        super().__init__(fields, require_all_fields=False, widget=WordsWidget(languages, kind), **kwargs)
        self.codes = list(languages)

    def compress(self, data_list: list[str]) -> dict[str, str]:
        return {code: words for code, words in zip(self.codes, data_list, strict=False) if words}

    def has_changed(self, initial: Any, data: Any) -> bool:
        before = {code: words for code, words in (initial or {}).items() if words}
        return self.compress([str(each or "").strip() for each in data or []]) != before


class Worded(Page):
    """An admin page whose fields `worded` hold words by language. `name` is English: `names` holds the others."""

    worded: tuple[str, ...] = ()
    long_words = False

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.worded:
            return WordsField(
                _languages(without_english=db_field.name == "names"),
                kind=forms.Textarea if self.long_words else forms.TextInput,
                label=capfirst(db_field.verbose_name),
                required=not db_field.blank,
            )
        return super().formfield_for_dbfield(db_field, request, **kwargs)


def _languages(*, without_english: bool) -> dict[str, str]:
    rows = {code: str(get_language_info(code)["name_translated"]) for code, _name in settings.LANGUAGES}
    return {code: name for code, name in rows.items() if code != "en" or not without_english}
