"""A visit whose letters are tested, and a clock that stands."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from django.core import mail
from pytest_django import Settings

from bookings.messages.outbox.delivery import Pace, Tally, send_due
from bookings.models import Visit
from clinic.people.models import Patient
from clinic.premises.models import Clinic
from tests.factories import make_consultation, make_visit
from tests.messages.sink import Sink, running_sink

START = dt.datetime(2026, 3, 5, 5, 0, tzinfo=dt.UTC)
"""Thursday, 5 March 2026, 10:30 in Kolkata."""


@pytest.fixture
def visit(clinic: Clinic, patient: Patient) -> Visit:
    """A booked consultation of 45 minutes, three days ahead."""
    return make_visit(clinic=clinic, variant=make_consultation(), start=START, patient=patient)


@pytest.fixture
def send() -> Callable[..., Tally]:
    """Sends what is due at a moment."""

    def at(moment: dt.datetime, **pace: float) -> Tally:
        return send_due(clock=lambda: moment, sender="test", pace=replace(Pace.set(), **pace))  # type: ignore[arg-type]

    return at


@pytest.fixture
def outbox() -> list[mail.EmailMessage]:
    """What Django's in-memory backend was handed."""
    return mail.outbox


@pytest.fixture
def data_dir(tmp_path: Path, settings: Settings) -> Path:
    settings.DATA_DIR = tmp_path
    return tmp_path


@pytest.fixture
def sink(settings: Settings) -> Iterator[Sink]:
    """A real mail server, to which Django's own SMTP backend speaks."""
    with running_sink() as running:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", running.port
        yield running
