"""Form fields of the admin for lists of codes, as ticks instead of words with commas."""

from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.apps import apps
from django.conf import settings
from django.utils.translation import gettext, ngettext

Choices = list[tuple[str, str]]


def spoken(code: str) -> str:
    """therapy_room as “Therapy room”."""
    return code.replace("_", " ").capitalize()


def ticks(choices: Callable[[], Iterable[tuple[Any, Any]]], **said: Any) -> forms.MultipleChoiceField:
    """A list of codes as ticks; `choices` is asked each time the form is shown."""
    return forms.MultipleChoiceField(
        choices=choices,
        widget=forms.CheckboxSelectMultiple,
        **({"required": False} | said),
    )


def a_choice(choices: Callable[[], Iterable[tuple[Any, Any]]], **said: Any) -> forms.ChoiceField:
    """A code chosen from a list, or none."""
    return forms.ChoiceField(choices=lambda: [("", "–"), *choices()], **({"required": False} | said))


def languages() -> Choices:
    return [(code, str(name)) for code, name in settings.LANGUAGES]


def watch_roles() -> Choices:
    return [
        ("attendant", gettext("Attendant")),
        ("nurse", gettext("Nurse")),
        ("therapist", gettext("Therapist")),
        ("vaidya", gettext("Vaidya")),
    ]


def reminders(also: Iterable[int] = ()) -> list[tuple[int, str]]:
    """When a letter may remind, in minutes before the visit; `also` what is chosen already."""
    hours = [60 * count for count in (1, 2, 3, 4, 6, 12, 24, 48, 72, 7 * 24)]
    return [(minutes, _span(minutes)) for minutes in sorted({*hours, *also}, reverse=True)]


def _span(minutes: int) -> str:
    if minutes % 1440 == 0:
        return ngettext("%(count)s day before", "%(count)s days before", minutes // 1440) % {"count": minutes // 1440}
    if minutes % 60 == 0:
        return ngettext("%(count)s hour before", "%(count)s hours before", minutes // 60) % {"count": minutes // 60}
    return ngettext("%(count)s minute before", "%(count)s minutes before", minutes) % {"count": minutes}


def room_features() -> Choices:
    """What therapies ask of a room, and what rooms here already say."""
    # Therapies stand above the premises: only their names are known here.
    variants = apps.get_model("therapies", "Variant").objects.exclude(room_feature="")
    rows = variants.values_list("room_feature", flat=True)
    said = apps.get_model("premises", "Room").objects.values_list("features", flat=True)
    codes = {*rows, *(code for features in said for code in features)}
    return [(code, spoken(code)) for code in sorted(codes)]


def equipment_kinds() -> Choices:
    """The scarce kinds that therapies ask for, and those that are here already."""
    rows = apps.get_model("therapies", "Step").objects.values_list("equipment", flat=True)
    said = apps.get_model("premises", "Equipment").objects.values_list("kind", flat=True)
    codes = {*said, *(code for kinds in rows for code in kinds)}
    return [(code, spoken(code)) for code in sorted(codes)]
