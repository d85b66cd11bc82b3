"""Whether a patient of another clinic of ours is the one who stands here: by phone and birth date, guessed a few times.

A guess is a look-up of a phone number that another clinic knows, with a birth date that is not theirs. Numbers that
nobody knows cost nothing, so that registering new people is never slowed down.
"""

import datetime as dt

from django.db import transaction

from bookings.models import BirthDateMiss
from clinic.people.models import Patient, User
from clinic.people.patient_search import persons_of
from clinic.premises.models import Clinic

GUESSES = 5
WITHIN = dt.timedelta(hours=1)
SHOWN = 20


class TooManyGuesses(Exception):
    """The desk of this clinic guessed wrong too often within the hour."""


def same_person(*, phone: str, birth_date: dt.date, clinic: Clinic, by: User, now: dt.datetime) -> list[Patient]:
    """Whoever in the organisation has exactly this phone (in full) and birth date. Raises TooManyGuesses.

    A miss is written down before the answer is given. The clinic's look-ups queue, so that a burst does not pass.
    """
    with transaction.atomic(durable=True):
        Clinic.objects.select_for_update(no_key=True).get(pk=clinic.pk)
        if BirthDateMiss.objects.filter(clinic=clinic, at__gt=now - WITHIN).count() >= GUESSES:
            raise TooManyGuesses
        sharing = Patient.objects.filter(phone=phone)
        fitting = sharing.filter(birth_date=birth_date).select_related("merged_into").order_by("pk")[:SHOWN]
        if not fitting and sharing.exclude(clinics=clinic).exists():
            BirthDateMiss.objects.create(clinic=clinic, user=by, at=now)
        return persons_of(fitting)
