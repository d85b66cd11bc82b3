"""What people press and write in the course of the demo's day, at the moment at which they would."""

import datetime as dt
from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import partial

from bookings.actions import assessments, attendance, changes, measurements, session_notes, signing
from bookings.demo.day_plan import PlannedVisit, Stage
from bookings.demo.orders import answer
from bookings.facts.sessions import accounts_serving
from bookings.models import Assessment, Booking, CancelledBy
from clinic.people.models import User
from clinic.wall import edge
from therapies import questionnaire
from therapies.vitals import Readings

STOP_SIGN = "st_pain_increases"
PAIN = ((7, 5), (6, 4), (5, 4), (4, 3))
"""Before and after the sessions of a course, one after the other."""
A_MINUTE = dt.timedelta(minutes=1)
CAME = frozenset(set(Stage) - {Stage.BOOKED, Stage.LATE, Stage.NO_SHOW, Stage.CANCELLED})
BEGAN = CAME - {Stage.ARRIVED}
ENDED = BEGAN - {Stage.IN_PROGRESS}

Act = tuple[dt.datetime, Callable[[], object]]


def press(visits: Sequence[tuple[PlannedVisit, Booking]], desk: User, now: dt.datetime) -> None:
    """All acts of these visits, in the order of their moments."""
    acts = [act for planned, booking in visits for act in _acts(planned, booking, desk, now)]
    for _at, act in sorted(acts, key=lambda act: act[0]):
        act()


def _acts(planned: PlannedVisit, booking: Booking, desk: User, now: dt.datetime) -> list[Act]:
    """What is pressed for one visit until now."""
    visit, stage = booking.visit, planned.stage
    acts: list[Act] = []
    if stage is Stage.CANCELLED:
        at = min(planned.start - dt.timedelta(hours=20), now - A_MINUTE)
        acts += [(at, partial(_cancel, booking, desk, at))]
    if stage is Stage.NO_SHOW:
        at = planned.ends
        acts += [(at, partial(attendance.mark_no_show, visit=visit, by=desk, now=at))]
    if stage in CAME:
        came = max(planned.came, edge(planned.start.astimezone(visit.zone).date(), 0, visit.zone))
        acts += [(came, partial(attendance.check_in, visit=visit, by=desk, now=came))]
        acts += _before_a_session(planned, booking, came)
    if stage in BEGAN:
        acts += [(planned.began, partial(_start, booking, planned.began))]
    if stage in ENDED:
        acts += [(planned.ended, partial(_end, planned, booking, desk, planned.ended))]
    return acts


def _before_a_session(planned: PlannedVisit, booking: Booking, came: dt.datetime) -> list[Act]:
    """The questions of the day, for whoever begins soon also what is measured."""
    if planned.wish.is_consultation:
        return []
    asked, measured = came + A_MINUTE, came + 2 * A_MINUTE
    visit = booking.visit
    assert visit.patient is not None  # noqa: S101 - booked for somebody
    ask = partial(answer, visit.patient, visit.clinic, [booking.variant], questionnaire.DAY, asked, visit)
    measure = partial(_measure, planned, booking, measured)
    acts: list[Act] = [(asked, ask)]
    if planned.stage in BEGAN:
        acts += [(measured, measure)]
    return acts


def _cancel(booking: Booking, desk: User, at: dt.datetime) -> None:
    changes.cancel(
        visit=booking.visit,
        ended_by=CancelledBy.PATIENT,
        reason="illness",
        by=desk,
        now=at,
        version=booking.version,
        desk=True,
    )


def _measure(planned: PlannedVisit, booking: Booking, at: dt.datetime) -> None:
    number = planned.wish.minute % 9
    readings = Readings(118 + number, 74 + number, 68 + number, Decimal("36.6"))
    before, _after = PAIN[planned.session]
    measurements.measure(booking=booking, by=_whoever_gives(booking), now=at, readings=readings)
    session_notes.note_session(
        booking=booking, by=_whoever_gives(booking), now=at, identifiers="name,birth_date", pain_before=before
    )


def _start(booking: Booking, at: dt.datetime) -> None:
    attendance.start(booking=booking, by=_whoever_gives(booking), now=at, despite=True)


def _end(planned: PlannedVisit, booking: Booking, desk: User, at: dt.datetime) -> None:
    by = _whoever_gives(booking)
    if planned.stage is Stage.STOPPED:
        session_notes.stop_session(booking=booking, sign=STOP_SIGN, by=by, now=at)
    elif planned.stage is Stage.WITHOUT_NOTE:
        attendance.complete(booking=booking, by=desk, now=at)
    elif planned.wish.is_consultation:
        _sign_note(booking, by, at)
    else:
        _before, after = PAIN[planned.session]
        session_notes.note_session(
            booking=booking, by=by, now=at, pain_after=after, observations="Lay calmly; warm and loose afterwards."
        )
        attendance.complete(booking=booking, by=by, now=at)


def _sign_note(booking: Booking, by: User, at: dt.datetime) -> None:
    draft = write_note(booking, by, at)
    signing.sign(assessment=draft, prescription=None, clearing=[], by=by, now=at)


def write_note(booking: Booking, by: User, at: dt.datetime) -> Assessment:
    """The Vaidya's note of a consultation, still a draft."""
    patient = booking.visit.patient
    assert patient is not None  # noqa: S101 - booked for somebody
    return assessments.assess(
        patient=patient,
        clinic=booking.visit.clinic,
        visit=booking.visit,
        by=by,
        now=at,
        complaint="Back pain, less than at the last visit",
        pain=3,
        examination={"prashna": "Sleeps well; walks every day", "nadi": "Vata leads"},
        vikriti="vata",
        diagnosis="Pain in the lower back, improving",
    )


def _whoever_gives(booking: Booking) -> User:
    """The account of who gives it; where none of them has one, a therapist's."""
    serving = list(accounts_serving(booking))
    return User.objects.get(pk=serving[0]) if serving else User.objects.get(username="T1001")
