"""Who reads which record, what opens another one, and what is written down of it."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver, reverse

from bookings.actions.record_access import open_record, share_record
from bookings.facts.record_access import access_of
from bookings.models import Assessment, Message, RecordOpening, RecordSharing, Status, Suspension
from clinic.people.models import Patient, Read, User
from clinic.people.patients import welcome_patient
from clinic.premises.models import Clinic
from tests import factories
from tests.all_views import places
from tests.bookings import clinical
from tests.desk.conftest import Enter, at
from tests.test_matrix import CLINICAL

DIAGNOSIS = "Katishula"
DAY = dt.timedelta(days=1)


def record(patient: Patient) -> str:
    return reverse("desk:record", args=[patient.public_id])


def press(patient: Patient) -> str:
    return reverse("desk:open_record", args=[patient.public_id])


# --- who reads --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["therapist", "attendant"])
def test_therapists_and_attendants_do_not_read_every_record_of_their_clinic(
    enter: Enter, clinic: Clinic, patient: Patient, examination: Assessment, role: str
) -> None:
    client = enter(factories.make_member(clinic, role))

    answer = client.get(record(patient))

    assert (answer.status_code, DIAGNOSIS in answer.content.decode()) == (403, False)
    assert "Open the record?" in answer.content.decode()
    assert list(Read.objects.values_list("door", "reason")) == [("desk:closed_record", "")]


@pytest.mark.parametrize(
    ("days", "hour", "fields", "reads"),
    [
        (0, 9, {}, True),
        (0, 23, {}, True),
        (1, 23, {}, True),
        (2, 0, {}, False),
        (-30, 9, {"status": Status.COMPLETED}, True),
        (-30, 9, {"status": Status.STOPPED}, True),
        (-31, 23, {"status": Status.COMPLETED}, False),
        (-1, 9, {"status": Status.BOOKED}, False),  # nobody was treated
    ],
)
def test_therapist_reads_whom_they_treat_by_the_clinics_days(
    clinic: Clinic, patient: Patient, now: dt.datetime, days: int, hour: int, fields: dict[str, Any], *, reads: bool
) -> None:
    user = factories.make_member(clinic, "therapist")
    factories.make_treatment(user, patient, clinic, start=at(hour) + days * DAY, **fields)

    assert access_of(user=user, patient=patient, now=now).is_open is reads


@pytest.mark.parametrize(
    ("role", "relation", "reads"),
    [
        *((role, relation, True) for role in ("vaidya", "nurse") for relation in ("crew", "here_today", "known")),
        ("therapist", "crew", True),
        ("therapist", "crew_elsewhere", False),
        ("therapist", "here_today", False),
        ("therapist", "known", False),
        ("attendant", "crew", True),
        ("attendant", "here_today", True),  # nobody schedules attendants: all who are here are theirs
        ("attendant", "known", False),
        *((role, "unknown", False) for role in ("vaidya", "nurse", "therapist", "attendant")),
        *((role, "crew", False) for role in ("front_desk", "manager")),
        *((role, "gone", False) for role in ("vaidya", "nurse", "therapist", "attendant")),
    ],
)
def test_role_and_relation_say_who_reads(
    clinic: Clinic, now: dt.datetime, role: str, relation: str, *, reads: bool
) -> None:
    far = factories.make_clinic("far")
    patient = factories.make_patient(clinics=[far] if relation == "unknown" else [clinic])
    user = factories.make_member(clinic, role)
    if relation == "here_today":
        factories.make_treatment(factories.make_member(clinic, "therapist"), patient, clinic)
    if relation in ("crew", "gone"):
        factories.make_treatment(user, patient, clinic)
    if relation == "crew_elsewhere":
        factories.make_treatment(user, patient, far)
    if relation == "gone":
        user.memberships.update(ends_on=now.date())

    assert access_of(user=user, patient=patient, now=now).is_open is reads


def test_question_who_may_read_takes_two_queries_at_most(
    clinic: Clinic, patient: Patient, now: dt.datetime, vaidya_user: User
) -> None:
    therapist = factories.make_member(clinic, "therapist")
    factories.make_member(factories.make_clinic("far"), "attendant", user=therapist)

    counts = []
    for user in (vaidya_user, therapist):
        with CaptureQueriesContext(connection) as asked:
            access_of(user=user, patient=patient, now=now)
        counts.append(len(asked))

    assert counts == [1, 2]


def test_every_page_with_a_record_has_the_door_that_asks() -> None:
    views = {place.key: place.view for place in places(get_resolver().url_patterns)}
    asking = {key for key, view in views.items() if getattr(view, "is_clinical", False)}

    assert asking == set(CLINICAL) - {"desk:open_record"}


# --- one press --------------------------------------------------------------------------------------------------------


def test_press_with_a_reason_opens_until_the_day_ends_and_leads_on(
    enter: Enter, clinic: Clinic, patient: Patient, examination: Assessment, now: dt.datetime
) -> None:
    user = factories.make_member(clinic, "therapist")
    client, page = enter(user), reverse("desk:assessment", args=[patient.public_id, examination.public_id])
    asked = client.get(page)

    answer = client.post(press(patient), {"reason": "covering", "next": asked.context["form"]["next"].value()})
    opened = client.get(page)

    assert answer.headers["Location"] == page
    assert (opened.status_code, DIAGNOSIS in opened.content.decode()) == (200, True)
    opening = RecordOpening.objects.get()
    assert (opening.user, opening.patient, opening.clinic, opening.reason) == (user, patient, clinic, "covering")
    assert opening.until == at(0) + DAY
    assert access_of(user=user, patient=patient, now=opening.until - dt.timedelta(seconds=1)).is_open
    assert not access_of(user=user, patient=patient, now=opening.until).is_open
    assert list(Read.objects.order_by("pk").values_list("door", "reason")) == [
        ("desk:closed_record", ""),
        ("desk:open_record", "covering"),
        ("desk:assessment", "covering"),
    ]


def test_press_opens_nothing_to_anybody_else(clinic: Clinic, patient: Patient, now: dt.datetime) -> None:
    user, other = factories.make_member(clinic, "therapist"), factories.make_member(clinic, "therapist")
    brother = factories.make_patient("Ravi", clinics=[clinic])

    open_record(patient=patient, clinic=clinic, reason="other", by=user, now=now)
    open_record(patient=patient, clinic=clinic, reason="other", by=user, now=now)

    assert RecordOpening.objects.count() == 1
    assert not access_of(user=other, patient=patient, now=now).is_open
    assert not access_of(user=user, patient=brother, now=now).is_open


@pytest.mark.parametrize("said", [{}, {"reason": ""}, {"reason": "curious"}])
def test_press_without_a_ready_reason_opens_nothing(
    enter: Enter, clinic: Clinic, patient: Patient, said: dict[str, str]
) -> None:
    client = enter(factories.make_member(clinic, "therapist"))

    answer = client.post(press(patient), said)

    assert (answer.status_code in (200, 422), RecordOpening.objects.count()) == (True, 0)
    assert client.get(record(patient)).status_code == 403


@pytest.mark.parametrize("address", ["https://evil.example/", "//evil.example", "/people/", "javascript:alert(1)", ""])
def test_press_leads_nowhere_else(enter: Enter, clinic: Clinic, patient: Patient, address: str) -> None:
    client = enter(factories.make_member(clinic, "therapist"))

    answer = client.post(press(patient), {"reason": "asked", "next": address})

    assert answer.headers["Location"] == record(patient)


@pytest.mark.parametrize("role", ["therapist", "vaidya"])
def test_press_finds_nobody_of_another_clinic(enter: Enter, patient: Patient, role: str) -> None:
    client = enter(factories.make_member(factories.make_clinic("far"), role))

    assert client.post(press(patient), {"reason": "unwell"}).status_code == 404
    assert RecordOpening.objects.count() == 0


def test_what_is_posted_to_a_closed_record_changes_nothing(
    enter: Enter, clinic: Clinic, patient: Patient, examination: Assessment
) -> None:
    client = enter(factories.make_member(clinic, "therapist"))
    consent = factories.make_consent(patient, clinic)

    answer = client.post(reverse("desk:withdraw_consent", args=[patient.public_id, consent.pk]))

    consent.refresh_from_db()
    assert (answer.status_code, consent.withdrawn_at) == (403, None)


def test_manager_reads_the_list_and_the_count(
    enter: Enter, clinic: Clinic, patient: Patient, manager: User, now: dt.datetime
) -> None:
    user = factories.make_member(clinic, "therapist", user=factories.make_user(name="Sunita Meena"))
    open_record(patient=patient, clinic=clinic, reason="covering", by=user, now=now)
    far = factories.make_clinic("far")
    stranger = factories.make_patient("Ravi", clinics=[far])
    open_record(patient=stranger, clinic=far, reason="asked", by=factories.make_member(far, "therapist"), now=now)
    client = enter(manager)

    todo = client.get(reverse("desk:todo")).content.decode()
    shown = client.get(reverse("desk:openings"))

    assert "1 within a week" in todo
    assert [row.patient for row in shown.context["page"]] == [patient]
    assert [word in shown.content.decode() for word in ("Sunita Meena", "I am covering for a colleague", "Ravi")] == [
        True,
        True,
        False,
    ]
    assert Read.objects.get(door="desk:openings").patients == [patient.pk]


# --- another clinic of ours -------------------------------------------------------------------------------------------


@pytest.fixture
def welcomed(patient: Patient, examination: Assessment, now: dt.datetime) -> Clinic:
    """The patient was examined at Shanti; now another clinic has taken her in."""
    far = factories.make_clinic("far")
    welcome_patient(patient=patient, clinic=far, by=factories.make_member(far, "front_desk"), now=now)
    return far


@pytest.mark.parametrize("role", ["vaidya", "nurse"])
def test_welcome_does_not_open_what_other_clinics_wrote(
    enter: Enter, welcomed: Clinic, patient: Patient, examination: Assessment, role: str
) -> None:
    client = enter(factories.make_member(welcomed, role))
    pages = [record(patient), reverse("desk:sessions", args=[patient.public_id])]

    shown = [client.get(page) for page in pages]
    row = client.get(reverse("desk:assessment", args=[patient.public_id, examination.public_id]))

    assert [(page.status_code, DIAGNOSIS in page.content.decode()) for page in shown] == [(200, False)] * 2
    assert ["another of our clinics" in page.content.decode() for page in shown] == [True, True]
    assert row.status_code == 404


def test_clinic_reads_what_it_wrote_itself(
    enter: Enter, welcomed: Clinic, patient: Patient, examination: Assessment
) -> None:
    there = factories.make_member(welcomed, "vaidya")
    own = clinical.make_assessment(patient, welcomed, there, diagnosis="Sandhigata")

    page = enter(there).get(record(patient))

    assert [row.pk for row in page.context["assessments"]] == [own.pk]


def test_patients_consent_opens_it_once_for_all_who_treat_there(
    enter: Enter, welcomed: Clinic, patient: Patient, now: dt.datetime
) -> None:
    asha, client = factories.make_member(welcomed, "vaidya"), enter(factories.make_member(welcomed, "front_desk"))
    page = reverse("desk:share_record", args=[patient.public_id])
    assert client.post(page, {"how": "shouted"}).status_code == 422

    for _press in range(2):
        client.post(page, {"how": "said"})

    row = RecordSharing.objects.get()
    assert (row.clinic, row.how, row.noted_at) == (welcomed, "said", now)
    assert list(Message.objects.order_by("pk").values_list("kind", "patient", "clinic")) == [
        ("new_clinic", patient.pk, welcomed.pk),
        ("record_shared", patient.pk, welcomed.pk),
    ]
    assert DIAGNOSIS in enter(asha).get(record(patient)).content.decode()
    assert list(Read.objects.filter(user=asha).values_list("reason", flat=True)) == [""]


def test_consent_ends(enter: Enter, welcomed: Clinic, patient: Patient, now: dt.datetime) -> None:
    asha = factories.make_member(welcomed, "vaidya")
    share_record(patient=patient, clinic=welcomed, how="said", by=asha, now=now)
    client = enter(asha)

    client.post(reverse("desk:share_record", args=[patient.public_id]), {"end": "1"})

    assert RecordSharing.objects.get().ended_by == asha
    assert DIAGNOSIS not in client.get(record(patient)).content.decode()


def test_consent_opens_nothing_to_a_therapist_who_does_not_treat(
    welcomed: Clinic, patient: Patient, now: dt.datetime
) -> None:
    share_record(patient=patient, clinic=welcomed, how="said", by=factories.make_user(), now=now)

    assert not access_of(user=factories.make_member(welcomed, "therapist"), patient=patient, now=now).is_open


def test_press_opens_what_other_clinics_wrote_and_every_read_says_why(
    enter: Enter, welcomed: Clinic, patient: Patient, now: dt.datetime
) -> None:
    user = factories.make_member(welcomed, "vaidya")
    client = enter(user)

    client.post(press(patient), {"reason": "unwell"})

    assert DIAGNOSIS in client.get(record(patient)).content.decode()
    assert list(Read.objects.values_list("door", "reason")) == [
        ("desk:open_record", "unwell"),
        ("desk:record", "unwell"),
    ]


def test_pause_of_another_clinic_is_always_shown_to_who_treats(
    enter: Enter, welcomed: Clinic, patient: Patient, clinic: Clinic, vaidya_user: User, now: dt.datetime
) -> None:
    Suspension.objects.create(
        patient=patient, clinic=clinic, therapies=["all"], sign="st_faint", by=vaidya_user, at=now
    )
    client = enter(factories.make_member(welcomed, "vaidya"))

    for page in (record(patient), reverse("desk:sessions", args=[patient.public_id])):
        assert "All treatments" in client.get(page).content.decode()
