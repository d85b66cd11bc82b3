"""Visits as a manager looks for them: by who comes, by day, by number."""

import datetime as dt
import uuid
from string import hexdigits
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from bookings.models import Visit
from clinic.people.models import Patient
from clinic.people.patient_search import find_patients
from clinic.wall import edge

LENGTH = 32
"""Digits of a visit's number."""
SHORTEST_NUMBER = 8
"""Digits from which on something is taken for the number of a visit: fewer may be a word."""
MOST_PATIENTS = 50
YEARS_BACK = 3
"""A day of an earlier year is a date of birth."""
DAYS = ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d")


def visits_found(rows: QuerySet[Visit], words: str, *, clinics: QuerySet[Any], now: dt.datetime) -> QuerySet[Visit]:
    """Those of the rows that fit: of a day, of a number that begins so, or of the patients who fit best."""
    today = timezone.localdate(now)
    if (day := _day(words)) and day.year >= today.year - YEARS_BACK:
        zone = timezone.get_current_timezone()
        return rows.filter(arrives_at__gte=edge(day, 0, zone), arrives_at__lt=edge(day + dt.timedelta(days=1), 0, zone))
    patients_here = Patient.objects.filter(pk__in=Patient.objects.filter(clinics__in=clinics).order_by().values("pk"))
    patients = find_patients(patients_here, words, today=today, most=MOST_PATIENTS)
    fitting = Q(patient__in=[patient.pk for patient in patients])
    if span := _numbers_beginning_with(words):
        fitting |= Q(public_id__range=span)
    return rows.filter(fitting)


def _day(words: str) -> dt.date | None:
    for form in DAYS:
        try:
            return dt.datetime.strptime(words.strip(), form).date()  # noqa: DTZ007 - a date has no zone
        except ValueError:
            continue
    return None


def _numbers_beginning_with(text: str) -> tuple[uuid.UUID, uuid.UUID] | None:
    """The first and the last number that begin so; None where none does."""
    digits = text.strip().lower().replace("-", "")
    if not SHORTEST_NUMBER <= len(digits) <= LENGTH or not set(digits) <= set(hexdigits):
        return None
    return uuid.UUID(digits.ljust(LENGTH, "0")), uuid.UUID(digits.ljust(LENGTH, "f"))
