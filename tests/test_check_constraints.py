"""Forms ask the constraints of a row before it is written, so that people read words instead of an error."""

import datetime as dt
import logging
import uuid
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models

from tests import factories

SAMPLES: dict[type, Any] = {
    models.BooleanField: True,
    models.CharField: "x",
    models.TextField: "x",
    models.DateTimeField: factories.NOW,
    models.DateField: dt.date(2026, 3, 2),
    models.DecimalField: 1,
    models.IntegerField: 1,
    models.UUIDField: uuid.UUID(int=1),
}


def checks() -> list[tuple[type[models.Model], models.CheckConstraint]]:
    return [
        (model, constraint)
        for model in apps.get_models()
        if model.__module__.split(".")[0] in ("bookings", "clinic", "therapies")
        for constraint in model._meta.constraints
        if isinstance(constraint, models.CheckConstraint)
    ]


def filled(model: type[models.Model]) -> models.Model:
    """A row with something in each plain field."""
    row = model()
    for field in model._meta.concrete_fields:
        value = next((value for kind, value in SAMPLES.items() if isinstance(field, kind)), None)
        if value is not None and not field.is_relation and not field.primary_key:
            setattr(row, field.attname, value)
    return row


def ask(constraint: models.CheckConstraint, model: type[models.Model], row: models.Model) -> bool:
    try:
        constraint.validate(model, row)
    except ValidationError:
        return False
    return True


@pytest.mark.django_db
def test_forms_can_ask_every_check_of_every_row(caplog: pytest.LogCaptureFixture) -> None:
    """Django logs a check that the database cannot answer, and lets the row pass."""
    asked = [ask(check, model, row) for model, check in checks() for row in (model(), filled(model))]

    assert len(checks()) > 80
    assert set(asked) == {True, False}
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING] == []


@pytest.mark.django_db
@pytest.mark.parametrize(("reminders", "passes"), [([], True), ([1440, 120], True), ([20], False), ([60] * 7, False)])
def test_reminders_out_of_bounds_are_told_in_words(reminders: list[int], passes: bool) -> None:
    clinic = factories.make_clinic()
    clinic.reminders = reminders

    refusal = ""
    try:
        clinic.full_clean()
    except ValidationError as error:
        refusal = " ".join(error.messages)

    words = "Choose up to six reminders, each between half an hour and thirty days before the visit."
    assert refusal == ("" if passes else words)
