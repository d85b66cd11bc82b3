"""A held time becomes a visit."""

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from bookings import history, policies, requests
from bookings.letters.plan import Event
from bookings.letters.planning import plan_letters
from bookings.models import Booking, ScreeningState, Status, Visit
from bookings.occupying import Door, Want, occupy
from bookings.refusals import HoldLapsed
from bookings.verbs import verb
from bookings.visits import become, bookings_of, served, serving, wish_of
from clinic.people.models import Patient, User
from therapies.models import Kind


@verb
def book(
    *,
    visit: Visit,
    patient: Patient,
    holder: str,
    by: User,
    now: dt.datetime,
    key: uuid.UUID,
    desk: bool = False,
    ordered: bool = False,
) -> Visit:
    """A held visit is booked for this patient; when the hold has lapsed, the same time is tried again.

    `ordered`: the desk has a Vaidya's signed order on paper. Raises JustTaken, HoldLapsed, Refused, OtherRequest, Busy.
    """
    owner = f"user:{by.pk}"
    content = (visit.public_id, patient.pk)
    before = requests.answered(key=key, owner=owner, verb="book", content=content, answer=visit.public_id, now=now)
    if before is not None:
        return before
    bookings = bookings_of(visit)
    if visit.holder != holder or bookings[0].status not in (Status.HELD, Status.EXPIRED):
        raise HoldLapsed
    _occupy_for(visit, bookings, patient, now=now, ordered=ordered)
    was = _confirm(visit, bookings, patient)
    patient.clinics.add(visit.clinic_id)
    detail: dict[str, Any] = {"patient": patient.pk, "desk": desk, "ordered": ordered, "served": served(bookings)}
    history.write(visit, "book", by=by, now=now, was=was, became=Status.BOOKED, **detail)
    plan_letters(visit=visit, event=Event.BOOKED, by=by, now=now)
    return visit


def _occupy_for(
    visit: Visit, bookings: Sequence[Booking], patient: Patient, *, now: dt.datetime, ordered: bool
) -> None:
    """Take the held time again, now with the patient: the same way whether or not the hold was swept meanwhile."""
    wish = wish_of(bookings, patient)

    def judge(start: dt.datetime) -> str:
        if start + dt.timedelta(minutes=5) <= now:
            return _("This time has passed.")
        on = start.astimezone(visit.zone).date()
        reasons = (policies.why_not_book(b.variant.therapy, patient, on=on, ordered=ordered) for b in bookings)
        return next((reason for reason in reasons if reason), "")

    want = Want(wish, bookings[0].starts_at, bookings, Door.ANY, before=serving(bookings), judge=judge)
    occupy([want], bookings, now=now)


def _confirm(visit: Visit, bookings: Sequence[Booking], patient: Patient) -> str:
    """Write the patient and the status; the loser of a race for the same hold finds it booked."""
    fresh = list(Booking.objects.filter(visit=visit).order_by("position").values_list("status", flat=True))
    if fresh[0] not in (Status.HELD, Status.EXPIRED):
        raise HoldLapsed
    visit.patient, visit.holder, visit.holder_address = patient, "", ""
    visit.save(update_fields=["patient", "holder", "holder_address"])
    for booking in bookings:
        booking.expires_at = None
        booking.therapist_gender = patient.accepts_therapist
        if booking.variant.therapy.kind != Kind.CONSULTATION:
            booking.screening = ScreeningState.DUE
    become(bookings, Status.BOOKED, "expires_at", "therapist_gender", "screening", "starts_at", "ends_at")
    return str(fresh[0])
