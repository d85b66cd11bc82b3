"""What a patient is told when somebody may see more of them than before: a letter, or a call by the desk."""

import datetime as dt
from enum import StrEnum
from typing import Any, Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from clinic.people.models import Patient, User


class News(StrEnum):
    """The values are kinds of letters."""

    ACCESS_BEGUN = "access_begun"
    NEW_CLINIC = "new_clinic"
    RECORD_SHARED = "record_shared"


class WriteNews(Protocol):
    """The rooms above say who writes the row, in settings.NEWS_WRITER: people know nothing of letters."""

    def __call__(self, *, patient: Patient, kind: str, clinic: Any, by: User, now: dt.datetime) -> object: ...


def tell_patient(patient: Patient, news: News, *, clinic: Any, by: User, now: dt.datetime) -> None:
    """Write the letter in the transaction of the change that it tells of."""
    write: WriteNews = import_string(settings.NEWS_WRITER)
    write(patient=patient, kind=news, clinic=clinic, by=by, now=now)
