"""The sessions that a patient has ahead, looked at anew whenever more is known of their health."""

import datetime as dt
from typing import Any

from django.db.models import QuerySet

from bookings.actions import history
from bookings.actions.conditional_writes import save_fields
from bookings.actions.locks import lock
from bookings.actions.transaction import action
from bookings.actions.visits import confirm_request
from bookings.facts.patient import PatientFacts, patient_facts_of, profiles_of
from bookings.models import STILL_TO_COME, Booking, Status, Visit
from bookings.models.booking import day_not_over
from bookings.rules import visits as visit_rules
from bookings.rules.session_verdicts import health_verdict
from clinic.people.models import Patient, User
from clinic.people.records import RecordsOf
from therapies.models import Needs


def look_again(
    patient: Patient, *, by: User | None, now: dt.datetime, patient_facts: PatientFacts | None = None
) -> None:
    """Every session to come, in the light of what is known now; a request that waited only for this is booked.

    Called under the patient's lock; `patient_facts` is what was read under it. As many statements however many
    sessions.
    """
    rows = _ahead(now).filter(visit__patient__in=RecordsOf(patient))
    rows = rows.select_related("visit__clinic", "variant__therapy").order_by("starts_at")
    sessions = [booking for booking in rows if booking.is_still_to_come(now)]
    if not sessions:
        return
    patient_facts = patient_facts or patient_facts_of(patient, now=now)
    profiles_of([booking.variant for booking in sessions])
    changed: list[tuple[Booking, dict[str, Any]]] = []
    for booking in sessions:
        zone = booking.visit.zone
        on = booking.starts_at.astimezone(zone).date()
        state = health_verdict(booking.variant, patient_facts, on=on, zone=zone).screening
        if state != booking.screening:
            changed.append((booking, {"screening": [booking.screening, state]}))
            booking.screening = state
    save_fields([booking for booking, _detail in changed], "screening")
    history.write_each("screening", changed, by=by, now=now)
    requests = {row.visit_id: row.visit for row, _detail in changed if row.status == Status.REQUESTED}
    for visit in requests.values():
        _book_if_that_was_all(visit, by=by, now=now)


@action
def look_again_after_upgrade(*, patient: Patient, now: dt.datetime) -> None:
    """The same after the catalogue was loaded: what is new to be asked becomes due, and nothing booked is lost.

    Raises Busy.
    """
    lock(patients=[patient.pk])
    look_again(patient, by=None, now=now)


def patients_with_sessions_ahead(now: dt.datetime) -> list[Patient]:
    """Those whose answers matter for something that is booked."""
    return list(Patient.objects.filter(pk__in=_ahead(now).values("visit__patient")).order_by("pk"))


def _ahead(now: dt.datetime) -> QuerySet[Booking]:
    rows = Booking.objects.filter(day_not_over(now), status__in=STILL_TO_COME)
    return rows.exclude(variant__therapy__needs=Needs.NOTHING)


def _book_if_that_was_all(visit: Visit, *, by: User | None, now: dt.datetime) -> None:
    """A request that only waited for the Vaidya; one that the clinic must accept goes on waiting.

    On the day itself the questions of the day are still due: they are asked before the session, not before its booking.
    """
    rows = visit.bookings.filter(status=Status.REQUESTED).select_related("variant__therapy", "visit")
    bookings = list(rows.order_by("position"))
    waiting = any(
        visit_rules.who_decides(booking.variant.therapy, waits=booking.waits_for_vaidya) for booking in bookings
    )
    if bookings and not waiting and not any(visit_rules.why_not_accept(booking, now=now) for booking in bookings):
        confirm_request(visit, bookings, by=by, now=now)
