"""A form that saves itself while somebody writes: the answer to the script, which shows nothing of the record."""

import datetime as dt

from django.http import HttpRequest, JsonResponse

from bookings.desk.reads import Patients, of_record
from bookings.desk.request import ClinicalRequest
from clinic.clock import clock_words
from clinic.premises.models import Clinic

AUTOMATIC = "auto"
"""Instead of a button's value: `js/draft.js` sent the form, nobody pressed anything."""
UNFINISHED = 422


def saves_itself(request: HttpRequest) -> bool:
    return request.POST.get("then") == AUTOMATIC


def of_written(request: ClinicalRequest, **address: object) -> tuple[Patients, Clinic]:
    """Whom the page shows: nobody where only a draft is kept, once in 20 seconds."""
    patients, clinic = of_record(request, **address)
    return ([] if saves_itself(request) else patients), clinic


def draft_kept(fingerprint: str, *, clinic: Clinic, now: dt.datetime) -> JsonResponse:
    """The draft as the page must name it from now on, and when it was kept."""
    return JsonResponse({"shown": fingerprint, "time": clock_words(now.astimezone(clinic.zone))})


def draft_unfinished() -> JsonResponse:
    """Something in it cannot be kept as it is; the page says what when a button is pressed."""
    return JsonResponse({}, status=UNFINISHED)
