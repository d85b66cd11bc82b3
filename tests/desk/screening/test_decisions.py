"""A Vaidya decides on what was told: for which treatments, until when, and why."""

import datetime as dt
import html
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from bookings.actions.record_access import share_record
from bookings.facts.patient import patient_facts_of
from bookings.models import Answer, Clearance, Screening, Suspension, Visit
from bookings.rules.session_verdicts import health_verdict
from clinic.people.models import Patient, Read, User
from clinic.premises.models import Clinic
from tests import factories
from tests.triggers import triggers_off
from therapies.models import Question, Source

Enter = Callable[[User], Client]


@pytest.fixture
def page(session: Visit, patient: Patient, clinic: Clinic, now: dt.datetime) -> str:
    """Yesterday the patient told of the heart: the session waits."""
    factories.tell(patient, clinic, at=now - dt.timedelta(days=1), gh_heart="yes")
    session.bookings.update(screening="waiting")
    return f"/desk/visits/{session.public_id}/decisions/"


@pytest.fixture
def vaidya_in(enter: Enter, vaidya_user: User) -> Client:
    return enter(vaidya_user)


def key_of(client: Client, page: str) -> str:
    """The form of the only open answer."""
    (found,) = set(re.findall(r'name="finding_of" value="([^"]+)"', client.get(page).content.decode()))
    return found


def filled(key: str, **said: Any) -> dict[str, Any]:
    usual = {"decision": "clear", "therapies": ["abhyanga"], "until": "2026-05-31", "reason": "Seen by a cardiologist."}
    return {"finding_of": key} | {f"{key}-{name}": value for name, value in (usual | said).items()}


def test_open_answer_is_shown_with_its_reason_and_sources(
    vaidya_in: Client, page: str, session: Visit, vaidya_user: User
) -> None:
    Source.objects.create(code="guide", tier="1", title="The guide of hearts")
    Question.objects.filter(code="gh_heart").update(sources=["guide"])

    shown = html.unescape(vaidya_in.get(page).content.decode())

    assert "Your written reason" in shown
    assert "Until 31 May 2026 at the latest" in shown
    for said in ("Question gh_heart?", "Yes", "because of gh_heart", "The guide of hearts", "A Vaidya decides"):
        assert said in shown
    assert Read.objects.get(door="desk:visit_decisions").user == vaidya_user


def test_cleared_answer_lets_the_session_go_on(
    vaidya_in: Client, page: str, session: Visit, vaidya_user: User, clinic: Clinic
) -> None:
    answer = vaidya_in.post(page, filled(key_of(vaidya_in, page)))

    row = Clearance.objects.get()
    assert answer.status_code == 302
    assert (row.question.code, row.value, row.allowed, row.by) == ("gh_heart", "yes", True, vaidya_user)
    assert (row.therapies, row.reason) == (["abhyanga"], "Seen by a cardiologist.")
    assert row.until == dt.datetime(2026, 6, 1, tzinfo=clinic.zone)
    assert session.bookings.get().screening == "due"  # only the questions of the day are left


def test_decision_until_is_the_end_of_the_order_unless_said(vaidya_in: Client, page: str) -> None:
    shown = vaidya_in.get(page).content.decode()

    assert 'value="2026-05-31"' in shown


def test_blocked_session_is_not_given_and_costs_nothing(vaidya_in: Client, page: str, session: Visit) -> None:
    booking = session.bookings.get()

    vaidya_in.post(page, filled(key_of(vaidya_in, page), decision="block", session=booking.pk))

    booking.refresh_from_db()
    assert (booking.status, booking.reason) == ("blocked", "screening")
    assert not Clearance.objects.get().allowed
    assert not booking.occupancies.exists()


def test_decision_without_a_session_is_written_down_and_stays_open(
    vaidya_in: Client, page: str, session: Visit
) -> None:
    vaidya_in.post(page, filled(key_of(vaidya_in, page), decision="block"))

    assert session.bookings.get().screening == "waiting"
    assert not Clearance.objects.get().allowed
    assert key_of(vaidya_in, page)


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ({"reason": " "}, "This field is required."),
        ({"reason": "x" * 501}, "at most 500 characters"),
        ({"decision": "perhaps"}, "Select a valid choice"),
        ({"therapies": []}, "This field is required."),
        ({"therapies": ["vamana"]}, "Select a valid choice"),
        ({"until": "2026-03-01"}, "The decision must be valid for some time."),
        ({"until": "2026-06-01"}, "This decision may be valid until 31 May 2026 at the latest."),
        ({"until": "tomorrow"}, "Enter a date like 31/12/2026."),
        ({"decision": "block", "session": "999999"}, "Select a valid choice"),
    ],
)
def test_bad_decision_is_said_and_nothing_written(
    vaidya_in: Client, page: str, said: dict[str, Any], wrong: str
) -> None:
    answer = vaidya_in.post(page, filled(key_of(vaidya_in, page), **said))

    assert answer.status_code == 422
    assert wrong in answer.content.decode()
    assert not Clearance.objects.exists()


def test_answer_that_changed_meanwhile_is_looked_at_again(
    vaidya_in: Client, page: str, patient: Patient, clinic: Clinic, now: dt.datetime
) -> None:
    Question.objects.filter(code="gh_heart").update(answer_type="yes_no_text")
    key = key_of(vaidya_in, page)
    screening = factories.tell(patient, clinic, at=now)
    screening.answers.create(
        patient=patient, question=Question.objects.get(code="gh_heart"), value="yes", text="a pacemaker", at=now
    )

    answer = vaidya_in.post(page, filled(key), follow=True).content.decode()

    assert "answered again in the meantime" in answer
    assert "a pacemaker" in answer
    assert not Clearance.objects.exists()


def test_double_press_writes_one_decision(vaidya_in: Client, page: str) -> None:
    form = filled(key_of(vaidya_in, page))

    vaidya_in.post(page, form)
    vaidya_in.post(page, form)

    assert Clearance.objects.count() == 1


def test_urgent_referral_is_lifted_only_after_a_medical_report(
    vaidya_in: Client, page: str, patient: Patient, clinic: Clinic, session: Visit, now: dt.datetime
) -> None:
    factories.tell(patient, clinic, at=now, gh_heart="no", rf_numb="yes")
    page = f"/desk/patients/{patient.public_id}/decisions/"
    keys = re.findall(r'name="finding_of" value="([^"]+)"', vaidya_in.get(page).content.decode())
    urgent = next(key for key in keys if key.startswith(f"{Question.objects.get(code='rf_numb').pk}-"))

    without = vaidya_in.post(page, filled(urgent, until="2026-03-02"))
    assert without.status_code == 422
    assert "only after a medical report has been reviewed" in without.content.decode()
    vaidya_in.post(page, filled(urgent, until="2026-03-02", report_seen="on"))

    row = Clearance.objects.get()
    told = "An emergency sign was told today: no treatment today, whatever was decided."
    assert told in html.unescape(vaidya_in.get(page).content.decode())
    assert session.bookings.get().screening == "waiting"
    assert (row.reason, row.report_seen) == ("Seen by a cardiologist.", True)
    assert "A medical report was reviewed." in vaidya_in.get(page).content.decode()


def test_answer_of_today_is_decided_for_today(
    vaidya_in: Client, session: Visit, patient: Patient, clinic: Clinic, now: dt.datetime
) -> None:
    factories.tell(patient, clinic, at=now, td_pain=9)
    page = f"/desk/visits/{session.public_id}/decisions/"

    shown = vaidya_in.get(page).content.decode()

    assert 'value="2026-03-02"' in shown


def test_looking_decides_nothing(vaidya_in: Client, page: str, session: Visit) -> None:
    vaidya_in.get(page)
    vaidya_in.head(page)

    assert not Clearance.objects.exists()
    assert session.bookings.get().screening == "waiting"


def test_covering_vaidya_of_another_clinic_of_the_patient_decides(
    enter: Enter, page: str, session: Visit, patient: Patient
) -> None:
    other = factories.make_clinic("ananda")
    patient.clinics.add(other)
    covering = factories.make_member(other, "vaidya")
    client = enter(covering)

    client.post(page, filled(key_of(client, page)))

    assert Clearance.objects.get().by == covering
    assert session.bookings.get().screening == "due"


def test_vaidya_covers_at_a_clinic_for_the_days_of_a_membership(
    enter: Enter, page: str, session: Visit, patient: Patient, clinic: Clinic, now: dt.datetime
) -> None:
    """Who covers is named by a membership from and until; before it and after it the record is not theirs to open."""
    covering, today = factories.make_member(factories.make_clinic("ananda"), "vaidya"), clinic.today(now)
    client = enter(covering)

    before = client.get(page).status_code
    days = {"starts_on": today, "ends_on": today + dt.timedelta(days=1)}
    factories.make_member(clinic, "vaidya", user=covering, **days)
    client.post(page, filled(key_of(client, page)))
    covering.memberships.filter(clinic=clinic).update(ends_on=today)

    assert (before, client.get(page).status_code) == (404, 404)
    assert Clearance.objects.get().by == covering
    reads = Read.objects.filter(door="desk:visit_decisions")
    assert [(row.user, row.patients) for row in reads][:1] == [(covering, [patient.pk])]
    assert {row.user for row in reads} == {covering}


@pytest.mark.parametrize("who", ["therapist_user", "front_desk", "manager"])
def test_only_vaidyas_decide(enter: Enter, request: pytest.FixtureRequest, who: str, page: str) -> None:
    client = enter(request.getfixturevalue(who))

    assert client.get(page).status_code == 403
    assert client.post(page, {}).status_code == 403


def test_pause_is_lifted_with_a_reason(
    vaidya_in: Client, session: Visit, patient: Patient, clinic: Clinic, vaidya_user: User, now: dt.datetime
) -> None:
    pause = Suspension.objects.create(
        patient=patient, clinic=clinic, therapies=["all"], sign="st_faint", by=vaidya_user, at=now
    )
    shown = vaidya_in.get(f"/desk/patients/{patient.public_id}/decisions/").content.decode()
    (address,) = re.findall(r'action="([^"]+/lift/)"', shown)

    vaidya_in.post(address, {"reason": "Rested, and well again."})

    pause.refresh_from_db()
    assert (pause.lifted_by, pause.lift_reason) == (vaidya_user, "Rested, and well again.")


def test_earlier_decisions_are_listed(vaidya_in: Client, page: str, patient: Patient) -> None:
    vaidya_in.post(page, filled(key_of(vaidya_in, page)))

    shown = vaidya_in.get(f"/desk/patients/{patient.public_id}/decisions/").content.decode()

    assert "Earlier decisions" in shown
    assert "Seen by a cardiologist." in shown
    assert "Nothing is waiting for a decision" in shown


def test_decision_of_another_clinic_counts_and_is_read_only_with_consent_or_reason(
    vaidya_in: Client, enter: Enter, page: str, session: Visit, patient: Patient, clinic: Clinic, now: dt.datetime
) -> None:
    other, address = factories.make_clinic("ananda"), f"/desk/patients/{patient.public_id}/decisions/"
    patient.clinics.add(other)
    vaidya_in.post(page, filled(key_of(vaidya_in, page)))
    reader = enter(factories.make_member(other, "vaidya"))

    closed = reader.get(address)
    share_record(patient=patient, clinic=other, how="said", by=factories.make_member(other, "front_desk"), now=now)
    shared = reader.get(address)

    assert Clearance.objects.get().clinic == clinic
    assert [
        (bool(answer.context["earlier"]), "Nothing is waiting for a decision" in answer.content.decode())
        for answer in (closed, shared)
    ] == [
        (False, True),
        (True, True),
    ]
    assert "Its records are not shown here" in closed.content.decode()


def test_decision_from_before_clinics_were_noted_is_its_examinations_or_its_vaidyas(
    page: str, patient: Patient, clinic: Clinic, vaidya_user: User, now: dt.datetime
) -> None:
    """Such rows are sealed, so nobody could write the clinic into them."""
    other = factories.make_clinic("ananda")
    examination = factories.make_assessment(patient, other, by=vaidya_user)
    said = {"patient": patient, "question": Question.objects.get(code="gh_heart"), "value": "yes", "therapies": ["x"]}
    said |= {"allowed": True, "reason": "Seen.", "until": now, "by": vaidya_user, "at": now}
    alone, examined = (Clearance.objects.create(**said, assessment=each) for each in (None, examination))

    assert [*Clearance.objects.of([clinic.pk])] == [alone]
    assert [*Clearance.objects.of([other.pk])] == [examined]


# --- the sentence of a page without open answers ----------------------------------------------------------------------

BLOCKS_NOTHING = "None of the patient's answers block"


@pytest.mark.parametrize("address", ["/desk/patients/{patient}/decisions/", "/desk/visits/{visit}/decisions/"])
@pytest.mark.parametrize("told", ["nothing", "ten days ago", "today"])
def test_page_says_that_nothing_blocks_only_when_the_answers_would_let_it_start(
    enter: Enter, vaidya_user: User, session: Visit, patient: Patient, clinic: Clinic, now: dt.datetime,
    address: str, told: str,
) -> None:  # fmt: skip
    """The fixture answered everything ten days ago; the questions of the day are due."""
    if told == "nothing":
        with triggers_off():
            Answer.objects.all().delete()
            Screening.objects.all().delete()
    if told == "today":
        factories.tell_all_is_well(patient, clinic, at=now)

    page = enter(vaidya_user).get(address.format(patient=patient.public_id, visit=session.public_id)).content.decode()

    facts = patient_facts_of(patient, now=now)
    variant = session.bookings.get().variant
    verdict = health_verdict(variant, facts, on=now.astimezone(session.zone).date(), zone=session.zone)
    assert (verdict.screening == "clear") == (told == "today")
    assert ("not answered, or" in page) == (told != "today")
    assert (BLOCKS_NOTHING in page) == (told == "today" and "visits" in address)
