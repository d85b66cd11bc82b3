"""What the tables of people hold only once: a second press is refused in words, or is the same thing again."""

import datetime as dt
from collections import Counter
from collections.abc import Callable
from functools import partial

import pytest
from django.apps import apps
from django.db import models
from django.http import QueryDict

from bookings.actions.merges import merge_patients
from bookings.errors import PolicyRefused
from clinic.people import (
    access,
    accounts,
    attempts,
    clinic_devices,
    kept_forms,
    members,
    role_offers,
    security_counts,
    twins,
)
from clinic.people.members import CannotGive
from clinic.people.models import KeptForm, PossibleTwin, RoleOffer, SecurityEventCount, User
from clinic.people.role_offers import OfferOver
from clinic.people.staff import invite_staff
from clinic.premises.models import Clinic
from tests import factories

NEVER_PRESSED_TWICE = {
    "Patient.public_id",
    "RoleOffer.public_id",
    "Invitation.code_hash",
    "ClinicDevice.token_hash",
}
"""Made at random each time."""


def held_once() -> set[str]:
    """Unique fields and constraints of the models of people, by name."""
    rows = [model for model in apps.get_app_config("people").get_models() if not model.__name__.endswith("Event")]
    fields = {f"{model.__name__}.{field.name}" for model in rows for field in _unique_fields(model)}
    constraints = {
        constraint.name
        for model in rows
        for constraint in model._meta.constraints
        if isinstance(constraint, models.UniqueConstraint)
    }
    return fields | constraints


def _unique_fields(model: type[models.Model]) -> list[models.Field]:  # type: ignore[type-arg]
    return [field for field in model._meta.concrete_fields if field.unique and field.name not in ("id", "pgh_id")]


def refusal(act: Callable[[], object], kind: type[Exception]) -> str:
    with pytest.raises(kind) as caught:
        act()
    return str(caught.value.reason)  # type: ignore[attr-defined]


class House:
    def __init__(self, clinic: Clinic, now: dt.datetime) -> None:
        self.clinic, self.now, self.today = clinic, now, clinic.today(now)
        self.manager = factories.make_member(clinic, "manager")
        self.user = factories.make_member(clinic, "front_desk", user=factories.make_user("lata@shanti.example"))

    def invite(self, **fields: object) -> tuple[RoleOffer, ...]:
        usual = {"name": "Devi", "number": "", "email": "", "roles": ["front_desk"], "starts_on": self.today}
        asked = usual | fields
        return invite_staff(clinic=self.clinic, by=self.manager, now=self.now, **asked).offers  # type: ignore[arg-type]

    def number_of_an_account(self) -> None:
        stranger = factories.make_user(username="N1")

        assert refusal(lambda: self.invite(number=stranger.username), CannotGive) == "This staff ID is already in use."

    def address_of_an_account(self) -> None:
        assert accounts.open_account(email="LATA@shanti.example", now=self.now) == self.user

    def role(self) -> None:
        role = self.user.memberships.get()
        values = {"user": self.user, "clinic": self.clinic, "role": role.role, "starts_on": role.starts_on}

        words = refusal(lambda: members.add_by_operator(**values, now=self.now), CannotGive)

        assert words == "This person already has the role Front desk at this clinic."

    def open_offer(self) -> None:
        for _time in range(2):
            self.invite(email="devi@shanti.example")

        assert RoleOffer.objects.open(self.now).filter(user__email="devi@shanti.example").count() == 1

    def role_of_an_offer(self) -> None:
        stranger = factories.make_user("far@example.org")
        (offer,) = self.invite(email=stranger.email)
        role_offers.accept_offer(offer=offer, by=stranger, now=self.now)

        words = refusal(lambda: role_offers.accept_offer(offer=offer, by=stranger, now=self.now), OfferOver)

        assert words == "This offer is no longer open."

    def joined_patient(self) -> None:
        stranger, patient = factories.make_user(), factories.make_patient(clinics=[self.clinic])
        for relation in ("child", "child", "self", "self"):
            code = access.invite(patient=patient, relation=relation, width="full", by=self.manager, now=self.now)
            access.join(user=stranger, code=code, birth_date=patient.birth_date, now=self.now)

        assert stranger.accesses.filter(ends_on=None).count() == 1

    def shift(self) -> None:
        device, _token = clinic_devices.enrol(clinic=self.clinic, name="Tablet", by=self.manager, now=self.now)
        moment = {"device": device, "user": self.user, "proved_at": self.now, "now": self.now}

        assert clinic_devices.begin_shift(**moment) == clinic_devices.begin_shift(**moment)

    def pin(self) -> None:
        pins = [clinic_devices.set_pin(user=self.user, pin=pin, now=self.now) for pin in ("482913", "729184")]

        assert pins[0] == pins[1]

    def kept_form(self) -> None:
        page = {"user": self.user, "path": "/desk/patients/new/", "now": self.now}
        rows = [kept_forms.keep(data=QueryDict(f"needs={words}"), **page) for words in ("a", "b")]

        assert (rows[0], KeptForm.objects.count()) == (rows[1], 1 if rows[0] else 0)

    def attempts(self) -> None:
        limit = attempts.Limit(2, dt.timedelta(minutes=1))
        taken = [bool(attempts.take(key="of this test", limit=limit, now=self.now)) for _time in range(3)]

        assert taken == [True, True, False]

    def counted_event(self) -> None:
        for _time in range(2):
            security_counts.add(Counter([("sign_in", "of this test")]))

        assert SecurityEventCount.objects.get(outcome="of this test").count == 2

    def possible_twin(self) -> None:
        kept = factories.make_patient("Kishan Lal", clinics=[self.clinic])
        newer = factories.make_patient("Kishan Lal", clinics=[self.clinic])
        person = {"given_name": newer.given_name, "family_name": newer.family_name, "birth_date": newer.birth_date}
        for _time in range(2):
            twins.note_twins(newer, person, now=self.now)

        assert list(PossibleTwin.objects.values_list("patient", "other")) == [(newer.pk, kept.pk)]

    def merged_record(self) -> None:
        kept, other = (factories.make_patient("Govind Rao", clinics=[self.clinic]) for _time in range(2))
        merge = partial(merge_patients, survivor=kept, merged=other, clinic=self.clinic, by=self.user, now=self.now)
        merge()

        assert (
            refusal(merge, PolicyRefused)
            == f"{self.user} has merged one of these records already. Please look at it again."
        )


PRESSED_TWICE: dict[str, Callable[[House], None]] = {
    "User.username": House.number_of_an_account,
    "user_email_once": House.address_of_an_account,
    "membership_once": House.role,
    "role_offer_open_once": House.open_offer,
    "RoleOffer.membership": House.role_of_an_offer,
    "access_once": House.joined_patient,
    "possible_twin_once": House.possible_twin,
    "patient_merge_once": House.merged_record,
    "shift_once_a_device": House.shift,
    "Pin.user": House.pin,
    "kept_form_once_a_page": House.kept_form,
    "Attempts.key": House.attempts,
    "security_event_counted_once": House.counted_event,
}


def test_whatever_is_held_once_says_what_a_second_press_does() -> None:
    assert held_once() == NEVER_PRESSED_TWICE | PRESSED_TWICE.keys()


def test_second_press_is_refused_in_words_or_is_the_same_thing(clinic: Clinic, now: dt.datetime) -> None:
    house = House(clinic, now)

    for press in PRESSED_TWICE.values():
        press(house)

    assert User.objects.filter(email__iexact="lata@shanti.example").count() == 1
