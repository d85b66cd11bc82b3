"""When one is away oneself."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Row

from bookings.desk.absences.forms import AbsenceForm
from bookings.desk.form_fields import bare


class OwnAbsenceForm(AbsenceForm):
    """The same as the desk's, without asking who."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["resource"]

    @property
    def helper(self) -> FormHelper:
        return bare(
            Row(Column("from_on", css_class="col-sm-7"), Column("from_at", css_class="col-sm-5")),
            Row(Column("until_on", css_class="col-sm-7"), Column("until_at", css_class="col-sm-5")),
            "reason",
        )
