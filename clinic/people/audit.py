"""Staff reads of named patients, written and committed before the page is made."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.http import HttpRequest

from clinic.people.models import Patient, Read
from clinic.people.permissions import signed_in_user
from clinic.people.sessions import is_automatic

REFRESH = dt.timedelta(minutes=15)
ONE_SEARCH = dt.timedelta(minutes=1)


def record_read(
    *, request: HttpRequest, patients: Iterable[Patient | int], door: str, clinic: Any, now: dt.datetime
) -> Read | None:
    """Write that this account is about to be shown these patients (rows or ids) at this door of this clinic.

    Call it before rendering. When the row cannot be written the error passes through, and no record is shown. A page
    that names nobody is no read (None); one that refreshes itself is one per 15 minutes while it shows nobody new.
    """
    ids = sorted({patient if isinstance(patient, int) else patient.pk for patient in patients})
    if not ids:
        return None
    user = signed_in_user(request)
    if is_automatic(request):
        earlier = Read.objects.filter(
            user=user, door=door, clinic=clinic, at__gt=now - REFRESH, patients__contains=ids
        ).last()
        if earlier:
            return earlier
    # Durable: inside somebody's transaction it would not be committed before the page is made.
    with transaction.atomic(durable=True):
        reason = getattr(request, "opened_for", "")  # said by the door of clinical records
        return Read.objects.create(at=now, user=user, door=door, clinic=clinic, patients=ids, reason=reason)


def record_search(
    *, request: HttpRequest, patients: Iterable[Patient], door: str, clinic: Any, now: dt.datetime
) -> Read | None:
    """The same for results that follow somebody's typing: one row a search, and not one for each letter.

    The letters of one minute are one search. Whoever appears only while it goes on is written too, before they are
    shown, so that every patient who was shown stands in a row.
    """
    rows = Read.objects.filter(user=signed_in_user(request), door=door, clinic=clinic, at__gt=now - ONE_SEARCH)
    shown = {pk for row in rows.values_list("patients", flat=True) for pk in row}
    newly = [patient for patient in patients if patient.pk not in shown]
    return record_read(request=request, patients=newly, door=door, clinic=clinic, now=now)
