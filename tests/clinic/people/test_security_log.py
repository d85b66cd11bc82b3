"""The security log: each event once, with who, from where and how it ended, and nothing that must not be read."""

import datetime as dt
import io
import json
import logging
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.urls import reverse
from prometheus_client.parser import text_string_to_metric_families

from bookings.actions.record_access import open_record
from bookings.messages.outbox.metrics import exposition
from clinic.log_lines import JsonFormatter, LineFormatter
from clinic.people import access, clinic_devices, members
from clinic.people.models import Patient, User
from clinic.people.security_log import Event, name_hash, note
from clinic.premises.models import Clinic
from tests import factories
from tests.signing_in import app_code, give_factor
from therapies.models import Practitioner

TYPED = "my-Secret-was-typed-here"
TOKEN = "Wn0tB3inL0gs4ever"
HEALTH = "haemorrhoids"
Lines = Callable[[], list[dict[str, Any]]]


@pytest.fixture(autouse=True)
def _at_one_moment(now: dt.datetime) -> Iterator[None]:
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    """What the logger `security` writes, as it stands in the file."""
    text = io.StringIO()
    handler = logging.StreamHandler(text)
    handler.setFormatter(JsonFormatter())
    logging.getLogger("security").addHandler(handler)
    yield text
    logging.getLogger("security").removeHandler(handler)


@pytest.fixture
def lines(stream: io.StringIO, django_capture_on_commit_callbacks: Any) -> Lines:
    """The lines since the test began, all commits done; without the moment and the id of the request."""
    captured = django_capture_on_commit_callbacks()
    callbacks = captured.__enter__()

    def read() -> list[dict[str, Any]]:
        captured.__exit__(None, None, None)
        for callback in callbacks:
            callback()
        entries = [json.loads(line) for line in stream.getvalue().splitlines()]
        for entry in entries:
            assert entry.pop("at") == factories.NOW.astimezone(dt.UTC).isoformat(timespec="milliseconds")
            assert len(entry.pop("request")) in (0, 32)
        return entries

    return read


def line(event: str, actor: object, outcome: str = "done", address: str = "127.0.0.1", **ids: object) -> dict[str, Any]:
    return {"event": event, "actor": actor, "address": address, "outcome": outcome} | ids


def sign_in(client: Client, user: User, password: str = factories.PASSWORD) -> None:
    client.post(reverse("account_login"), {"login": user.username, "password": password})


def test_sign_in_of_staff_is_one_line_after_the_second_step(client: Client, manager: User, lines: Lines) -> None:
    give_factor(manager)

    sign_in(client, manager)
    client.post(reverse("mfa_authenticate"), {"code": app_code()})

    assert lines() == [
        line("sign_in", manager.pk),
        line("new_device", manager.pk, account=manager.pk),
    ]


def test_wrong_password_leaves_a_hash_of_the_name_and_not_what_was_typed(
    client: Client, db: None, lines: Lines
) -> None:
    client.post(reverse("account_login"), {"login": TYPED, "password": "another-typed-one"})

    assert lines() == [line("sign_in_failed", "anonymous", "wrong_password", name_hash=name_hash(TYPED))]
    assert name_hash(TYPED) == name_hash(f" {TYPED.upper()}") != name_hash("M1001")


def test_wrong_mailed_code_is_a_failed_sign_in(client: Client, owner: User, lines: Lines) -> None:
    client.post(reverse("account_request_login_code"), {"email": owner.email})
    client.post(reverse("account_confirm_login_code"), {"code": "0000-0000"})

    assert lines() == [line("sign_in_failed", "anonymous", "wrong_code", account=owner.pk)]


def test_wrong_codes_of_the_second_factor_end_at_the_limit(client: Client, manager: User, lines: Lines) -> None:
    give_factor(manager)
    client.force_login(manager)

    for _time in range(6):
        client.post(reverse("prove"), {"code": "000000"})

    failed = line("second_factor_failed", manager.pk, "refused")
    assert lines() == [failed] * 5 + [line("limit_tripped", manager.pk, "refused", limit="factor")]


def test_limits_on_asking_are_noted(client: Client, owner: User, lines: Lines) -> None:
    for _time in range(4):
        Client().post(reverse("account_request_login_code"), {"email": "many@example.org"})
    client.force_login(owner)
    answers = [client.post(reverse("join")).status_code for _time in range(11)][-2:]

    assert answers == [200, 429]
    assert lines() == [
        line("limit_tripped", "anonymous", "refused", limit="code_request"),
        line("limit_tripped", owner.pk, "refused", limit="join"),
        line("limit_tripped", owner.pk, "refused", view="join"),
    ]


def test_staff_at_a_door_of_others_are_noted(
    client: Client, therapist_user: User, clinic: Clinic, lines: Lines
) -> None:
    client.force_login(therapist_user)

    assert client.get(reverse("desk:devices")).status_code == 403

    assert lines() == [line("denied", therapist_user.pk, "refused", view="desk:devices")]


def test_a_row_that_somebody_signed_in_does_not_find_is_noted(
    client: Client, patient: Patient, clinic: Clinic, vaidya: Practitioner, manager: User, lines: Lines
) -> None:
    """Whatever it is a row of, and whichever page looks for it: of another clinic, or missing."""
    far = factories.make_clinic("far")
    stranger = factories.make_member(far, "manager")
    absence = factories.make_absence(vaidya, factories.NOW, factories.NOW + dt.timedelta(hours=1), by=manager)
    membership = manager.memberships.get()
    client.force_login(stranger)
    missing = UUID(int=0)
    asked = [
        ("desk:patient", [patient.public_id], str(patient.public_id)),
        ("desk:patient", [missing], str(missing)),
        ("desk:visit", [missing], str(missing)),
        ("desk:absence", [absence.pk], str(absence.pk)),
        ("ask_reset", [manager.pk], str(manager.pk)),
        ("portal:person", [patient.public_id], str(patient.public_id)),
    ]
    for name, args, _row in asked:
        answer = client.post(reverse(name, args=args)) if name == "ask_reset" else client.get(reverse(name, args=args))
        assert answer.status_code == 404, name
    client.get(reverse("admin:people_membership_change", args=[membership.pk]))

    found = [{name: value for name, value in entry.items() if name != "clinic"} for entry in lines()]
    assert found == [
        *[line("denied", stranger.pk, "not_found", view=name, row=row) for name, _args, row in asked],
        line("denied", stranger.pk, "not_found", view="admin:people_membership", row=str(membership.pk)),
    ]


def test_visitors_and_addresses_that_lead_nowhere_leave_no_line(client: Client, owner: User, lines: Lines) -> None:
    client.get("/nowhere/")
    client.get(f"/letters/visit/{TOKEN}/")
    client.force_login(owner)
    client.get("/nowhere/")

    assert lines() == []


def test_events_are_counted_for_all_processes(client: Client, therapist_user: User, clinic: Clinic) -> None:
    client.force_login(therapist_user)
    for _time in range(2):
        client.get(reverse("desk:devices"))
    client.get(reverse("desk:patient", args=[UUID(int=0)]))

    families = text_string_to_metric_families(exposition(now=factories.NOW).decode())
    samples = [sample for family in families for sample in family.samples if sample.name == "security_events_total"]
    assert {(*sample.labels.values(), sample.value) for sample in samples} == {
        ("denied", "not_found", 1),
        ("denied", "refused", 2),
    }


def test_roles_given_and_ended_are_noted_with_clinic_and_role(clinic: Clinic, owner: User, lines: Lines) -> None:
    boss = factories.make_member(clinic, "manager")
    row = members.add_by_operator(
        user=owner, clinic=clinic, role="attendant", starts_on=clinic.today(factories.NOW), now=factories.NOW
    )
    members.end_membership(membership=row, by=boss, now=factories.NOW)

    ids = {"account": owner.pk, "clinic": clinic.pk, "role": "attendant"}
    assert lines() == [line(event, "system", address="", **ids) for event in ("role_given", "role_ended")]


def test_break_glass_is_noted_once_with_its_reason(
    clinic: Clinic, patient: Patient, therapist_user: User, lines: Lines
) -> None:
    for _press in range(2):
        open_record(patient=patient, clinic=clinic, reason="covering", by=therapist_user, now=factories.NOW)

    ids = {"clinic": clinic.pk, "patient": patient.pk, "reason": "covering"}
    assert lines() == [line("break_glass", therapist_user.pk, address="", **ids)]


def test_an_invitation_is_noted_when_used_and_when_refused(
    client: Client, patient: Patient, front_desk: User, stranger: User, lines: Lines
) -> None:
    code = access.invite(patient=patient, relation="self", width="full", by=front_desk, now=factories.NOW)
    client.force_login(stranger)

    for typed in ("ACDEF-GHJKM", code):
        client.post(reverse("join"), {"code": typed, "birth_date": patient.birth_date.isoformat()})

    assert lines() == [
        line("invitation_used", stranger.pk, "refused"),
        line("invitation_used", stranger.pk, patient=patient.pk, relation="self", width="full"),
    ]


def test_a_clinic_device_is_noted_from_its_enrolment_to_its_end(
    client: Client, clinic: Clinic, manager: User, therapist_user: User, lines: Lines
) -> None:
    device, token = clinic_devices.enrol(clinic=clinic, name="Tablet", by=manager, now=factories.NOW)
    clinic_devices.set_pin(user=therapist_user, pin="204861", now=factories.NOW)
    clinic_devices.begin_shift(device=device, user=therapist_user, proved_at=factories.NOW, now=factories.NOW)
    client.cookies[settings.CLINIC_DEVICE_COOKIE_NAME] = token
    for pin in ("204861", *["973514"] * 5):
        client.post("/desk/devices/locked/", {"member": therapist_user.pk, "pin": pin})
    clinic_devices.end_device(device=device, by=manager, now=factories.NOW)

    ids = {"clinic": clinic.pk, "device": device.pk}
    refused = line("second_factor_failed", therapist_user.pk, "wrong_pin", **ids)
    done, failed = split(lines())
    assert done == [
        line("device_enrolled", "system", address="", **ids),
        line("pin_set", "system", address="", account=therapist_user.pk),
        line("device_unlocked", therapist_user.pk, **ids),
        line("device_ended", "system", address="", **ids),
    ]
    assert failed == [*[refused] * 4, line("device_locked_out", therapist_user.pk, "refused", **ids)]


def split(entries: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """What was done, and what was refused: the one is written at the commit, the other at once."""
    done = [entry for entry in entries if entry["outcome"] == "done"]
    return done, [entry for entry in entries if entry not in done]


def test_what_is_rolled_back_was_not_done(owner: User, lines: Lines, stream: io.StringIO) -> None:
    note(Event.PASSWORD_CHANGED, outcome="done", account=owner.pk)

    assert stream.getvalue() == ""
    assert len(lines()) == 1


def test_words_are_no_code(lines: Lines, db: None) -> None:
    note(Event.DENIED, outcome="refused", reason="pregnant since May", patient=7)

    assert lines() == [line("denied", "system", "refused", address="", reason="?", patient=7)]


@pytest.fixture
def everything(stream: io.StringIO) -> Iterator[Callable[[], str]]:
    """All that any logger writes, as our formatter makes it of the record."""
    text = io.StringIO()
    handler = logging.StreamHandler(text)
    config = settings.LOGGING["formatters"]["line"]
    handler.setFormatter(LineFormatter(config["format"], style=config["style"]))
    logging.getLogger().addHandler(handler)
    yield lambda: text.getvalue() + stream.getvalue()
    logging.getLogger().removeHandler(handler)


@pytest.mark.django_db(transaction=True)
def test_no_log_sings_of_tokens_passwords_and_health(
    client: Client, patient: Patient, manager: User, everything: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    client.raise_request_exception = False
    sign_in(client, manager, TYPED)
    for address in (f"/letters/visit/{TOKEN}/", f"/letters/questions/{TOKEN}/", f"/accounts/password/choose/{TOKEN}/"):
        client.get(address)
        client.put(address)
    client.get(f"/accounts/password/reset/key/1-{TOKEN}/")
    client.post(reverse("account_request_login_code"), {"email": f"{HEALTH}@example.org"})
    client.force_login(manager)
    monkeypatch.setattr("bookings.desk.reads.record_read", lambda **_: row_that_cannot_be_kept(patient))
    answer = client.get(reverse("desk:patient", args=[patient.public_id]))

    logged = everything()
    assert answer.status_code == 500
    assert [word for word in (TYPED, TOKEN, HEALTH) if word in logged] == []
    assert ("IntegrityError" in logged, "DETAIL: <hidden>" in logged or "violates" in logged) == (True, True)
    assert logged.count("/letters/visit/<hidden>/") >= 1


def row_that_cannot_be_kept(patient: Patient) -> None:
    Patient.objects.filter(pk=patient.pk).update(given_name=HEALTH, birth_date=None)


@pytest.mark.django_db
def test_a_refusal_is_one_line_with_the_id_of_the_answer(
    client: Client, therapist_user: User, everything: Callable[[], str]
) -> None:
    client.force_login(therapist_user)

    answer = client.get(reverse("desk:devices"), headers={"X-Request-ID": "sent-by-a-stranger"})

    first, second = everything().splitlines()
    request_id = answer.headers["X-Request-ID"]
    assert first.endswith(f" WARNING django.request {request_id} Forbidden (Permission denied): /desk/devices/")
    assert (json.loads(second)["request"], len(request_id)) == (request_id, 32)


@pytest.mark.parametrize(
    ("proxies", "sent", "is_taken"),
    [(1, "0123456789abcdef", True), (0, "0123456789abcdef", False), (1, "short", False), (1, "a b\tc{}defgh", False)],
)
@pytest.mark.django_db
def test_an_id_of_the_proxy_is_taken_where_there_is_one(
    client: Client, settings: Any, proxies: int, sent: str, is_taken: bool
) -> None:
    settings.TRUSTED_PROXY = proxies

    answer = client.get("/health/live", headers={"X-Request-ID": sent})

    assert (answer.headers["X-Request-ID"] == sent) == is_taken


@pytest.mark.django_db
def test_the_address_is_the_clients_behind_the_proxy(client: Client, settings: Any, lines: Lines) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = settings.TRUSTED_PROXY = 1

    data = {"login": "M1001", "password": "x"}
    client.post(reverse("account_login"), data, headers={"X-Forwarded-For": "203.0.113.9"})

    assert [(entry["event"], entry["address"]) for entry in lines()] == [("sign_in_failed", "203.0.113.9")]
