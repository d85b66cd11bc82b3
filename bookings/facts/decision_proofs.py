"""What a Vaidya has to show for a decision on an answer: their own examination of the patient."""

import datetime as dt

from bookings.facts.catalogue_numbers import ASSESSMENT_DAYS, rules_by_code
from bookings.models import Assessment
from clinic.people.models import Patient, User
from clinic.people.records import RecordsOf


def own_examination_at(patient: Patient, *, by: User, now: dt.datetime) -> dt.datetime | None:
    """When this person signed the newest examination of the patient that still holds; None where there is none.

    None too while the catalogue does not say how long an examination holds.
    """
    days = ASSESSMENT_DAYS.in_rules(rules_by_code([ASSESSMENT_DAYS]))
    newest = Assessment.objects.signed().filter(patient__in=RecordsOf(patient), signed_by=by).select_related("clinic")
    row = newest.order_by("-signed_at").first()
    if row is None or days is None or now - row.made_at > dt.timedelta(days=days):
        return None
    return row.signed_at
