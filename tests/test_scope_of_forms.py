"""What a form of ours offers is what it accepts: no choice of any page of desk and portal takes another clinic's row.

The pages are opened as those they are for; each choice on them is asked for every id of the other clinic.
"""

import datetime as dt
import importlib
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django import forms
from django.core.exceptions import ValidationError
from django.forms.forms import BaseForm
from django.test import Client

from bookings.desk import offers
from bookings.models import Visit
from clinic.people.models import User
from clinic.premises.models import Resource
from tests import factories
from tests.owner import as_owner
from tests.test_matrix import ROW_OF, all_places, make_visit, values, visit  # noqa: F401
from therapies.models import Practitioner, Variant

SHOWN = {
    "owner": {"SessionsForm.item", "SessionsForm.who", "SlotRequestForm.what"},
    "front_desk": {
        "AbsenceForm.resource",
        "PastForm.room",
        "PastForm.what",
        "PastForm.who",
        "WhatForm.item",
        "WhatForm.what",
        "WhatForm.who",
    },
    "vaidya_user": {"AssessmentForm.visit", "ConsentForm.explained_by", "WhichForm.to"},
    "therapist_user": {"ConsentForm.explained_by", "WhichForm.to"},
}
"""Who opens the pages, and the choices of rows that these must have shown; else nothing would be asked."""
OF_EVERYBODY = {
    ("SessionsForm", "clinic"): "Ordered sessions may be booked at any clinic.",
}
"""Choices that name rows of any clinic, and why."""
FAR = 900_000


class Far:
    """The other clinic: its ids are like no other."""

    def __init__(self) -> None:
        start_far_away()
        clinic = factories.make_clinic("far")
        patient = factories.make_patient("Zarina", clinics=[clinic])
        desk, vaidya = factories.make_member(clinic, "front_desk"), factories.make_member(clinic, "vaidya")
        account = factories.make_user("zarina@example.org")
        factories.make_access(account, patient)
        person, room = factories.make_practitioner(clinic, user=vaidya), factories.make_room(clinic)
        booked = make_visit(clinic, patient, factories.NOW + dt.timedelta(days=3))
        record = record_of_far(booked, desk)
        rows: list[Any] = [clinic, patient, desk, vaidya, account, person, room, factories.make_equipment(clinic)]
        rows += [booked, booked.bookings.get(), *patient.assessments.all(), *patient.prescriptions.all()]
        self.ids = {str(row.pk) for row in rows}
        self.ids |= {str(row.public_id) for row in rows if hasattr(row, "public_id")} | {clinic.slug}
        self.ids |= {str(value) for value in record.values()}


def record_of_far(booked: Visit, by: User) -> dict[str, Any]:
    variant = factories.make_variant(factories.make_therapy("far-lepa"))
    order = factories.make_order(booked.patient, variant, clinic=booked.clinic, by=by)  # type: ignore[arg-type]
    return {"item": order.pk}


def start_far_away() -> None:
    """Every sequence goes on far above what is there: no id of here is one of there."""
    with as_owner() as cursor:
        cursor.execute("SELECT quote_ident(schemaname) || '.' || quote_ident(sequencename) FROM pg_sequences")
        for number, (name,) in enumerate(cursor.fetchall()):
            cursor.execute(f"ALTER SEQUENCE {name} RESTART WITH {FAR + number * 1000}")


@pytest.fixture(autouse=True)
def _clock(now: dt.datetime) -> Iterator[None]:
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def far(values: dict[str, Any], vaidya: Practitioner, owner: User) -> Far:  # noqa: F811
    """Made after all that is here."""
    far = Far()
    for variant in Variant.objects.filter(steps=None):
        factories.make_step(variant, "treatment", 0, 45, crew={"vaidya": 1})
        factories.make_qualification(vaidya, variant.therapy)
    return far


def forms_on(context: Any) -> Iterator[BaseForm]:
    """Every form that a page was made of, those in formsets and lists too."""
    seen: set[int] = set()
    for layer in context or []:
        for value in getattr(layer, "dicts", [layer]):
            for thing in value.values() if isinstance(value, dict) else []:
                yield from _forms(thing, seen)


def _forms(thing: Any, seen: set[int]) -> Iterator[BaseForm]:
    if id(thing) in seen:
        return
    seen.add(id(thing))
    if isinstance(thing, BaseForm):
        yield thing
    elif isinstance(thing, forms.BaseFormSet):
        yield from [*thing.forms, thing.empty_form]
    elif isinstance(thing, (list, tuple)):
        for each in thing:
            yield from _forms(each, seen)
    elif hasattr(thing, "form"):
        yield from _forms(thing.form, seen)


def takes(field: forms.Field, value: str) -> bool:
    several = isinstance(field, (forms.MultipleChoiceField, forms.ModelMultipleChoiceField))
    try:
        field.clean([value] if several else value)
    except ValidationError:
        return False
    return True


def choices_of(client: Client, values: dict[str, Any], room: str) -> Iterator[tuple[str, str, forms.Field]]:  # noqa: F811
    """Each choice on each page of a room: the form, the field's name, and the field as the page made it."""
    for place in all_places():
        if place.key.split(":")[0] != room:
            continue
        answer = client.get(place.of(**values.get(ROW_OF.get(place.key, ""), {})))
        for form in forms_on(answer.context):
            for name, field in form.fields.items():
                if isinstance(field, forms.ChoiceField):
                    yield type(form).__name__, name, field


def taken(client: Client, values: dict[str, Any], far: Far, room: str) -> tuple[set[str], set[str]]:  # noqa: F811
    """The choices that take an id of the other clinic, and all that name rows at all."""
    wrong, asked = set(), set()
    for form, name, field in choices_of(client, values, room):
        asked.add(f"{form}.{name}")
        if (form, name) not in OF_EVERYBODY and any(takes(field, value) for value in far.ids):
            wrong.add(f"{form}.{name}")
    return wrong, asked


@pytest.mark.parametrize("who", SHOWN)
def test_no_choice_takes_the_id_of_another_clinics_row(
    client: Client,
    request: pytest.FixtureRequest,
    values: dict[str, Any],  # noqa: F811
    far: Far,
    who: str,
) -> None:
    user = request.getfixturevalue(who)
    if who == "therapist_user":  # reads the record of whom they treat
        factories.make_crew(Visit.objects.get(public_id=values["visit"]["public_id"]), user)
    client.force_login(user)

    wrong, asked = taken(client, values, far, "portal" if who == "owner" else "desk")

    assert len(far.ids) > 15
    assert SHOWN[who] - asked == set()
    assert wrong == set()


def test_choice_without_its_scope_is_seen_to_take_it(
    client: Client,
    values: dict[str, Any],  # noqa: F811
    far: Far,
    front_desk: User,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The control."""
    monkeypatch.setattr(offers, "resources", lambda _clinic, _on: Resource.objects.all())
    client.force_login(front_desk)

    assert taken(client, values, far, "desk")[0] == {"AbsenceForm.resource"}


def test_choices_of_rows_offer_nothing_until_somebody_asks() -> None:
    """Deny by default: the class itself names no row, so a form that forgets to ask whose it is offers none."""
    for place in all_places():
        importlib.import_module(place.view.__module__)
    classes = list(below(BaseForm))
    declared = {
        f"{each.__module__}.{each.__name__}.{name}": field
        for each in classes
        if each.__module__.split(".")[0] in ("bookings", "clinic") and ".admin" not in each.__module__
        for name, field in getattr(each, "declared_fields", {}).items()
        if isinstance(field, forms.ModelChoiceField)
    }

    assert len(declared) > 10
    assert [name for name, field in declared.items() if not field.queryset.query.is_empty()] == []


def below(each: type) -> Iterator[type]:
    for one in each.__subclasses__():
        yield one
        yield from below(one)
