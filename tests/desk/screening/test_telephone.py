"""While no Vaidya is in the clinic: an ordinary answer decided by telephone, written down, confirmed the same day."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from bookings.actions import decisions as decision_actions
from bookings.actions.decisions import AnswerDecision
from bookings.desk.todo.owners import TaskKind
from bookings.desk.todo.page import tasks_of
from bookings.errors import PolicyRefused
from bookings.facts.patient import patient_facts_of
from bookings.models import Clearance, Visit
from bookings.rules.session_verdicts import health_verdict
from clinic.people.models import Patient, User
from clinic.premises.models import Clinic
from tests import factories
from tests.questions import make_question
from therapies.models import Practitioner, Question, Therapy

Enter = Callable[[User], Client]
A_DAY = dt.timedelta(days=1)
STABLE = "Long known, stable and treated; the treatment suits it."


@pytest.fixture
def page(session: Visit, patient: Patient, clinic: Clinic, now: dt.datetime) -> str:
    """Yesterday the patient told of the heart, of numbness, and that lying on the belly is not possible."""
    make_question("rf_night", "red_flag", 99, asked_when=["booking"])
    factories.tell(patient, clinic, at=now - A_DAY, gh_heart="yes", rf_night="yes", rf_numb="yes", td_prone="no")
    session.bookings.update(screening="waiting")
    return f"/desk/patients/{patient.public_id}/telephone-decision/"


def filled(client: Client, page: str, vaidya: User, **said: Any) -> dict[str, Any]:
    form = client.get(page).context["form"]
    chosen = {name: "stable" for name in form.fields if name.startswith("outcome-")}
    usual = {"answers": form.print, "vaidya": vaidya.pk, "read_aloud": "on"}
    return chosen | usual | {"therapies": ["abhyanga"]} | said


def test_only_ordinary_answers_are_offered(enter: Enter, page: str, therapist_user: User, vaidya_user: User) -> None:
    """No danger sign, nothing that stops the treatment; and nothing is chosen already."""
    form = enter(therapist_user).get(page).context["form"]

    assert [line.row.question.code for line in form.lines] == ["gh_heart"]
    assert [line.outcome.value() for line in form.lines] == [""]


def test_decision_by_telephone_keeps_both_names_and_is_valid_today(
    enter: Enter, page: str, therapist_user: User, vaidya_user: User, clinic: Clinic
) -> None:
    client = enter(therapist_user)

    answer = client.post(page, filled(client, page, vaidya_user))

    row = Clearance.objects.get()
    assert answer.status_code == 302
    assert (row.by, row.written_by, row.question.code) == (vaidya_user, therapist_user, "gh_heart")
    assert row.until == dt.datetime(2026, 3, 3, tzinfo=clinic.zone)


@pytest.mark.parametrize(
    ("why", "kept"),
    [
        ("", None),
        ("because", None),
        (
            "in_session",
            f"{STABLE} Every Vaidya here is in a session with another patient.",
        ),
    ],
)
def test_while_a_vaidya_is_at_the_clinic_only_a_named_reason_lets_it_be_decided_by_telephone(
    enter: Enter, page: str, therapist_user: User, vaidya_user: User, vaidya: Practitioner, why: str, kept: str | None
) -> None:
    """By hours and absences: from 8 to 18."""
    client = enter(therapist_user)
    shown = client.get(page).content.decode()

    answer = client.post(page, filled(client, page, vaidya_user, why_by_telephone=why))

    assert f"a Vaidya is at the clinic now: {vaidya.name}" in shown
    assert (answer.status_code, list(Clearance.objects.values_list("reason", flat=True))) == (
        302 if kept else 422,
        [kept] if kept else [],
    )


def test_action_refuses_a_decision_by_telephone_while_a_vaidya_is_there(
    page: str, patient: Patient, clinic: Clinic, vaidya_user: User, therapist_user: User, vaidya: Practitioner, now: Any
) -> None:
    with pytest.raises(PolicyRefused, match="is at the clinic now and decides in person"):
        by_telephone("gh_heart", "yes", patient, clinic, vaidya_user, therapist_user, now)


@pytest.mark.parametrize("missing", ["vaidya", "read_aloud", "outcome-"])
def test_nothing_is_written_without_the_name_the_reading_and_the_reason(
    enter: Enter, page: str, therapist_user: User, vaidya_user: User, missing: str
) -> None:
    client = enter(therapist_user)
    form = filled(client, page, vaidya_user)
    for name in [name for name in form if name.startswith(missing)]:
        del form[name]

    assert client.post(page, form).status_code == 422
    assert not Clearance.objects.exists()


def test_only_a_vaidya_of_the_clinic_can_be_named(enter: Enter, page: str, therapist_user: User) -> None:
    stranger = factories.make_member(factories.make_clinic("ananda"), "vaidya")
    client = enter(therapist_user)

    assert client.post(page, filled(client, page, stranger)).status_code == 422
    assert not Clearance.objects.exists()


def by_telephone(code: str, value: str, patient: Patient, clinic: Clinic, vaidya: User, writer: User, now: Any) -> None:
    decision = AnswerDecision(
        question=Question.objects.get(code=code),
        value=value,
        text="",
        therapies=("abhyanga",),
        allowed=True,
        reason="Agreed on.",
        until=now + 60 * A_DAY,
        report_seen=True,
    )
    decision_actions.decide(patient=patient, decisions=[decision], clinic=clinic, by=vaidya, written_by=writer, now=now)


@pytest.mark.parametrize(
    ("code", "value", "why"),
    [
        ("rf_numb", "yes", "danger sign"),
        ("rf_night", "yes", "danger sign"),
        ("td_prone", "no", "who sees the patient"),
    ],
)
def test_danger_signs_and_what_stops_are_refused_by_telephone(
    page: str,
    patient: Patient,
    clinic: Clinic,
    vaidya_user: User,
    therapist_user: User,
    now: Any,
    code: str,
    value: str,
    why: str,
) -> None:
    with pytest.raises(PolicyRefused, match=why):
        by_telephone(code, value, patient, clinic, vaidya_user, therapist_user, now)

    assert not Clearance.objects.exists()


def test_purification_is_refused_by_telephone(
    page: str, patient: Patient, clinic: Clinic, vaidya_user: User, therapist_user: User, now: dt.datetime
) -> None:
    Therapy.objects.filter(code="abhyanga").update(phase="pradhanakarma")
    assert Therapy.objects.get(code="abhyanga").purifies

    with pytest.raises(PolicyRefused, match="Purification"):
        by_telephone("gh_heart", "yes", patient, clinic, vaidya_user, therapist_user, now)


def waits(patient: Patient, session: Visit, now: dt.datetime, *, days: int) -> str:
    zone, at = session.zone, now + days * A_DAY
    variant = session.bookings.get().variant
    facts = patient_facts_of(patient, now=at)
    return health_verdict(variant, facts, on=at.astimezone(zone).date(), zone=zone).screening


@pytest.mark.parametrize("confirms", [True, False])
def test_without_the_vaidyas_confirmation_the_next_session_waits(
    enter: Enter,
    session: Visit,
    patient: Patient,
    clinic: Clinic,
    vaidya_user: User,
    therapist_user: User,
    now: dt.datetime,
    *,
    confirms: bool,
) -> None:
    factories.tell(patient, clinic, at=now - A_DAY, gh_heart="yes")
    by_telephone("gh_heart", "yes", patient, clinic, vaidya_user, therapist_user, now)
    factories.tell(patient, clinic, at=now + A_DAY / 2, gh_heart="no")
    client, address = enter(vaidya_user), f"/desk/patients/{patient.public_id}/decisions/"
    first = Clearance.objects.get()
    tasks = [task.kind for task in tasks_of(vaidya_user, now)]
    today = waits(patient, session, now, days=0)

    if confirms:
        client.post(address, {"finding_of": "telephone", "clearance": first.pk})

    assert TaskKind.CONFIRM in tasks
    assert (TaskKind.CONFIRM in [task.kind for task in tasks_of(vaidya_user, now)]) is not confirms
    assert (today, waits(patient, session, now, days=1)) == ("due", "due" if confirms else "waiting")
    if confirms:
        own = Clearance.objects.latest("pk")
        assert (own.confirms, own.by, own.written_by) == (first, vaidya_user, None)
        assert own.until == dt.datetime(2026, 6, 1, tzinfo=clinic.zone)


@pytest.mark.parametrize(
    ("who", "days", "why"), [("another", 0, "Only the Vaidya who decided"), ("named", 1, "on an earlier day")]
)
def test_only_the_named_vaidya_confirms_and_on_the_same_day(
    page: str,
    patient: Patient,
    clinic: Clinic,
    vaidya_user: User,
    therapist_user: User,
    now: dt.datetime,
    who: str,
    days: int,
    why: str,
) -> None:
    by_telephone("gh_heart", "yes", patient, clinic, vaidya_user, therapist_user, now)
    by = vaidya_user if who == "named" else factories.make_member(clinic, "vaidya")

    with pytest.raises(PolicyRefused, match=why):
        decision_actions.confirm(clearance=Clearance.objects.get(), by=by, now=now + days * A_DAY)


def test_confirming_twice_writes_one_row(
    page: str, patient: Patient, clinic: Clinic, vaidya_user: User, therapist_user: User, now: dt.datetime
) -> None:
    by_telephone("gh_heart", "yes", patient, clinic, vaidya_user, therapist_user, now)
    row = Clearance.objects.get()
    decision_actions.confirm(clearance=row, by=vaidya_user, now=now)

    with pytest.raises(PolicyRefused, match="already been decided"):
        decision_actions.confirm(clearance=row, by=vaidya_user, now=now)

    assert Clearance.objects.count() == 2
