"""The grade of cleansing, and how the sheet of the diet is printed."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bookings.facts.diet import DietAfter, diet_after
from bookings.facts.session_use import use_of
from bookings.models import Booking, Grade, SessionNote
from therapies.diet import grade_of


class GradeForm(forms.Form):
    """How much was cleansed, with the bouts and the days that belong to each grade."""

    grade = forms.ChoiceField(label=_("Grade of cleansing"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, diet: DietAfter, therapy: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = _("%(grade)s: about %(bouts)s bouts, diet of %(days)s days")
        self.fields["grade"].choices = [  # type: ignore[attr-defined]
            (
                row.grade,
                words % {"grade": Grade(row.grade).label, "bouts": row.bouts_of(therapy), "days": row.days},
            )
            for row in diet.schedules
        ]


class SheetForm(forms.Form):
    """In which language the sheet is printed, and with which meal it begins."""

    language = forms.ChoiceField(label=_("Language"), choices=[("en", "English"), ("hi", "हिन्दी")])
    begins = forms.ChoiceField(
        label=_("The diet begins"),
        choices=[("evening", _("on the evening of that day")), ("next", _("on the next day"))],
    )


def diet_part(booking: Booking, note: SessionNote | None) -> dict[str, object]:
    """What the page of a session shows of the diet after it; nothing where none follows."""
    diet = diet_after(booking, note)
    if diet is None:
        return {}
    therapy, use = booking.variant.therapy.code, use_of(booking)
    by_bouts = grade_of(use.bouts, therapy, diet.schedules) if use and use.bouts is not None else None
    grade = (note.grade if note else "") or (by_bouts.grade if by_bouts else "")
    grade_form = GradeForm(initial={"grade": grade}, diet=diet, therapy=therapy)
    return {"diet": diet, "grade_form": grade_form, "sheet_form": SheetForm()}
