"""Lists and fields that are made in one go: they say what their slower twins say, and escape what people typed."""

from typing import Any

from django import forms

from clinic.templatetags.long_lists import options, time_buttons
from clinic.templatetags.plain_fields import plain_field

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
