"""Joining an account to a patient whom the clinic registered: by a code and the birth date, never by e-mail alone."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from bookings.models import Message
from clinic.people.access import FAILURES_ALLOWED, READABLE, CannotJoin, end_access, invite, join, why_not_end
from clinic.people.models import Access, Invitation, Patient, User
from clinic.premises.models import Clinic
from tests import factories

WRONG_DATE = dt.date(1990, 1, 1)
WEEK = dt.timedelta(days=7)


@pytest.fixture
def code(patient: Patient, front_desk: User, now: dt.datetime) -> str:
    return invite(patient=patient, relation="self", width="full", by=front_desk, now=now)


@pytest.fixture
def newcomer(db: None) -> User:
    """Has an account with the patient's contact e-mail, which gives them nothing."""
    return factories.make_user("meera@example.org")


def refusal(user: User, code: str, birth_date: dt.date, now: dt.datetime) -> str:
    with pytest.raises(CannotJoin) as refused:
        join(user=user, code=code, birth_date=birth_date, now=now)
    return str(refused.value.reason)


def test_code_is_readable_and_never_stored(code: str) -> None:
    invitation = Invitation.objects.get()
    signs = code.replace("-", "")

    assert len(signs) == 10
    assert set(signs) <= set(READABLE)
    assert signs not in str(vars(invitation))


def test_codes_differ(patient: Patient, front_desk: User, now: dt.datetime) -> None:
    codes = {invite(patient=patient, relation="self", width="full", by=front_desk, now=now) for _number in range(50)}

    assert len(codes) == 50


def test_same_email_alone_joins_nobody(newcomer: User, patient: Patient, now: dt.datetime) -> None:
    assert newcomer.email == patient.email
    assert list(Patient.objects.of(newcomer, now.date())) == []


def test_code_and_birth_date_join(code: str, newcomer: User, patient: Patient, now: dt.datetime) -> None:
    access = join(user=newcomer, code=code, birth_date=patient.birth_date, now=now)

    assert (access.user, access.patient, access.relation, access.width) == (newcomer, patient, "self", "full")
    assert list(Patient.objects.of(newcomer, now.date())) == [patient]


@pytest.mark.parametrize("change", [str.lower, lambda code: code.replace("-", ""), lambda code: f" {code} "])
def test_code_may_be_typed_carelessly(code: str, change, newcomer: User, patient: Patient, now: dt.datetime) -> None:  # type: ignore[no-untyped-def]
    join(user=newcomer, code=change(code), birth_date=patient.birth_date, now=now)

    assert Access.objects.count() == 1


def test_wrong_code_and_wrong_birth_date_look_the_same(
    code: str, newcomer: User, patient: Patient, now: dt.datetime
) -> None:
    wrong_date = refusal(newcomer, code, WRONG_DATE, now)
    wrong_code = refusal(newcomer, "AAAAA-AAAAA", patient.birth_date, now)

    assert wrong_date == wrong_code != ""
    assert Access.objects.count() == 0


def test_code_is_good_for_seven_days(code: str, newcomer: User, patient: Patient, now: dt.datetime) -> None:
    refusal(newcomer, code, patient.birth_date, now + WEEK)

    join(user=newcomer, code=code, birth_date=patient.birth_date, now=now + WEEK - dt.timedelta(seconds=1))


def test_code_can_be_used_once(code: str, newcomer: User, stranger: User, patient: Patient, now: dt.datetime) -> None:
    join(user=newcomer, code=code, birth_date=patient.birth_date, now=now)

    refusal(stranger, code, patient.birth_date, now)
    assert patient.accesses.count() == 1


@pytest.mark.parametrize(("failures", "dead"), [(FAILURES_ALLOWED - 1, False), (FAILURES_ALLOWED, True)])
def test_fifth_wrong_birth_date_kills_the_code(
    code: str, newcomer: User, patient: Patient, now: dt.datetime, failures: int, *, dead: bool
) -> None:
    for _number in range(failures):
        refusal(newcomer, code, WRONG_DATE, now)

    if dead:
        refusal(newcomer, code, patient.birth_date, now)
    else:
        join(user=newcomer, code=code, birth_date=patient.birth_date, now=now)

    assert Access.objects.count() == (0 if dead else 1)


@pytest.mark.django_db(transaction=True)
def test_failures_are_committed_although_the_verb_refuses(code: str, newcomer: User, now: dt.datetime) -> None:
    refusal(newcomer, code, WRONG_DATE, now)

    assert Invitation.objects.get().failures == 1


def test_second_code_changes_what_the_account_sees(
    code: str, newcomer: User, patient: Patient, front_desk: User, now: dt.datetime
) -> None:
    join(user=newcomer, code=code, birth_date=patient.birth_date, now=now)
    narrower = invite(patient=patient, relation="child", width="appointments", by=front_desk, now=now)

    join(user=newcomer, code=narrower, birth_date=patient.birth_date, now=now)

    assert [(row.relation, row.width) for row in Access.objects.all()] == [("child", "appointments")]


def test_ended_access_acts_at_once(owner: User, patient: Patient, front_desk: User, now: dt.datetime) -> None:
    end_access(access=owner.accesses.get(), by=front_desk, now=now)

    assert list(Patient.objects.of(owner, now.date())) == []


def test_ended_access_may_begin_again(owner: User, patient: Patient, front_desk: User, now: dt.datetime) -> None:
    end_access(access=owner.accesses.get(), by=front_desk, now=now)
    code = invite(patient=patient, relation="self", width="full", by=front_desk, now=now)

    join(user=owner, code=code, birth_date=patient.birth_date, now=now)

    assert list(Patient.objects.of(owner, now.date())) == [patient]


@pytest.mark.parametrize("zone", ["Pacific/Pago_Pago", "Asia/Kolkata", "Pacific/Kiritimati"])
def test_access_begins_at_once_whatever_the_clinics_date(
    code: str, newcomer: User, patient: Patient, now: dt.datetime, zone: str
) -> None:
    join(user=newcomer, code=code, birth_date=patient.birth_date, now=now)

    assert list(Patient.objects.of(newcomer, factories.make_clinic("far", timezone=zone).today(now))) == [patient]


def test_database_refuses_two_open_accesses(owner: User, patient: Patient) -> None:
    with pytest.raises(IntegrityError, match="access_once"), transaction.atomic():
        factories.make_access(owner, patient)


def test_database_refuses_an_access_that_ends_before_it_begins(stranger: User, patient: Patient) -> None:
    with pytest.raises(IntegrityError, match="access_ends_late"), transaction.atomic():
        factories.make_access(stranger, patient, ends_on=factories.LONG_AGO - dt.timedelta(days=1))


@pytest.mark.parametrize(
    ("field", "value", "constraint"),
    [
        ("expires_at", factories.NOW, "invitation_expires_later"),
        ("used_at", factories.NOW, "invitation_used_by_and_at"),
    ],
)
def test_database_refuses_a_broken_invitation(code: str, field: str, value: dt.datetime, constraint: str) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Invitation.objects.update(**{field: value})


# --- staff ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["front_desk", "manager", "vaidya_user", "therapist_user"])
def test_nobody_who_works_at_a_clinic_of_the_patient_joins_by_a_code(
    request: pytest.FixtureRequest, code: str, patient: Patient, newcomer: User, now: dt.datetime, who: str
) -> None:
    reason = refusal(request.getfixturevalue(who), code, patient.birth_date, now)

    assert reason != refusal(newcomer, code, WRONG_DATE, now)
    assert Access.objects.count() == 0
    join(user=newcomer, code=code, birth_date=patient.birth_date, now=now)  # it is still the patient's


def test_maker_of_a_code_does_not_join_by_it_after_leaving(
    code: str, front_desk: User, patient: Patient, now: dt.datetime
) -> None:
    front_desk.memberships.update(ends_on=now.date())

    refusal(front_desk, code, patient.birth_date, now)

    assert Access.objects.count() == 0


def test_staff_learn_nothing_of_a_birth_date_by_a_code(
    code: str, front_desk: User, newcomer: User, now: dt.datetime
) -> None:
    assert refusal(front_desk, code, WRONG_DATE, now) == refusal(newcomer, "AAAAA-AAAAA", WRONG_DATE, now)


@pytest.mark.parametrize(("clinic_of", "joins"), [("far", True), ("theirs", False)])
def test_staff_of_another_clinic_join_like_other_people(
    code: str, patient: Patient, now: dt.datetime, clinic_of: str, *, joins: bool
) -> None:
    far = factories.make_clinic("far")
    if clinic_of == "theirs":
        patient.clinics.add(far)
    user = factories.make_member(far, "front_desk")

    if joins:
        join(user=user, code=code, birth_date=patient.birth_date, now=now)
    else:
        refusal(user, code, patient.birth_date, now)

    assert Access.objects.count() == joins


# --- the patient is told ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "channel", "recipient"),
    [
        ({}, "email", "meera@example.org"),
        ({"channel": "call"}, "email", "meera@example.org"),
        ({"channel": "call", "email": ""}, "call", "+919847000001"),
        ({"channel": "paper", "email": "", "phone": ""}, "paper", ""),
    ],
)
def test_patient_is_told_whenever_somebody_joins(
    clinic: Clinic,
    front_desk: User,
    stranger: User,
    now: dt.datetime,
    facts: dict[str, str],
    channel: str,
    recipient: str,
) -> None:
    patient = factories.make_patient(clinics=[factories.make_clinic("far"), clinic], **facts)
    code = invite(patient=patient, relation="child", width="full", by=front_desk, now=now)

    join(user=stranger, code=code, birth_date=patient.birth_date, now=now)

    letter = Message.objects.get()
    told = (letter.kind, letter.channel, letter.recipient, letter.patient, letter.clinic, letter.due_at)
    assert told == ("access_begun", channel, recipient, patient, clinic, now)


# --- how it ends ------------------------------------------------------------------------------------------------------


def access(number: int, relation: str, width: str = "full") -> Access:
    return Access(pk=number, relation=relation, width=width)


@pytest.mark.parametrize(
    ("mine", "theirs", "may"),
    [
        (access(1, "self"), access(2, "child"), True),
        (access(1, "self"), access(2, "self"), True),
        (access(1, "self", "appointments"), access(2, "child"), False),
        (access(1, "child"), access(2, "self"), False),
        (access(1, "child"), access(2, "child"), True),  # both parents of a child without an account
        (access(1, "child", "appointments"), access(2, "child"), False),
    ],
)
def test_patients_own_account_ends_any_access(mine: Access, theirs: Access, *, may: bool) -> None:
    everybody = [mine, theirs]

    assert (why_not_end(theirs, mine=mine, everybody=everybody) == "") is may
    assert why_not_end(mine, mine=mine, everybody=everybody) == ""


def test_relative_does_not_end_another_where_the_patient_has_an_account() -> None:
    own, mine, theirs = access(1, "self"), access(2, "child"), access(3, "other")

    assert why_not_end(theirs, mine=mine, everybody=[own, mine, theirs])


def test_access_planned_to_end_later_ends_at_once(owner: User, patient: Patient, now: dt.datetime) -> None:
    owner.accesses.update(ends_on=now.date() + WEEK)

    end_access(access=owner.accesses.get(), by=owner, now=now, reason="patient_asked")

    assert list(Patient.objects.of(owner, now.date())) == []
    assert owner.accesses.get().end_reason == "patient_asked"


def test_database_refuses_a_reason_without_an_end(owner: User) -> None:
    with pytest.raises(IntegrityError, match="access_reason_of_an_end"), transaction.atomic():
        owner.accesses.update(end_reason="other")


# --- the page ---------------------------------------------------------------------------------------------------------


def test_page_joins_and_leads_to_the_visits(client: Client, newcomer: User, patient: Patient, front_desk: User) -> None:
    client.force_login(newcomer)
    code = invite(patient=patient, relation="self", width="full", by=front_desk, now=dt.datetime.now(dt.UTC))

    answer = client.post(reverse("join"), {"code": code, "birth_date": "1988-05-17"})

    assert answer.headers["Location"] == reverse("portal:visits")
    assert newcomer.accesses.get().patient == patient


def test_page_keeps_what_was_typed_and_says_why(client: Client, newcomer: User) -> None:
    client.force_login(newcomer)

    answer = client.post(reverse("join"), {"code": "AAAAA-AAAAA", "birth_date": "1988-05-17"})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "AAAAA-AAAAA" in page
    assert "1988-05-17" in page
    assert "do not match" in page


@pytest.mark.parametrize("birth_date", ["", "1988-13-45", "yesterday"])
def test_page_says_which_field_is_wrong(client: Client, newcomer: User, birth_date: str) -> None:
    client.force_login(newcomer)

    answer = client.post(reverse("join"), {"code": "AAAAA-AAAAA", "birth_date": birth_date})

    assert set(answer.context["form"].errors) == {"birth_date"}


def test_eleventh_try_within_an_hour_is_refused(client: Client, newcomer: User) -> None:
    client.force_login(newcomer)
    tries = [client.post(reverse("join"), {"code": "AAAAA-AAAAA", "birth_date": "1988-05-17"}) for _number in range(11)]

    assert [answer.status_code for answer in tries] == [422] * 10 + [429]
