"""Lists and fields that are made in one go: they say what their slower twins say, and escape what people typed."""

import datetime as dt
import re
from typing import Any

import pytest
from django import forms
from django.template import Context, Template
from django.test import RequestFactory
from django.utils.translation import override

from clinic.fields import BirthDateField
from clinic.templatetags.long_lists import day_strip, options, time_buttons
from clinic.templatetags.plain_fields import _widget, plain_field

HOSTILE = "<b>\"&'"
SAFE = "&lt;b&gt;&quot;&amp;&#x27;"


class Sample(forms.Form):
    name = forms.CharField(label="Name", help_text="As on the card.")
    way = forms.ChoiceField(label="Way", choices=[("mail", "E-mail"), ("call", "A call")], widget=forms.RadioSelect)
    kind = forms.ChoiceField(label="Kind", choices=[("a", HOSTILE)], required=False)


def shown(name: str, data: dict[str, Any] | None = None) -> str:
    return str(plain_field(Sample(data)[name]))


def test_field_has_its_label_help_and_error_tied_to_it() -> None:
    fresh, wrong = shown("name"), shown("name", {})

    assert '<label for="id_name" class="form-label requiredField">Name' in fresh
    assert 'class="form-control"' in fresh
    assert 'aria-describedby="id_name_helptext"' in fresh
    assert '<div id="id_name_helptext" class="form-text">As on the card.</div>' in fresh
    assert 'aria-describedby="id_name_helptext id_name_error"' in wrong
    assert '<div id="id_name_error" class="invalid-feedback"><span><strong>This field is required.' in wrong
    assert 'class="form-control is-invalid"' in wrong


def test_answers_to_choose_one_from_are_a_group_with_a_legend() -> None:
    fresh, chosen, wrong = shown("way"), shown("way", {"way": "call"}), shown("way", {})

    assert fresh.count("<legend") == 1
    assert 'id="id_way_1" required><label for="id_way_1" class="form-check-label">A call</label>' in fresh
    assert 'value="call" id="id_way_1" checked required>' in chosen
    assert "checked" not in fresh
    assert wrong.count("invalid-feedback") == 1
    assert wrong.count('aria-invalid="true"') == 2


def test_what_is_shown_is_escaped() -> None:
    assert SAFE in shown("kind")
    assert f'value="{SAFE}"' in shown("name", {"name": HOSTILE, "way": "mail"})
    assert options([(HOSTILE, HOSTILE, True)]) == f'<option value="{SAFE}" selected>{SAFE}</option>'
    button = time_buttons([{"value": HOSTILE, "label": HOSTILE, "full_label": HOSTILE, "note": HOSTILE}], "start")
    assert HOSTILE not in button
    assert button.count(SAFE) == 5
    assert f'aria-label="{SAFE}, {SAFE}"' in button


class EveryWidget(forms.Form):
    text = forms.CharField(initial=HOSTILE, max_length=9)
    mail = forms.EmailField(required=False)
    day = BirthDateField(initial=dt.date(1988, 5, 17))
    number = forms.IntegerField(initial=0, min_value=0)
    own_words = forms.CharField(widget=forms.Textarea, initial=HOSTILE)
    kind = forms.ChoiceField(choices=[("", "-"), ("a", HOSTILE), ("b", "B")], initial="a")
    grouped = forms.ChoiceField(choices=[("G", [("a", "A")])])
    off = forms.CharField(disabled=True)


@pytest.mark.parametrize("name", EveryWidget.base_fields)
@pytest.mark.parametrize("data", [None, {}, {"text": "a", "kind": "b", "day": HOSTILE, "own_words": ""}])
def test_input_says_what_django_says(name: str, data: dict[str, str] | None) -> None:
    """Django renders two templates for each."""
    bound = EveryWidget(data)[name]
    attributes: dict[str, str | bool] = {"class": "form-control"}

    def words(html: str) -> str:
        return re.sub(r"\s*\n\s*(?=<)|(?<=>)\s*\n\s*", "", html)

    assert words(_widget(bound, attributes)) == words(bound.as_widget(attrs=attributes))


def rendered(source: str, **values: Any) -> str:
    return Template(source).render(Context(values))


def test_kept_part_sees_its_values_alone() -> None:
    """What is not named is not in sight: nothing of a request, a reader or a token can be kept."""
    source = "{% kept name=name %}{{ name }}{{ other }}{{ csrf_token }}{% endkept %}"

    assert rendered(source, name=HOSTILE, other="secret", csrf_token="t") == SAFE


def test_kept_part_is_made_once_for_each_value_and_language() -> None:
    template, made = (
        Template("{% load i18n %}{% kept n=n %}{{ n.0 }}{{ n.1 }} {% translate 'Today' %}{% endkept %}"),
        [],
    )

    class Counted(str):
        __slots__ = ()

        def __html__(self) -> str:
            made.append(str(self))
            return str(self)

    for language, words in (("en", "Today"), ("hi", "आज")):
        with override(language):
            for numbers in (["112", "108"], ["112", "911"], ["112", "108"]):
                shown = template.render(Context({"n": [Counted(each) for each in numbers]}))
                assert shown == f"{numbers[0]}{numbers[1]} {words}"

    assert made == ["112", "108", "112", "911"] * 2


def test_icon_is_that_of_the_component() -> None:
    """A component is twenty times as slow."""
    component = rendered('{% include "components/icon.html" with name="clock" only %}')

    assert rendered('{% icon "clock" %}') == re.sub(r"\n\s*", "", component)


@pytest.mark.parametrize(
    ("path", "alone"),
    [
        ("/visits/", "/visits/"),
        ("/visits/0a1b-c2/move/", "/visits/*/move/"),
        ("/therapies/abhyanga/", "/therapies/abhyanga/"),
        ("/v/eyJ:Ab/", "/v/*/"),
    ],
)
def test_address_of_a_kept_part_names_the_page_and_nobody(rf: RequestFactory, path: str, alone: str) -> None:
    template = Template("{% kept request=request|path_alone %}{{ request.path }}{{ request.user }}{% endkept %}")
    request = rf.get(path)
    request.user = "Ada"  # type: ignore[assignment]

    assert template.render(Context({"request": request})) == alone


def test_days_of_a_strip_say_how_many_times_they_have() -> None:
    of_day = {"url": "/t/?a=1&b=2", "short": "", "weekday": "Tue", "date": HOSTILE, "count": 0, "is_current": False}

    none, one = day_strip([of_day]), day_strip([of_day | {"short": "Today", "count": 1, "is_current": True}])

    assert '<a id="day-link-1" href="/t/?a=1&amp;b=2" data-empty hx-get="/t/?a=1&amp;b=2">' in none
    assert (SAFE in none, ">Tue<" in none, ">none<" in none) == (True, True, True)
    assert ' aria-current="date" hx-get=' in one
    assert (">Today<" in one, ">1 time<" in one) == (True, True)
