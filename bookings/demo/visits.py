"""The demo clinic's diary, filled by the verbs that everybody uses."""

import datetime as dt
import uuid

from bookings import availability
from bookings.demo import cast
from bookings.demo.house import minute
from bookings.fit import Wish
from bookings.models import Status, Visit
from bookings.scheduling import book, check_in, hold, record_past
from clinic.people.models import Patient, User
from clinic.premises.models import Clinic, Room
from clinic.wall import edge
from therapies.models import Practitioner, Variant

A_DAY = dt.timedelta(hours=24)
SOON = dt.timedelta(hours=2, minutes=10)
AWAKE = 10
HISTORY = [("Meera", 12, "10:00"), ("Savitri", 9, "11:00"), ("Fatima", 8, "15:00"), ("Joseph", 15, "09:00")]
"""Who was examined how many days ago."""


def _wish(clinic: Clinic, patient: Patient, plan: cast.Plan) -> Wish:
    variants = Variant.objects.select_related("therapy").prefetch_related("steps__crews")
    variants = variants.filter(therapy__code=plan.therapy)
    variant = variants.get(code=plan.variant) if plan.variant else variants.get(is_default=True)
    wanted = Practitioner.objects.filter(name=plan.with_whom).values_list("pk", flat=True).first()
    return Wish(clinic, (variant,), patient.accepts_therapist, wanted, patient.pk)


def _book(wish: Wish, patient: Patient, start: dt.datetime, desk: User, now: dt.datetime) -> Visit:
    key = uuid.uuid4()
    visit = hold(wish=wish, start=start, holder=f"demo-{key}", by=desk, now=now, key=key, desk=True)
    return book(
        visit=visit, patient=patient, holder=visit.holder, by=desk, now=now, key=key, desk=True, ordered=True
    )  # fmt: skip


def fill(clinic: Clinic, patients: dict[str, Patient], desk: User, now: dt.datetime) -> list[Visit]:
    """Past and coming visits; nothing when the diary has some already."""
    if Visit.objects.filter(clinic=clinic).exists():
        return []
    made = [_past(clinic, patients[name], days, clock, desk, now) for name, days, clock in HISTORY]
    made.append(_about_to_be_reminded(clinic, patients["Meera"], desk, now))
    for plan in cast.PLANS:
        wish = _wish(clinic, patients[plan.guest], plan)
        start = _nearest(wish, plan, now)
        if start is not None:
            made.append(_book(wish, patients[plan.guest], start, desk, now))
    _arrive(made, clinic, desk, now)
    return made


def _nearest(wish: Wish, plan: cast.Plan, now: dt.datetime) -> dt.datetime | None:
    """The free start nearest to what would suit, from now on."""
    day = wish.clinic.today(now) + dt.timedelta(days=plan.days)
    suits = max(edge(day, minute(plan.at), wish.clinic.zone), now)
    return next(iter(availability.nearest(wish, to=suits, now=now, count=1, desk=True)), None)


def _past(clinic: Clinic, patient: Patient, days: int, clock: str, desk: User, now: dt.datetime) -> Visit:
    """A first examination, written down afterwards; on the Monday before when it would have been a Sunday."""
    day = clinic.today(now) - dt.timedelta(days=days)
    day += dt.timedelta(days=1 if day.weekday() == cast.SUNDAY else 0)
    wish = _wish(clinic, patient, cast.Plan(patient.given_name, "consultation_first", 0, clock))
    vaidya = Practitioner.objects.get(name="Dr Asha Sharma" if minute(clock) < minute("14:00") else "Dr Neha Joshi")
    room = Room.objects.get(clinic=clinic, name="Consultation 1")
    start = edge(day, minute(clock), clinic.zone)
    return record_past(
        wish=wish, patient=patient, start=start, resource_ids=[vaidya.pk, room.pk], by=desk, now=now
    )  # fmt: skip


def _about_to_be_reminded(clinic: Clinic, patient: Patient, desk: User, now: dt.datetime) -> Visit:
    """A visit within the next 24 hours that was booked before that: its reminder is due at this moment.

    On a Saturday evening the next hours are those of running courses, so it is a day of one.
    """
    therapy = "back_pain_massage"
    wish = _wish(clinic, patient, cast.Plan(patient.given_name, therapy, 0, ""))
    wish = Wish(clinic, wish.variants, wish.gender, None, patient.pk, running_course=True)
    today = clinic.today(now)
    days = availability.starts(wish, first=today, last=today + dt.timedelta(days=1), now=now, desk=True)
    ahead = [start for day in days for start in day.starts if now + SOON <= start <= now + A_DAY]
    # Early visits get their second reminder on the evening before, outside quiet hours: one is enough to see.
    start = next((start for start in ahead if start.astimezone(clinic.zone).hour >= AWAKE), ahead[0])
    return _book(wish, patient, start, desk, start - A_DAY - dt.timedelta(minutes=15))


def _arrive(visits: list[Visit], clinic: Clinic, desk: User, now: dt.datetime) -> None:
    """Whoever comes next today is here already."""
    today = [visit for visit in visits if visit.arrives_at.astimezone(clinic.zone).date() == clinic.today(now)]
    coming = [visit for visit in today if visit.bookings.filter(status=Status.BOOKED, starts_at__gte=now).exists()]
    for visit in sorted(coming, key=lambda visit: visit.arrives_at)[:1]:
        if visit.patient and visit.patient.given_name != "Meera":
            check_in(visit=visit, by=desk, now=now)
