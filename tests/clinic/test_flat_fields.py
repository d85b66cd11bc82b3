"""A field of a form says in one go what the templates of crispy's pack say, whatever its kind and its answer."""

import re
from typing import Any

import pytest
from crispy_forms.templatetags.crispy_forms_filters import as_crispy_form
from django import forms
from django.template import Context
from django.utils.translation import override

from clinic.templatetags.flat_fields import _of_the_pack, flat_field

HOSTILE = "<b>\"&'"
CHOICES = [("a", "A"), ("b", HOSTILE)]
GROUPED = [("G", CHOICES), ("x", HOSTILE)]
RADIOS, BOXES = forms.RadioSelect, forms.CheckboxSelectMultiple


class Every(forms.Form):
    required_css_class, error_css_class = "must", "wrong"

    text = forms.CharField(initial="a", help_text="<b>As on the card</b>")
    classed = forms.CharField(label=HOSTILE, initial=HOSTILE, widget=forms.TextInput(attrs={"class": "mine", "min": 1}))
    words = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 2}), initial="\nx")
    whole = forms.IntegerField(min_value=0, max_value=3, initial=1234)
    part = forms.DecimalField(max_digits=7, decimal_places=2, initial=1234.5)
    kind = forms.ChoiceField(choices=CHOICES, help_text="One of these")
    grouped = forms.ChoiceField(choices=GROUPED)
    way = forms.ChoiceField(choices=CHOICES, widget=RADIOS, help_text="One of these")
    way_of_group = forms.ChoiceField(choices=GROUPED, widget=RADIOS, required=False)
    number = forms.TypedChoiceField(choices=[(1000, "A"), (2000, HOSTILE)], widget=RADIOS, initial=1000)
    some = forms.MultipleChoiceField(choices=CHOICES, widget=BOXES, initial=["a"])
    several = forms.MultipleChoiceField(choices=CHOICES, initial=["a"])
    yes = forms.BooleanField(required=False)
    agreed = forms.BooleanField(label=HOSTILE, help_text="Needed")
    perhaps = forms.NullBooleanField(required=False)
    hidden = forms.CharField(widget=forms.HiddenInput)
    nameless = forms.CharField(label="")
    nameless_way = forms.ChoiceField(label="", choices=CHOICES, widget=RADIOS)
    fixed = forms.CharField(disabled=True)
    secret = forms.CharField(widget=forms.PasswordInput)
    at = forms.DateTimeField(widget=forms.DateTimeInput)
    clock = forms.TimeField(widget=forms.TimeInput(attrs={"type": "time"}))
    file = forms.FileField(required=False)
    day_and_time = forms.SplitDateTimeField()
    three = forms.DateField(widget=forms.SelectDateWidget(years=[2026]))


FILLED = dict.fromkeys(Every.base_fields, HOSTILE) | {"way": "b", "some": ["a", "b"], "yes": "on", "number": "2000"}


def squeezed(html: str) -> str:
    """Without the blanks that no reader sees."""
    words = re.sub(r"\s*([<>])\s*", r"\1", re.sub(r"\s+", " ", html))
    return words.replace('class=" ', 'class="')


def context_of(form: forms.Form, name: str, said: dict[str, Any]) -> Context:
    return Context({"form": form, "field": form[name], "form_show_errors": True, "form_show_labels": True, **said})


@pytest.mark.parametrize("name", Every.base_fields)
@pytest.mark.parametrize("data", [None, {}, FILLED], ids=["fresh", "empty", "filled"])
def test_field_says_what_the_pack_says(name: str, data: dict[str, Any] | None) -> None:
    shapes: list[dict[str, Any]] = [{}, {"prefix": "p"}, {"auto_id": False}, {"use_required_attribute": False}]
    contexts: list[dict[str, Any]] = [{}, {"error_text_inline": True, "wrapper_class": "wide"}]

    for shape in shapes:
        for said in contexts:
            ours = flat_field(context_of(Every(data, **shape), name, said))
            packs = _of_the_pack().render(context_of(Every(data, **shape), name, said))
            assert squeezed(ours) == squeezed(packs)


@pytest.mark.parametrize(
    "said",
    [
        {"tag": "td"},
        {"form_class": "form-horizontal"},
        {"label_class": "col-2"},
        {"form_show_labels": False},
        {"form_show_errors": False},
        {"help_text_inline": True},
    ],
    ids=str,
)
def test_what_is_seldom_asked_for_is_there_too(said: dict[str, Any]) -> None:
    for name in Every.base_fields:
        ours = flat_field(context_of(Every({}), name, said))
        assert squeezed(ours) == squeezed(_of_the_pack().render(context_of(Every({}), name, said)))


def test_form_of_crispy_shows_its_fields_so() -> None:
    with override("hi"):
        whole, field = as_crispy_form(Every({})), flat_field(context_of(Every({}), "way", {}))

    assert squeezed(field) in squeezed(whole)
    assert "</strong>" in field
