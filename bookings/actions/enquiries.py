"""Asking the clinic something on the website, and noting that it was answered."""

import datetime as dt
from typing import Any

from bookings.actions.conditional_writes import update_once
from bookings.actions.transaction import action
from bookings.models import Enquiry
from clinic.people.models import User
from clinic.premises.models import Clinic


@action
def send_enquiry(
    *,
    clinic: Clinic,
    by: User | None,  # noqa: ARG001 - the record of the row names them
    now: dt.datetime,
    **said: Any,
) -> Enquiry:
    """`said`: name, email, phone, text and language. The list of the front desk shows it until it is answered."""
    return Enquiry.objects.create(clinic=clinic, at=now, **said)


@action
def answer_enquiry(*, enquiry: Enquiry, by: User, now: dt.datetime) -> None:
    """Somebody has replied. Raises StaleVersion where a colleague was quicker."""
    update_once(Enquiry.objects.filter(pk=enquiry.pk).open(), answered_at=now, answered_by=by)
