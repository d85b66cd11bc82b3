"""A list to choose from begins with words: dashes are no choice, and a screen reader spells them out."""

import pytest
from django import forms

from bookings.desk.affected.forms import SettleForm
from bookings.desk.patients.forms import InviteForm
from bookings.desk.staff.forms import InviteStaffForm


@pytest.mark.parametrize(
    ("form", "name", "words"),
    [
        (SettleForm, "outcome", "Please choose"),
        (InviteForm, "relation", "Please choose"),
        (InviteForm, "width", "Please choose"),
        (InviteStaffForm, "gender", "Not stated"),
    ],
)
def test_list_of_choices_begins_with_words(form: type[forms.Form], name: str, words: str) -> None:
    field = form.base_fields[name]

    assert isinstance(field, forms.ChoiceField)
    assert field.choices[0] == ("", words)
