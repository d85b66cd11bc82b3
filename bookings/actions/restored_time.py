"""Time that a cancelled or missed visit gave back is taken again, as it was booked, if it is still free."""

import datetime as dt
from collections.abc import Iterable, Sequence

from django.db.models import Q
from django.utils.translation import gettext as _

from bookings.actions.occupancy import BookingChannel, Placement, occupy, put_back, space_for
from bookings.actions.occupancy_rows import rows_to_put_back
from bookings.actions.visits import arrival, raise_ics_sequence
from bookings.errors import ActionRefused, PolicyRefused, refuse_if
from bookings.facts.patient import patient_facts_of
from bookings.facts.real_minutes import InTheWay
from bookings.models import Booking, History, Occupancy, Visit
from bookings.rules import visits as visit_rules
from bookings.rules.starts import hits_in_words
from bookings.slots.search_space import slot_request_of
from clinic.premises.models import Absence

GIVEN_BACK = ("no_show", "cancel", "close_late")
"""The acts after which a visit's time is free again."""


def given_back_by(visit: Visit) -> History | None:
    """The last act by which the visit gave its time back."""
    return visit.history.filter(verb__in=GIVEN_BACK).last()


def resources_given_back(visit: Visit) -> frozenset[int]:
    """Who and what served before that."""
    act = given_back_by(visit)
    return frozenset(resource for _booking, resource, _part in act.detail.get("was_served", ())) if act else frozenset()


def retake(visit: Visit, bookings: Sequence[Booking], *, now: dt.datetime) -> None:
    """The same minutes with whoever served, else with others who are free at that time. Called under the locks.

    Raises PolicyRefused with who holds the time now, or what else speaks against it by today's rules.
    """
    act = given_back_by(visit)
    rows = rows_to_put_back(act.detail.get("was_taken", ()), bookings) if act else []
    refuse_if(_why_not_by_today(visit, bookings, now=now))
    taken_by = [*held_by_others(rows, now=now), *_away(rows)]
    if rows and not taken_by:
        placement = _placement(visit, bookings)
        refuse_if(space_for(placement, [placement], [], now=now).limits.why_not(placement.start))
        put_back(rows, now=now)
        return
    try:
        _with_others(visit, bookings, now=now)
    except ActionRefused as refusal:
        if not taken_by:
            raise
        words = _("This time is no longer free: %(names)s.") % {"names": hits_in_words(taken_by)}
        raise PolicyRefused(words) from refusal


def _with_others(visit: Visit, bookings: Sequence[Booking], *, now: dt.datetime) -> None:
    """Found anew at the same start: where the therapy takes other minutes today, calendars are told."""
    planned = [booking.ends_at for booking in bookings]
    occupy([_placement(visit, bookings)], [], now=now)
    if [booking.ends_at for booking in bookings] != planned:
        raise_ics_sequence(visit, arrival(bookings[0].variant, bookings[0].starts_at, visit.clinic.zone))


def _placement(visit: Visit, bookings: Sequence[Booking]) -> Placement:
    slot_request = slot_request_of(bookings, visit.patient)
    before = resources_given_back(visit)
    return Placement(slot_request, bookings[0].starts_at, bookings, BookingChannel.ANY, before=before)


def _why_not_by_today(visit: Visit, bookings: Iterable[Booking], *, now: dt.datetime) -> str:
    """Whether the orders still cover it: another session may have been booked in its place."""
    ordered = [booking for booking in bookings if booking.item]
    if visit.patient is None or not ordered:
        return ""
    patient_facts = patient_facts_of(visit.patient, now=now, ignoring=visit.pk)
    on = ordered[0].starts_at.astimezone(visit.zone).date()
    reasons = (visit_rules.why_not_ordered(patient_facts.order_for(b.variant, on), b.variant, on=on) for b in ordered)
    return next((reason for reason in reasons if reason), "")


def held_by_others(rows: Sequence[Occupancy], *, now: dt.datetime, besides: Sequence[Booking] = ()) -> list[InTheWay]:
    """Whose visits take any of these minutes now, `besides` these; holds that have lapsed take none."""
    overlaps = Q(pk=None)
    for row in rows:
        overlaps |= Q(resource=row.resource_id, patient=row.patient_id, during__overlap=row.during)
    others = Occupancy.objects.filter(overlaps).exclude(booking__in=Booking.objects.lapsed_holds(now))
    others = others.exclude(booking__in=[booking.pk for booking in besides])
    others = others.select_related("resource", "patient", "booking__visit__patient").order_by("during", "pk")
    return list(dict.fromkeys(_in_the_way(row) for row in others))


def _in_the_way(row: Occupancy) -> InTheWay:
    patient = row.booking.visit.patient
    what = row.resource.name if row.resource else _("another appointment")
    return InTheWay(what, patient.full_name if patient else "", row.during.lower, is_going_on=False)


def _away(rows: Iterable[Occupancy]) -> list[InTheWay]:
    """Who or what is absent by now, or no longer in use."""
    hits = []
    for row in rows:
        resource = row.resource
        if resource is None:
            continue
        away = Absence.objects.filter(resource=resource, during__overlap=row.during).exists()
        if away or not resource.is_active:
            hits.append(InTheWay(resource.name, _("not available"), row.during.lower, is_going_on=False))
    return list(dict.fromkeys(hits))
