"""The free times of a treatment that nobody can book yet."""

import datetime as dt
from dataclasses import dataclass

from django.shortcuts import get_object_or_404

from bookings.pages.words import clock, day_in_words
from bookings.slots.search import Day, starts
from bookings.slots.search_space import SlotRequest
from clinic.premises.models import Clinic
from therapies.models import Therapy

A_WEEK = dt.timedelta(days=6)


@dataclass(frozen=True)
class FreeDay:
    """A day in words, how many times it has for patients treated by women and by men, and the first, or why none."""

    day: str
    women: int
    men: int
    first: str


def therapy_or_404(code: str) -> Therapy:
    return get_object_or_404(Therapy.objects.with_page(), code=code)


def free_days(therapy: Therapy, clinic: Clinic, now: dt.datetime) -> list[FreeDay]:
    """The coming week of its usual variant; nothing while that has no step with the patient."""
    variant = next((each for each in therapy.variants.all() if each.is_default), None)
    if variant is None or not any(step.patient_present for step in variant.steps.all()):
        return []
    first = clinic.today(now)
    women, men = (
        starts(SlotRequest(clinic, (variant,), gender=gender), first=first, last=first + A_WEEK, now=now, desk=True)
        for gender in ("female", "male")
    )
    return [_free_day(each, other, clinic) for each, other in zip(women, men, strict=True)]


def _free_day(women: Day, men: Day, clinic: Clinic) -> FreeDay:
    every = sorted({*women.starts, *men.starts})
    first = clock(every[0], clinic.zone) if every else women.why
    return FreeDay(day_in_words(women.on), len(women.starts), len(men.starts), first)
