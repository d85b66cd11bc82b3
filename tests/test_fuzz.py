"""No input of any form or address gives a 500 (I25)."""

import datetime as dt
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import get_resolver, path

from clinic.people.models import User
from clinic.people.permissions import public
from clinic.premises.models import Clinic
from tests import factories
from tests.all_views import Place, places
from tests.fuzz import Fuzzer
from tests.signing_in import SignedInClient
from tests.test_matrix import ROW_OF, make_call, make_visit, record_of


@pytest.fixture(autouse=True)
def _stage(now: dt.datetime) -> Iterator[None]:
    """The clock stands, and the log of refusals is silent."""
    logging.disable(logging.CRITICAL)
    with time_machine.travel(now, tick=False):
        yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def fuzzer(clinic: Clinic, owner: User, front_desk: User, vaidya_user: User, request: Any, now: dt.datetime) -> Fuzzer:
    """A clinic at work, and a client of each role."""
    patient = owner.accesses.get().patient
    vaidya = factories.make_practitioner(clinic, "Dr Asha Menon", user=vaidya_user)
    room = factories.make_room(clinic, features=["consultation_room", "therapy_room"])
    variant = factories.make_consultation(arrival_lead_minutes=15)
    factories.make_qualification(vaidya, variant.therapy)
    visit = factories.make_visit(
        clinic=clinic, variant=variant, start=now + dt.timedelta(hours=1), patient=patient, resources=[vaidya, room]
    )
    absence = factories.make_absence(room, now, now + dt.timedelta(hours=2), by=front_desk)
    held = make_visit(clinic, None, now + dt.timedelta(days=2), held_by=front_desk)
    rows = {
        "visit": {"public_id": visit.public_id, "position": 0},
        "patient": {"public_id": patient.public_id, "visit_id": held.public_id},
        "absence": {"pk": absence.pk},
        "call": {"pk": make_call(visit, now).pk},
        "record": record_of(visit, front_desk),
    }
    firsts = {
        f"admin:{model._meta.app_label}_{model._meta.model_name}": model._default_manager.first()
        for model in admin.site._registry
    }

    def values(place: Place) -> dict[str, Any]:
        if place.key.startswith("admin:"):
            row = firsts.get(place.key.rsplit("_", 1)[0])
            return {"object_id": row.pk if row else 1, "app_label": "premises"}
        return rows.get(ROW_OF.get(place.key, ""), {})

    users = {
        "patient": owner,
        "front_desk": front_desk,
        "vaidya": vaidya_user,
        "therapist": request.getfixturevalue("therapist_user"),
        "manager": request.getfixturevalue("manager"),
        "superuser": factories.make_user("root@example.org", is_superuser=True, is_staff=True),
    }
    clients = {"visitor": SignedInClient(raise_request_exception=False)}
    for who, user in users.items():
        clients[who] = SignedInClient(raise_request_exception=False)
        clients[who].force_login(user)
    return Fuzzer(clients, list(places(get_resolver().url_patterns)), values)


def test_no_request_of_five_hundred_gives_a_500(fuzzer: Fuzzer) -> None:
    answers = list(fuzzer.requests(500))

    assert [str(answer) for answer in answers if answer.is_failure] == []
    assert {answer.status for answer in answers} >= {200, 302, 400, 403, 404, 422}


@pytest.mark.storm
def test_no_request_of_twenty_thousand_gives_a_500(fuzzer: Fuzzer) -> None:
    failures = [str(answer) for answer in fuzzer.requests(20_000) if answer.is_failure]

    assert failures == []


@public
def _raising(request: HttpRequest) -> HttpResponse:
    """A view that takes what comes for a number."""
    return HttpResponse(str(int(request.POST.get("version", "0"))))


def test_view_that_raises_is_seen(fuzzer: Fuzzer, settings: Any) -> None:
    fuzzer.places = [Place("raising", "raising/", _raising)]
    fuzzer.field_names = ["version"]
    settings.ROOT_URLCONF = type("urls", (), {"urlpatterns": [path("raising/", _raising)]})

    answers = list(fuzzer.requests(40))

    assert 500 in {answer.status for answer in answers}
