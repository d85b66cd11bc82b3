"""The doors that watchers knock on: 200 when well, 503 when not, with each check in plain words."""

from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from clinic.health import checks
from clinic.people.permissions import public


@public
@never_cache
@require_safe
def live(request: HttpRequest) -> JsonResponse:
    """The process answers; it asks nobody else."""
    return _answer({})


@public
@never_cache
@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """May be sent visitors: database and tables are there."""
    return _answer(_ready())


@public
@never_cache
@require_safe
def reminders(request: HttpRequest) -> JsonResponse:
    """Letters are going out: broker, tick, oldest due."""
    return _answer(_reminders())


@public
@never_cache
@require_safe
def summary(request: HttpRequest) -> JsonResponse:
    """All of it."""
    rows = _ready()
    if not any(rows.values()):
        rows |= {"clinics": checks.clinics(), **_reminders()}
    return _answer(rows)


def _ready() -> dict[str, str]:
    result = {"database": checks.database()}
    if not result["database"]:
        result["migrations"] = checks.migrations()
    return result


def _reminders() -> dict[str, str]:
    return {"broker": checks.broker(), **checks.messages()}


def _answer(rows: dict[str, str]) -> JsonResponse:
    well = not any(rows.values())
    body = {"status": "ok" if well else "ill", "checks": {name: wrong or "ok" for name, wrong in rows.items()}}
    return JsonResponse(body, status=200 if well else 503)
