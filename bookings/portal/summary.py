"""A visit as its pages show it: facts with their names, what may still be done with it, and until when."""

import datetime as dt
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bookings.messages.content.late_changes import cost_of_change
from bookings.models import STILL_TO_COME, Booking, ScreeningState, Status, Visit
from bookings.pages.words import clock, moment_in_words
from bookings.rules import visits as visit_rules
from clinic.clock import date_format, span_words
from therapies.meal_words import one_meal
from therapies.preparation import preparation_of

NEUTRAL: dict[str, str] = {Status.STOPPED: Status.COMPLETED, Status.BLOCKED: Status.CANCELLED}


@dataclass(frozen=True)
class VisitSummary:
    """Reads the visit's prefetched bookings; templates ask, nothing here queries.

    `in_full`: the reader chose it themselves or sees the whole record. Others read when, where and with whom, and
    nothing by which a treatment could be told: no name, price, steps, preparation or reason.
    """

    visit: Visit
    now: dt.datetime
    in_full: bool
    price: str = ""

    @cached_property
    def bookings(self) -> list[Booking]:
        return list(self.visit.bookings.all())

    @property
    def first(self) -> Booking:
        return self.bookings[0]

    @property
    def starts_at(self) -> dt.datetime:
        return self.first.starts_at

    @property
    def version(self) -> int:
        return self.first.version

    @property
    def when(self) -> str:
        return moment_in_words(self.starts_at, self.visit.zone)

    @property
    def what(self) -> str:
        if not self.in_full:
            return _("Appointment")
        return ", ".join(str(booking.variant) for booking in self.bookings)

    @property
    def status(self) -> str:
        return self.first.status

    @property
    def is_paused(self) -> bool:
        """Whether one of its treatments waits for the Vaidya after a sign; only who sees all is told."""
        coming = [booking for booking in self.bookings if booking.status in STILL_TO_COME]
        paused: list[str] = getattr(self.visit, "paused", [])
        return self.in_full and any(visit_rules.is_paused(booking.variant.therapy, paused) for booking in coming)

    @property
    def waits_for_vaidya(self) -> bool:
        """Whether an answer keeps one of its treatments from beginning; only who sees all is told."""
        coming = [booking for booking in self.bookings if booking.status == Status.BOOKED]
        return self.in_full and any(booking.screening == ScreeningState.WAITING for booking in coming)

    @property
    def shown_status(self) -> str:
        """A stop and a refusal for medical reasons are not for everybody's eyes."""
        return self.status if self.in_full else NEUTRAL.get(self.status, self.status)

    @property
    def status_in_words(self) -> str:
        if self.is_paused:
            return _("Paused")
        if self.waits_for_vaidya:
            return _("Booked, a Vaidya decides first")
        return str(Status(self.shown_status).label)

    @property
    def held_until(self) -> dt.datetime | None:
        """The end of a hold that still lasts; None once it has lapsed."""
        lapsed = self.status != Status.HELD or self.first.is_lapsed_hold(self.now)
        return None if lapsed else self.first.expires_at

    @property
    def may_extend(self) -> bool:
        return not visit_rules.why_not_extend(self.visit, self.first, now=self.now)

    @property
    def may_move(self) -> bool:
        return not any(visit_rules.why_not_move(booking, now=self.now) for booking in self.bookings)

    @property
    def may_cancel(self) -> bool:
        return not visit_rules.why_not_cancel(self.first, now=self.now, desk=False)

    @property
    def is_booked(self) -> bool:
        """Somebody is expected: it has neither begun nor ended."""
        return self.status == Status.BOOKED and self.first.ends_at > self.now

    @property
    def asks(self) -> bool:
        """Whether health questions come before it: they are due, or it is the day, when a few are asked anew."""
        if not self.in_full:
            return False
        today = self.starts_at.astimezone(self.visit.zone).date() == self.now.astimezone(self.visit.zone).date()
        wanted = {ScreeningState.DUE} | ({ScreeningState.CLEAR, ScreeningState.WAITING} if today else set())
        coming = [booking for booking in self.bookings if booking.is_still_to_come(self.now)]
        return any(booking.screening in wanted for booking in coming)

    @property
    def free_change(self) -> str:
        """Until when a change is free, and what it costs afterwards."""
        return cost_of_change(self.first, now=self.now)

    @property
    def preparation(self) -> list[str]:
        """How to prepare, in the reader's language; no line twice, and one about the last meal."""
        if not self.in_full:
            return []
        return one_meal((booking.variant.fasting_hours, _preparation(booking)) for booking in self.bookings)

    @property
    def rows(self) -> list[tuple[str, str]]:
        """What components/key_values.html shows."""
        visit, zone = self.visit, self.visit.zone
        begins, ends = (moment.astimezone(zone) for moment in (self.first.starts_at, self.bookings[-1].ends_at))
        span = span_words(begins, ends, otherwise=_("{start} to {end}"))
        rows = [
            (_("Treatment"), self.what),
            (_("When"), f"{date_format(begins, 'l j F Y')}, {span}"),
            (_("Please arrive at"), clock(visit.arrives_at, zone)),
            (_("Time zone"), visit.timezone.replace("_", " ") if self.is_from_abroad else ""),
            (_("Practitioner"), ", ".join(self.people)),
            (_("Clinic"), f"{visit.clinic.name}, {', '.join(visit.clinic.address.splitlines())}"),
            (_("Patient"), visit.patient.full_name if visit.patient else ""),
            (_("Price"), self.price if self.in_full else ""),
        ]
        return [(name, value) for name, value in rows if value]

    @property
    def is_from_abroad(self) -> bool:
        """Whether the patient's phone is of another country than the clinic's: the reader may live by another clock."""
        numbers = [self.visit.patient and self.visit.patient.phone, self.visit.clinic.phone]
        return len({number.country_code for number in numbers if number}) > 1

    @property
    def people(self) -> list[str]:
        """Who serves; the rooms say nothing to patients."""
        names = (person.name for booking in self.bookings for person in booking.practitioners())
        return list(dict.fromkeys(names))


def _preparation(booking: Booking) -> list[str]:
    texts = {text.language: text for text in booking.variant.therapy.texts.all()}
    text = texts.get((get_language() or "en").split("-")[0]) or texts.get("en")
    return preparation_of(booking.variant, text) if text else []
