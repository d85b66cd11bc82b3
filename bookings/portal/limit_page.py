"""What is open already, beside the question who comes; and the page that says no, and leads to what exists."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from bookings.facts.open_visits import OnlineFacts, open_visits_of
from bookings.models import Booking, Visit
from bookings.portal import lookups
from bookings.portal.request import slot_request_behind, times_of
from bookings.portal.summary import VisitSummary
from bookings.portal.times_page import CONFLICT
from bookings.portal.visitor import signed_in
from bookings.rules.online_limits import Verdict, visits_in_words, why_not_another, why_not_online
from clinic.people.models import Patient, User


@dataclass(frozen=True)
class Open:
    """What the people of an account have open, as it bears on the time that is held."""

    time: Visit
    people: tuple[Patient, ...]
    known: OnlineFacts

    @property
    def bookings(self) -> list[Booking]:
        return list(self.time.bookings.all())

    def why_not(self, patient: Patient | None) -> Verdict:
        """Whether this held time may be booked for them, or for somebody new. What the clinic answers first may."""
        if patient is None:
            return why_not_another(self.time.clinic, self.known)
        verdict = why_not_online(self.bookings, patient, self.known)
        return Verdict() if verdict.only_asks else verdict

    def asks(self, patient: Patient) -> Verdict:
        """Why the clinic has to say yes first; nothing where it has not."""
        verdict = why_not_online(self.bookings, patient, self.known)
        return verdict if verdict.only_asks else Verdict()

    @property
    def shown(self) -> list[dict[str, Any]]:
        """Name, time and number of what lies ahead."""
        names = {person.pk: person.full_name for person in self.people}
        return [
            {"name": names[visit.patient_id], "when": visits_in_words([visit]), "public_id": visit.public_id}
            for visit in self.known.visits
            if visit.is_open and visit.patient_id in names
        ]

    @property
    def reasons(self) -> list[str]:
        """Why some of them, or none at all, may have this time."""
        for_all = self.why_not(None).reason
        each = [for_all] if for_all else [self.why_not(person).reason for person in self.people]
        return [reason for reason in each if reason]


def open_of(user: User, time: Visit, people: Iterable[Patient], now: dt.datetime) -> Open:
    """Of these people, for whom this account may book."""
    everybody = tuple(people)
    again = any(booking.variant.therapy.follow_up for booking in time.bookings.all())
    return Open(time, everybody, open_visits_of(everybody, account=user, clinic=time.clinic, now=now, follow_up=again))


def refused(request: HttpRequest, verdict: Verdict, time: Visit, now: dt.datetime) -> HttpResponse:
    """What stands in the way, each with the ways to change it."""
    numbers = {visit.public_id for visit in verdict.visits}
    slot_request = slot_request_behind(time)
    context = {
        "reason": verdict.reason,
        "visits": [
            VisitSummary(visit, now, in_full=False) for visit in lookups.visits_named(signed_in(request), numbers, now)
        ],
        "clinic": time.clinic,
        "house": time.clinic,
        "all_times": times_of(slot_request, time.clinic.today(time.arrives_at)),
    }
    return render(request, "portal/limit.html", context, status=CONFLICT)
