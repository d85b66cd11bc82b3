"""The page of a session once more, with all that was typed: something of it could not be kept."""

import datetime as dt

from django.http import HttpResponse
from django.shortcuts import render

from bookings.desk.request import ClinicalRequest

from .page import page_of
from .session_entry import TypedRecord

PAGE = "desk/sessions/session.html"


def again(request: ClinicalRequest, record: TypedRecord, now: dt.datetime) -> HttpResponse:
    """Both forms as they were sent, each with what is wrong in it."""
    entry = record.entry if record.is_entry_sent else None
    page = page_of(request.visit, record.booking, by=request.user, now=now, form=entry)
    if record.is_use_typed:
        page["use_form"] = record.use
    return render(request, PAGE, page, status=422)
