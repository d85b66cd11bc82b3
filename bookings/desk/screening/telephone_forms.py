"""What a Vaidya decides by telephone, as somebody of the clinic writes it down."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from bookings.desk.form_fields import set_field
from bookings.rules.telephone import WHY_BY_TELEPHONE, why_not_while_here
from clinic.people.models import User
from clinic.premises.models import Clinic
from clinic.wall import edge

from .joint_forms import JointForm
from .open_answers import OpenAnswer


def ordinary(rows: Sequence[OpenAnswer]) -> list[OpenAnswer]:
    """The ordinary ones that may be decided so, each for the treatments that do not purify."""
    result = []
    for row in rows:
        sessions = [session for session in row.sessions if not session.variant.therapy.purifies]
        if row.only_asks and sessions:
            result.append(replace(row, sessions=sessions))
    return result


class TelephoneForm(JointForm):
    """Which answers, who decided, that it was read aloud, and the Vaidya's reason."""

    vaidya = forms.ModelChoiceField(label=_("Vaidya on the telephone"), queryset=User.objects.none())
    read_aloud = forms.BooleanField(
        label=_("I read each answer and what I wrote down aloud, and the Vaidya agreed"), required=True
    )
    why_by_telephone = forms.ChoiceField(
        label=_("Why by telephone, although a Vaidya is at the clinic"),
        choices=[*WHY_BY_TELEPHONE.items()],
        required=False,
        widget=forms.RadioSelect,
    )
    field_order = ("answers", "vaidya", "therapies", "read_aloud")

    def __init__(
        self,
        *args: Any,
        rows: Sequence[OpenAnswer],
        vaidyas: QuerySet[User],
        present: Sequence[str] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, rows=rows, **kwargs)
        self.present = present
        if not present:
            del self.fields["why_by_telephone"]
        del self.fields["lasts"]
        set_field(self, "vaidya", queryset=vaidyas)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if why_not := why_not_while_here(self.present, data.get("why_by_telephone", "")):
            self.add_error("why_by_telephone", why_not)
        return data

    def _end(self, row: OpenAnswer, clinic: Clinic) -> dt.datetime:
        return edge(row.today + dt.timedelta(days=1), 0, clinic.zone)
