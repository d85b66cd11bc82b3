"""A clinic that steams and pours oil: what the races for prescribed sessions need, and no more of it."""

import datetime as dt
from dataclasses import dataclass, field

from django.utils import timezone

from bookings.models import PrescriptionItem
from clinic.people.models import Patient, User
from clinic.premises.models import Clinic
from tests import factories
from tests.shipped import load_shipped
from therapies.models import Variant

CREWS = 2
"""Of each gender: a therapist and an attendant."""
ROOMS = 3
"""Fewer than crews, more than the crews of one gender."""
ACCEPTS = ("female", "male", "female", "male", "any")
OPEN = ("06:00", "11:00")


@dataclass
class Guest:
    """A patient who told that all is well, with an account and an order for each of the two therapies."""

    patient: Patient
    account: User
    steam: PrescriptionItem
    pool: PrescriptionItem


@dataclass
class SteamHouse:
    """Two steam rooms with one chamber between them, three therapy rooms, two crews of each gender, a Vaidya."""

    clinic: Clinic
    steam: Variant
    pool: Variant
    desk: User
    guests: list[Guest] = field(default_factory=list)


def make_steam_house(*, guests: int) -> SteamHouse:
    """Swedana and Kati Basti as the catalogue ships them; the guests accept women, men or, every fifth, anybody."""
    load_shipped()
    clinic = factories.make_clinic(
        "steam", slot_minutes=5, opens=OPEN[0], closes=OPEN[1], horizon_days=300, unscheduled_roles=[]
    )
    known = Variant.objects.select_related("therapy")
    steam, pool = (known.get(therapy__code=code) for code in ("swedana", "kati_basti"))
    given = [steam.therapy, pool.therapy]
    factories.make_practitioner(clinic, roles=["vaidya"], works=OPEN, qualified=given)
    for gender in ["female", "male"] * CREWS:
        for role in ("therapist", "attendant"):
            factories.make_practitioner(clinic, roles=[role], gender=gender, works=OPEN, qualified=given)
    for feature in ["steam_room"] * 2 + ["therapy_room"] * ROOMS:
        factories.make_room(clinic, features=[feature])
    factories.make_equipment(clinic, "steam_chamber")
    house = SteamHouse(clinic, steam, pool, factories.make_member(clinic, "front_desk"))
    house.guests = [make_guest(house, ACCEPTS[n % len(ACCEPTS)]) for n in range(guests)]
    return house


def make_guest(house: SteamHouse, accepts: str, *, sessions: int = 60) -> Guest:
    now, account = timezone.now(), factories.make_user()
    said = {"gender": "man" if accepts == "male" else "woman", "accepts_therapist": accepts}
    patient = factories.make_patient(f"Guest{account.pk}", clinics=[house.clinic], **said)
    factories.make_access(account, patient)
    factories.tell_all_is_well(patient, house.clinic, at=now)
    steam, pool = (
        factories.make_order(
            patient,
            variant,
            clinic=house.clinic,
            by=house.desk,
            sessions=sessions,
            valid_until=now.date() + dt.timedelta(days=300),
        )
        for variant in (house.steam, house.pool)
    )
    return Guest(patient, account, steam, pool)
