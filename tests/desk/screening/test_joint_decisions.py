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


def as_shown(client: Client, page: str, fill: str = "") -> dict[str, Any]:
    """The joint form as the page offers it; after a press on a ready reason for all ordinary answers (`fill`)."""
    asked = {"finding_of": "all", "fill": fill}
    form = (client.post(page, asked) if fill else client.get(page)).context["joint"]
    given: dict[str, Any] = {"finding_of": "all", "answers": form.print}
    for name in form.fields:
        if (value := form.get_initial_for_field(form.fields[name], name)) not in (None, "", False):
            given.setdefault(name, "on" if value is True else value)
    return given


def key(client: Client, page: str, code: str) -> str:
    (found,) = [line.row.key for line in client.get(page).context["joint"].lines if line.row.question.code == code]
    return str(found)


def decided() -> dict[str, Clearance]:
    return {row.question.code: row for row in Clearance.objects.select_related("question")}


def test_nothing_is_chosen_beforehand(vaidya_in: Client, page: str) -> None:
    form = as_shown(vaidya_in, page)

    assert [name for name in form if name.startswith("outcome-")] == []
    assert "Choose a reason for each answer" in vaidya_in.post(page, form).content.decode()
    assert not Clearance.objects.exists()


def test_four_ordinary_answers_are_decided_by_a_ready_reason_and_one_press(
    vaidya_in: Client, page: str, patient: Patient, clinic: Clinic, session: Visit
) -> None:
    """A press fills in a ready reason for each of them, a press records; each can be altered in between."""
    form = as_shown(vaidya_in, page, fill="stable")

    answer = vaidya_in.post(page, form)

    rows = decided()
    assert answer.status_code == 302
    assert {*rows} == {*ORDINARY}
    assert {row.reason for row in rows.values()} == {"Long known, stable and treated; the treatment suits it."}
    assert {row.until for row in rows.values()} == {dt.datetime(2026, 6, 1, tzinfo=clinic.zone)}
    assert session.bookings.get().screening == "waiting"  # the danger sign is open


def test_each_answer_has_its_own_reason(vaidya_in: Client, page: str) -> None:
    form = as_shown(vaidya_in, page, fill="stable")
    lungs, eye = key(vaidya_in, page, "gh_lungs"), key(vaidya_in, page, "gh_eye")
    form |= {f"outcome-{lungs}": "mild", f"own-{lungs}": "Oil lukewarm.", f"outcome-{eye}": ""}

    vaidya_in.post(page, form)

    assert {code: row.reason.split()[0] for code, row in decided().items()} == {
        "gh_heart": "Long",
        "gh_lungs": "Mild.",
        "gh_bones": "Long",
    }
    assert decided()["gh_lungs"].reason.endswith("stops if it gets worse. Oil lukewarm.")


def test_press_that_fills_in_keeps_what_was_chosen_already_and_records_nothing(vaidya_in: Client, page: str) -> None:
    lungs = key(vaidya_in, page, "gh_lungs")
    chosen = {"finding_of": "all", "fill": "stable", f"outcome-{lungs}": "own", f"own-{lungs}": "Asthma as a child"}

    answer = vaidya_in.post(page, chosen)

    form = answer.context["joint"]
    assert (answer.status_code, Clearance.objects.exists()) == (200, False)
    assert (form[f"outcome-{lungs}"].value(), form[f"own-{lungs}"].value()) == ("own", "Asthma as a child")
    assert form[f"outcome-{key(vaidya_in, page, 'gh_eye')}"].value() == "stable"


@pytest.mark.parametrize("fill", ["examined", "stable"])
def test_danger_sign_does_not_ride_along(vaidya_in: Client, page: str, fill: str) -> None:
    form = as_shown(vaidya_in, page, fill=fill)

    assert f"outcome-{key(vaidya_in, page, 'rf_night')}" not in form
    assert sum(name.startswith("outcome-") for name in form) == 4


@pytest.mark.parametrize("outcome", ["cured", "stable", "mild"])
def test_danger_sign_cannot_be_called_cured_stable_or_mild(vaidya_in: Client, page: str, outcome: str) -> None:
    night = key(vaidya_in, page, "rf_night")
    form = as_shown(vaidya_in, page) | {f"outcome-{night}": outcome, f"report-{night}": "on"}

    assert vaidya_in.post(page, form).status_code == 422
    assert not Clearance.objects.exists()


def test_danger_sign_needs_its_proof_and_nothing_is_written_without(
    vaidya_in: Client, page: str, patient: Patient
) -> None:
    night = key(vaidya_in, page, "rf_night")
    form = as_shown(vaidya_in, page, fill="examined") | {f"outcome-{night}": "examined"}

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

    vaidya_in.post(page, form | {f"outcome-{night}": "examined"})

    assert (decided()["rf_night"].allowed, decided()["rf_night"].report_seen) == (True, False)


@pytest.mark.parametrize("before", [True, False])
def test_examination_before_the_answer_or_of_somebody_else_is_no_proof(
    vaidya_in: Client, page: str, patient: Patient, clinic: Clinic, vaidya_user: User, now: dt.datetime, *, before: bool
) -> None:
    by = vaidya_user if before else factories.make_member(clinic, "vaidya")
    signed_at = now - dt.timedelta(days=2) if before else now - dt.timedelta(hours=1)
    factories.make_assessment(patient, clinic, by=by, signed_at=signed_at)
    form = as_shown(vaidya_in, page)

    refused = vaidya_in.post(page, form | {f"outcome-{key(vaidya_in, page, 'rf_night')}": "examined"})

    assert refused.status_code == 422
    assert not Clearance.objects.exists()


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ({"outcome-": "own"}, "Please give a reason."),
        ({"outcome-": "own", "own-": "x"}, "Please give the reason in words"),
        ({"outcome-": "examined", "own-": "x" * 301}, "at most 300 characters"),
        ({"outcome-": "by itself"}, "Select a valid choice"),
        ({"therapies": []}, "This field is required."),
        ({"lasts": "for ever"}, "Select a valid choice"),
    ],
)
def test_bad_joint_decision_is_said_and_nothing_written(
    vaidya_in: Client, page: str, said: dict[str, Any], wrong: str
) -> None:
    eye = key(vaidya_in, page, "gh_eye")
    of_eye = {f"{name}{eye}" if name.endswith("-") else name: value for name, value in said.items()}

    answer = vaidya_in.post(page, as_shown(vaidya_in, page, fill="stable") | of_eye)

    assert answer.status_code == 422
    assert wrong in answer.content.decode()
    assert not Clearance.objects.exists()


def test_today_ends_with_the_day(vaidya_in: Client, page: str, clinic: Clinic) -> None:
    vaidya_in.post(page, as_shown(vaidya_in, page, fill="mild") | {"lasts": "today"})

    assert decided()["gh_heart"].until == dt.datetime(2026, 3, 3, tzinfo=clinic.zone)


def test_page_says_how_long_a_decision_holds_and_what_it_needs(vaidya_in: Client, page: str) -> None:
    shown = vaidya_in.get(page).content.decode()

    assert "Until 31 May 2026 at the latest" in shown
    assert "Your own signed examination after this answer, or a medical report" in shown


def test_decision_of_somebody_else_in_the_meantime_is_told_and_kept(
    vaidya_in: Client, page: str, patient: Patient, clinic: Clinic, now: dt.datetime
) -> None:
    form = as_shown(vaidya_in, page, fill="stable")
    other = factories.make_member(clinic, "vaidya")
    said = {"patient": patient, "clinic": clinic, "value": "yes", "therapies": ["abhyanga"], "allowed": False}
    said |= {"reason": "Not with this heart.", "until": now + dt.timedelta(days=1), "by": other, "at": now}
    Clearance.objects.create(question=Question.objects.get(code="gh_heart"), **said)

    answer = vaidya_in.post(page, form, follow=True).content.decode()

    assert "answered again in the meantime" in answer
    assert [row.by for row in Clearance.objects.all()] == [other]


def test_one_open_answer_has_the_plain_form_only(
    vaidya_in: Client, session: Visit, patient: Patient, clinic: Clinic, now: dt.datetime
) -> None:
    factories.tell(patient, clinic, at=now - dt.timedelta(days=1), gh_heart="yes")

    shown = vaidya_in.get(f"/desk/patients/{patient.public_id}/decisions/")

    assert shown.context["joint"] is None
    assert len(re.findall(r'name="finding_of"', shown.content.decode())) == 1
