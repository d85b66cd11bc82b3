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
