"""Nothing changes in silence: each field that decides about time, staff, room or patient lists the visits it hits.

Expectations are data: a field that has no line here fails.
"""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Model

from bookings.actions.affected import settle_obstacles
from bookings.errors import PolicyRefused
from bookings.models import Occupancy, Settlement, Visit
from bookings.slots.obstacles import obstacles, open_obstacles
from clinic.people.models import Membership, Patient, User
from clinic.premises.models import Clinic, Equipment, OpeningHours, Room
from clinic.premises.models.clinic import ONLINE_LIMITS
from tests import factories
from tests.bookings.conftest import at
from therapies.models import Practitioner, Qualification, Step, StepCrew, Therapy, Variant, WorkingHours

Change = Callable[["World"], object]
NO = "cannot hit a visit"
FREE = "decides about new bookings only"
WORDS = "words for people"
LATER = "is asked on the day, or at the next booking"


class World:
    """A booked treatment by a therapist, in a room with a steam chamber."""

    def __init__(self, clinic: Clinic, by: User) -> None:
        self.clinic, self.by = clinic, by
        self.therapy = factories.make_therapy("abhyanga", same_gender=True, booking_mode="patient")
        self.variant = factories.make_variant(self.therapy, window_from=480, window_to=1020)
        self.step = factories.make_step(
            self.variant, "treatment", 0, 45, crew={"therapist": 1}, equipment=["steam_chamber"]
        )
        self.room = factories.make_room(clinic, "Room 1")
        self.chamber = factories.make_equipment(clinic)
        user = factories.make_member(clinic, "therapist")
        self.person = factories.make_practitioner(
            clinic, "Sunita", roles=["therapist"], qualified=[self.therapy], user=user
        )
        self.patient = factories.make_patient(clinics=[clinic], accepts_therapist="female")
        self.start = at(11, day=3)
        self.visit = factories.make_visit(
            clinic=clinic,
            variant=self.variant,
            start=self.start,
            patient=self.patient,
            resources=[self.room, self.person],
        )
        during = factories.between(self.start, self.start + dt.timedelta(minutes=45))
        booking = self.visit.bookings.get()
        Occupancy.objects.create(booking=booking, resource=self.chamber, during=during, part="equipment:steam_chamber")
        Occupancy.objects.filter(booking=booking, resource=self.person).update(hands_on=45)

    def row(self, model: type[Model]) -> Any:
        rows: dict[type[Model], Model] = {
            Clinic: self.clinic,
            Room: self.room,
            Equipment: self.chamber,
            Practitioner: self.person,
            Therapy: self.therapy,
            Variant: self.variant,
            Patient: self.patient,
        }
        return rows.get(model) or model._default_manager.first()


def to(**values: Any) -> Change:
    """Every row of the model gets these values."""
    return lambda _world: values


def gone(_world: World) -> None:
    """The row is deleted."""


def other_clinic(_world: World) -> dict[str, Any]:
    return {"clinic": factories.make_clinic("ananda")}


RESOURCE = {"id": NO, "resource_ptr": NO, "name": WORDS}
CATALOGUED = {"id": NO, "loaded": NO, "code": "fixed once it is made"}
FIELDS: dict[type[Model], dict[str, Change | str]] = {
    Room: RESOURCE
    | {"is_active": to(is_active=False), "clinic": other_clinic, "features": to(features=["steam_room"])},
    Equipment: RESOURCE | {"is_active": to(is_active=False), "clinic": other_clinic, "kind": to(kind="leech_tank")},
    Practitioner: RESOURCE
    | {
        "is_active": to(is_active=False),
        "user": lambda _world: {"user": factories.make_user()},
        "home": "who may edit the page",
        "training": WORDS,
        "gender": to(gender="male"),
        "roles": to(roles=["attendant"]),
        "languages": WORDS,
        "phone": WORDS,
        "hands_on_limit": to(hands_on_limit=30),
    },
    Qualification: {
        "id": NO,
        "practitioner": gone,
        "therapy": gone,
        "starts_on": to(starts_on=dt.date(2026, 4, 1)),
        "ends_on": to(ends_on=dt.date(2026, 3, 2)),
    },
    WorkingHours: {
        "id": NO,
        "practitioner": gone,
        "clinic": gone,
        "weekday": gone,
        "from_minute": to(from_minute=12 * 60),
        "to_minute": to(to_minute=11 * 60),
        "valid_from": to(valid_from=dt.date(2026, 4, 1)),
        "valid_until": to(valid_until=dt.date(2026, 3, 2)),
    },
    OpeningHours: {
        "id": NO,
        "clinic": gone,
        "weekday": gone,
        "from_minute": to(from_minute=12 * 60),
        "to_minute": to(to_minute=11 * 60),
        "use": to(use="running_courses"),
    },
    Membership: dict.fromkeys(
        [
            *["id", "alone", "source", "granted_by", "confirmed_by", "user", "clinic", "role", "starts_on", "reason"],
        ],
        "never rewritten",
    )
    | {"ends_on": "see a role that ends, below"},
    Clinic: {
        "id": NO,
        **dict.fromkeys(["slug", "name", "sender_name", "phone", "email", "languages", "emergency_numbers"], WORDS),
        **dict.fromkeys(["clock", "currency"], WORDS),
        **dict.fromkeys(["whatsapp", "map_url", "step_free"], WORDS),
        **dict.fromkeys([*ONLINE_LIMITS], FREE),
        **dict.fromkeys(["slot_minutes", "lead_minutes", "horizon_days", "holidays"], FREE),
        **dict.fromkeys(["change_notice_hours", "late_change_price", "day_check_by_phone", "reminders"], LATER),
        **dict.fromkeys(["watch_roles", "watched_by_one"], "lists watched visits by the rule of watches"),
        "address": "told apart by its history, see below",
        "unscheduled_roles": "told apart by its history, as the steps below",
        "timezone": to(timezone="Asia/Dubai"),
        "is_active": to(is_active=False),
    },
    Therapy: CATALOGUED
    | dict.fromkeys(
        [
            *["name", "names", "name_iast", "name_devanagari", "description", "synonyms", "who_id", "facts", "sources"],
            *["category", "phase", "scope", "position"],
        ],
        WORDS,
    )
    | dict.fromkeys(["booking_mode", "follow_up", "whole_day"], FREE)
    | dict.fromkeys(["consent", "change_notice_hours", "reminder_hours", "hours_after_meal", "groups", "kind"], LATER)
    | {
        "same_gender": "see the patient's wish: only what is asked for can be broken",
        "needs": to(needs="prescription"),
        "minimum_age": to(minimum_age=70),
        "maximum_age": to(maximum_age=10),
        "age_is_absolute": LATER,
        "arrival_lead_minutes": "told apart by its history, as the steps below",
        "is_active": to(is_active=False),
    },
    Variant: {
        "id": NO,
        "therapy": "fixed once it is made",
        "code": "fixed once it is made",
        **dict.fromkeys(["name", "names", "who_id", "preparation"], WORDS),
        **dict.fromkeys(["is_default", "smaller_crew_of"], FREE),
        **dict.fromkeys(["hours_after_meal", "age_is_absolute"], LATER),
        "room_feature": to(room_feature="steam_room"),
        "window_from": to(window_from=12 * 60),
        "window_to": to(window_to=10 * 60),
        "minimum_age": to(minimum_age=70),
        "maximum_age": to(maximum_age=10),
    },
    Patient: dict.fromkeys(
        [
            *["id", "public_id", "given_name", "family_name", "gender", "phone", "email", "language", "channel"],
            *["discreet", "label", "needs", "emergency_contact", "registered_by", "registered_at", "proved_email"],
            *["email_proved_at", "search_terms", "kinship", "kin_name", "village", "merged_into"],
        ],
        NO,
    )
    | {
        "birth_date": "with a limit of age, see the therapy",
        "death_noted_at": "noted by the action that cancels what is booked",
        "birth_is_approximate": "with a limit of age, see the therapy",
        "accepts_therapist": to(accepts_therapist="male"),
    },
}
BY_ITSELF: dict[str, Change] = {
    "an absence of the therapist": lambda w: factories.make_absence(
        w.person, w.start, w.start + dt.timedelta(hours=1), by=w.by
    ),
    "a room out of order": lambda w: factories.make_absence(w.room, w.start, w.start + dt.timedelta(hours=1), by=w.by),
    "a role that ends": lambda w: Membership.objects.filter(user=w.person.user).update(ends_on=dt.date(2026, 3, 2)),
    "a closed day": lambda w: factories.make_closure(w.clinic, dt.date(2026, 3, 3)),
}
"""Rows that come."""


def changes() -> dict[str, tuple[type[Model] | None, Change]]:
    of_fields = {
        f"{model.__name__}.{name}": (model, change)
        for model, fields in FIELDS.items()
        for name, change in fields.items()
        if not isinstance(change, str)
    }
    return of_fields | {name: (None, change) for name, change in BY_ITSELF.items()}


@pytest.mark.parametrize("model", FIELDS)
def test_every_field_is_known(model: type[Model]) -> None:
    """Absences and closures hit by being there; steps and crews are compared as a whole."""
    named = {name for name in FIELDS[model] if any(field.name == name for field in model._meta.concrete_fields)}

    assert {field.name for field in model._meta.concrete_fields} - named == set()


@pytest.fixture
def world(clinic: Clinic, manager: User) -> World:
    return World(clinic, manager)


def test_visit_that_nothing_hits_is_not_listed(world: World, now: dt.datetime) -> None:
    assert obstacles(world.clinic, now) == {}


def test_every_change_that_hits_the_visit_lists_it(world: World, now: dt.datetime) -> None:
    silent = []

    for name, (model, change) in changes().items():
        point = transaction.savepoint()
        values = change(world)
        rows = model._default_manager.all() if model else None
        if rows is not None and model in (Room, Equipment, Practitioner, Therapy, Variant, Patient, Clinic):
            rows = rows.filter(pk=world.row(model).pk)
        if rows is not None:
            if values is None:
                rows._raw_delete(rows.db)
            else:
                rows.update(**values)  # type: ignore[arg-type]
        if world.visit.pk not in obstacles(Clinic.objects.get(pk=world.clinic.pk), now):
            silent.append(name)
        transaction.savepoint_rollback(point)

    assert silent == []


def test_settled_obstacle_goes_and_another_one_comes_back(world: World, now: dt.datetime) -> None:
    factories.make_closure(world.clinic, dt.date(2026, 3, 3))
    (shut,) = open_obstacles(world.clinic, now)[world.visit.pk]
    with pytest.raises(PolicyRefused, match="give a reason"):
        _settle(world, [shut.key], Settlement.LEFT, "", now)

    _settle(world, [shut.key], Settlement.LEFT, "We open for her alone", now)
    after = open_obstacles(world.clinic, now)
    Room.objects.filter(pk=world.room.pk).update(is_active=False)

    assert (str(shut), after) == ("The clinic is closed at that time", {})
    assert [str(each) for each in open_obstacles(world.clinic, now)[world.visit.pk]] == [
        "Room 1 is no longer available here"
    ]
    assert Visit.objects.get(pk=world.visit.pk).history.get().verb == "settle"


def test_what_no_longer_stands_against_it_cannot_be_settled(world: World, now: dt.datetime) -> None:
    with pytest.raises(PolicyRefused, match="changed in the meantime"):
        _settle(world, ["shut:20260303"], Settlement.TOLD, "", now)


def test_address_with_other_ends_of_lines_is_the_same(world: World, now: dt.datetime) -> None:
    """As a browser sends it when the manager saves the clinic's page for another reason."""
    address = world.clinic.address.replace("\n", "\r\n") + " "
    Clinic.objects.filter(pk=world.clinic.pk).update(address=address)

    assert address.split("\r\n") != [address]
    assert obstacles(Clinic.objects.get(pk=world.clinic.pk), now) == {}


def _settle(world: World, keys: list[str], outcome: Settlement, reason: str, now: dt.datetime) -> None:
    settle_obstacles(visit=world.visit, keys=keys, outcome=outcome, reason=reason, by=world.by, now=now)


@pytest.mark.django_db(transaction=True)
def test_changed_minutes_crew_arrival_and_address_list_what_was_booked_before(
    clinic: Clinic, manager: User, now: dt.datetime
) -> None:
    world, found = World(clinic, manager), {}
    edits: dict[str, Callable[[], object]] = {
        "minutes": lambda: Step.objects.filter(pk=world.step.pk).update(minutes=60),
        "crew": lambda: StepCrew.objects.filter(step=world.step).update(count=2, minimum=2),
        "arrival": lambda: Therapy.objects.filter(pk=world.therapy.pk).update(arrival_lead_minutes=30),
        "address": lambda: Clinic.objects.filter(pk=clinic.pk).update(address="Another street 1, Jaipur"),
    }

    for name, edit in edits.items():
        before = set(map(str, obstacles(clinic, now).get(world.visit.pk, [])))
        edit()
        clinic.refresh_from_db()
        found[name] = set(map(str, obstacles(clinic, now)[world.visit.pk])) - before

    assert found == {
        "minutes": {"Steps, minutes or staff of Abhyanga have changed since the booking"},
        "crew": set(),
        "arrival": {"The arrival time of Abhyanga has changed since the booking"},
        "address": {"The address of the clinic has changed since the booking"},
    }
