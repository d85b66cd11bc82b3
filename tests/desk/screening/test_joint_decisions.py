"""One decision of a Vaidya over several answers, and what it never does unnoticed."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from bookings.models import Clearance, Visit
from clinic.people.models import Patient, User
from clinic.premises.models import Clinic
from tests import factories
from tests.questions import make_question
from therapies.models import Question, Rule

Enter = Callable[[User], Client]
ORDINARY = ("gh_heart", "gh_lungs", "gh_bones", "gh_eye")


@pytest.fixture
def page(session: Visit, patient: Patient, clinic: Clinic, now: dt.datetime) -> str:
    """Four ordinary answers of yesterday, and a danger sign that an own examination lifts."""
    for number, code in enumerate(ORDINARY[1:]):
        make_question(code, "general", 90 + number, asked_when=["booking"])
    make_question("rf_night", "red_flag", 99, effect="urgent_referral", urgency="within_days", asked_when=["booking"])
    Rule.objects.create(code="fr_assessment_validity", kind="frequency", data={"assessment_valid_days": 90})
    yesterday = now - dt.timedelta(days=1)
    factories.tell(patient, clinic, at=yesterday, rf_night="yes", **dict.fromkeys(ORDINARY, "yes"))
    session.bookings.update(screening="waiting")
    return f"/desk/patients/{patient.public_id}/decisions/"


@pytest.fixture
def vaidya_in(enter: Enter, vaidya_user: User) -> Client:
    return enter(vaidya_user)


def as_shown(client: Client, page: str) -> dict[str, Any]:
    """The joint form as the page offers it: what is ticked and chosen already."""
    form = client.get(page).context["joint"]
    given: dict[str, Any] = {"finding_of": "all", "answers": form.print}
    for name in form.fields:
        if (value := form.get_initial_for_field(form.fields[name], name)) not in (None, "", False):
            given.setdefault(name, "on" if value is True else value)
    return given


def key(client: Client, page: str, code: str) -> str:
    (found,) = [row.key for row, _tick, _report in client.get(page).context["joint"].lines if row.question.code == code]
    return str(found)


def decided() -> dict[str, Clearance]:
    return {row.question.code: row for row in Clearance.objects.select_related("question")}


def test_four_ordinary_answers_are_decided_by_a_reason_and_one_press(
    vaidya_in: Client, page: str, patient: Patient, clinic: Clinic, session: Visit
) -> None:
    """Their ticks are set, the treatments and the time too: a press for the reason and one to record."""
    form = as_shown(vaidya_in, page)
    presses = [name for name in ("reason", "submit") if name not in form]

    answer = vaidya_in.post(page, form | {"reason": "stable"})

    rows = decided()
    assert len(presses) == 2
    assert answer.status_code == 302
    assert {*rows} == {*ORDINARY}
    assert {row.reason for row in rows.values()} == {"Long known, stable and treated; the treatment suits it."}
    assert {row.until for row in rows.values()} == {dt.datetime(2026, 6, 1, tzinfo=clinic.zone)}
    assert session.bookings.get().screening == "waiting"  # the danger sign is open


def test_danger_sign_does_not_ride_along(vaidya_in: Client, page: str) -> None:
    form = as_shown(vaidya_in, page)

    assert f"tick-{key(vaidya_in, page, 'rf_night')}" not in form
    assert sum(name.startswith("tick-") for name in form) == 4


def test_danger_sign_needs_its_proof_and_nothing_is_written_without(
    vaidya_in: Client, page: str, patient: Patient
) -> None:
    night = key(vaidya_in, page, "rf_night")
    form = as_shown(vaidya_in, page) | {"reason": "examined", f"tick-{night}": "on"}

    without = vaidya_in.post(page, form)
    assert without.status_code == 422
    assert "First examine the patient and sign the examination" in without.content.decode()
    assert not Clearance.objects.exists()

    vaidya_in.post(page, form | {f"report-{night}": "on"})
    assert decided()["rf_night"].report_seen


def test_own_examination_after_the_answer_lifts_a_danger_sign_without_a_report(
    vaidya_in: Client, page: str, patient: Patient, clinic: Clinic, vaidya_user: User, now: dt.datetime
) -> None:
    """Harding: 213 of 482 had night pain, none of it serious; a Vaidya clears it by an own examination."""
    factories.make_assessment(patient, clinic, by=vaidya_user, signed_at=now - dt.timedelta(hours=1))
    form = as_shown(vaidya_in, page)
    night = key(vaidya_in, page, "rf_night")

    vaidya_in.post(page, form | {"reason": "examined", f"tick-{night}": "on"})

    assert (decided()["rf_night"].allowed, decided()["rf_night"].report_seen) == (True, False)


@pytest.mark.parametrize("before", [True, False])
def test_examination_before_the_answer_or_of_somebody_else_is_no_proof(
    vaidya_in: Client, page: str, patient: Patient, clinic: Clinic, vaidya_user: User, now: dt.datetime, *, before: bool
) -> None:
    by = vaidya_user if before else factories.make_member(clinic, "vaidya")
    signed_at = now - dt.timedelta(days=2) if before else now - dt.timedelta(hours=1)
    factories.make_assessment(patient, clinic, by=by, signed_at=signed_at)
    form = as_shown(vaidya_in, page)

    refused = vaidya_in.post(page, form | {"reason": "examined", f"tick-{key(vaidya_in, page, 'rf_night')}": "on"})

    assert refused.status_code == 422
    assert not Clearance.objects.exists()


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ({"reason": ""}, "This field is required."),
        ({"reason": "own"}, "Please give a reason."),
        ({"reason": "examined", "own_words": "x" * 301}, "at most 300 characters"),
        ({"reason": "examined", "therapies": []}, "This field is required."),
        ({"reason": "examined", "lasts": "for ever"}, "Select a valid choice"),
    ],
)
def test_bad_joint_decision_is_said_and_nothing_written(
    vaidya_in: Client, page: str, said: dict[str, Any], wrong: str
) -> None:
    answer = vaidya_in.post(page, as_shown(vaidya_in, page) | said)

    assert answer.status_code == 422
    assert wrong in answer.content.decode()
    assert not Clearance.objects.exists()


def test_nothing_ticked_is_said(vaidya_in: Client, page: str) -> None:
    form = {name: value for name, value in as_shown(vaidya_in, page).items() if not name.startswith("tick-")}

    answer = vaidya_in.post(page, form | {"reason": "examined"})

    assert "Tick the answers that you decide on." in answer.content.decode()


def test_own_words_are_added_and_today_ends_with_the_day(vaidya_in: Client, page: str, clinic: Clinic) -> None:
    form = as_shown(vaidya_in, page)

    vaidya_in.post(page, form | {"reason": "mild", "own_words": "Oil lukewarm.", "lasts": "today"})

    row = decided()["gh_heart"]
    assert row.reason == "Mild. The crew watches for it and stops if it gets worse. Oil lukewarm."
    assert row.until == dt.datetime(2026, 3, 3, tzinfo=clinic.zone)


def test_page_says_how_long_a_decision_holds_and_what_it_needs(vaidya_in: Client, page: str) -> None:
    shown = vaidya_in.get(page).content.decode()

    assert "Until 31 May 2026 at the latest" in shown
    assert "Your own signed examination after this answer, or a medical report" in shown


def test_decision_of_somebody_else_in_the_meantime_is_told_and_kept(
    vaidya_in: Client, page: str, patient: Patient, clinic: Clinic, now: dt.datetime
) -> None:
    form = as_shown(vaidya_in, page)
    other = factories.make_member(clinic, "vaidya")
    said = {"patient": patient, "clinic": clinic, "value": "yes", "therapies": ["abhyanga"], "allowed": False}
    said |= {"reason": "Not with this heart.", "until": now + dt.timedelta(days=1), "by": other, "at": now}
    Clearance.objects.create(question=Question.objects.get(code="gh_heart"), **said)

    answer = vaidya_in.post(page, form | {"reason": "stable"}, follow=True).content.decode()

    assert "answered again in the meantime" in answer
    assert [row.by for row in Clearance.objects.all()] == [other]


def test_one_open_answer_has_the_plain_form_only(
    vaidya_in: Client, session: Visit, patient: Patient, clinic: Clinic, now: dt.datetime
) -> None:
    factories.tell(patient, clinic, at=now - dt.timedelta(days=1), gh_heart="yes")

    shown = vaidya_in.get(f"/desk/patients/{patient.public_id}/decisions/")

    assert shown.context["joint"] is None
    assert len(re.findall(r'name="finding_of"', shown.content.decode())) == 1
