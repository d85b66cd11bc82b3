"""Two records of one person are merged, and parted again: what moves, what holds for both, and what stops it."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction

from bookings.actions.merges import merge_patients, undo_merge
from bookings.desk.day.snapshot import read_snapshot
from bookings.errors import ActionRefused, MergedMeanwhile, PolicyRefused
from bookings.facts.patient import patient_facts_of
from bookings.models import Occupancy, StoppedPatient, Suspension, Visit
from clinic.people.models import Patient, PatientMerge, PossibleTwin, User
from clinic.premises.models import Clinic
from tests import factories
from tests.bookings.races import at_once
from therapies.models import Variant

Merge = Callable[..., PatientMerge]


@pytest.fixture
def consultation(db: None) -> Variant:
    return factories.make_consultation()


@pytest.fixture
def kept(clinic: Clinic) -> Patient:
    return factories.make_patient(given_name="Kishan", clinics=[clinic])


@pytest.fixture
def other(db: None) -> Patient:
    """The second record of the same person, made at another clinic."""
    return factories.make_patient(given_name="Keshav", clinics=[factories.make_clinic("other")])


@pytest.fixture
def merge(kept: Patient, other: Patient, clinic: Clinic, front_desk: User, now: dt.datetime) -> Merge:
    def run(survivor: Patient = kept, merged: Patient = other, by: User = front_desk) -> PatientMerge:
        return merge_patients(survivor=survivor, merged=merged, clinic=clinic, by=by, now=now)

    return run


@pytest.fixture
def visit(clinic: Clinic, consultation: Variant, other: Patient, now: dt.datetime) -> Visit:
    """Tomorrow, of the record that is merged."""
    return factories.make_visit(clinic=clinic, variant=consultation, start=now + dt.timedelta(days=1), patient=other)


def patients_of(visit: Visit) -> set[Patient | None]:
    """Whose visit it is, and whose time."""
    return {
        Visit.objects.get(pk=visit.pk).patient,
        *(row.patient for row in Occupancy.objects.filter(booking__visit=visit)),
    }


def test_visits_and_their_time_move_and_one_person_is_never_in_two_places(
    merge: Merge, visit: Visit, kept: Patient, other: Patient, clinic: Clinic, consultation: Variant
) -> None:
    merge()

    start = visit.bookings.get().starts_at
    with pytest.raises(IntegrityError, match="patient_one_place_at_a_time"), transaction.atomic():
        factories.make_visit(clinic=clinic, variant=consultation, start=start, patient=kept)
    assert patients_of(visit) == {kept}
    assert [(row.verb, row.detail["merged"]) for row in visit.history.all()] == [("merge", other.pk)]
    assert kept.clinics.count() == 2


def test_visits_at_the_same_time_are_settled_first(
    merge: Merge, visit: Visit, kept: Patient, other: Patient, clinic: Clinic, consultation: Variant
) -> None:
    factories.make_visit(clinic=clinic, variant=consultation, start=visit.bookings.get().starts_at, patient=kept)

    with pytest.raises(PolicyRefused, match="visit at the same time"):
        merge()

    assert patients_of(visit) == {other}
    assert not PatientMerge.objects.exists()


def test_visits_at_the_same_time_that_are_over_stop_nothing(
    merge: Merge, kept: Patient, other: Patient, clinic: Clinic, consultation: Variant, now: dt.datetime
) -> None:
    past = now - dt.timedelta(days=30)
    for patient in (kept, other):
        factories.make_visit(clinic=clinic, variant=consultation, start=past, patient=patient, status="completed")

    merge()

    assert Visit.objects.filter(patient=kept).count() == 2


def test_what_was_told_ordered_and_paused_under_one_record_holds_for_the_person(
    merge: Merge,
    visit: Visit,
    kept: Patient,
    other: Patient,
    clinic: Clinic,
    vaidya_user: User,
    front_desk: User,
    now: dt.datetime,
) -> None:
    variant = factories.make_abhyanga()
    factories.make_order(other, variant, clinic=clinic, by=vaidya_user)
    factories.make_consent(other, clinic, therapy=variant.therapy)
    pause = Suspension.objects.create(
        patient=other, clinic=clinic, therapies=["all"], sign="st_dizzy", by=vaidya_user, at=now
    )
    told = patient_facts_of(other, now=now)

    merge()
    known = patient_facts_of(kept, now=now)
    on_the_board = read_snapshot(clinic, clinic.today(now) + dt.timedelta(days=1), edition="").paused

    assert (known.suspended, known.consents, known.stopped_at) == (told.suspended, told.consents, told.stopped_at)
    assert known.suspended == {"all"}
    assert [order.item for order in known.ordered] == [order.item for order in told.ordered]
    assert on_the_board == {kept.pk}
    assert pause.patient == other


def test_merge_is_undone_and_what_moved_goes_back(
    merge: Merge, visit: Visit, kept: Patient, other: Patient, front_desk: User, relative: User, now: dt.datetime
) -> None:
    access = factories.make_access(relative, other)
    StoppedPatient.objects.create(patient=other, at=now)
    row = merge()
    access.refresh_from_db()
    moved = (access.patient, StoppedPatient.objects.filter(patient=kept).exists(), kept.clinics.count())

    undo_merge(merge=row, by=front_desk, now=now)

    access.refresh_from_db()
    other.refresh_from_db()
    assert moved == (kept, True, 2)
    assert (access.patient, StoppedPatient.objects.filter(patient=kept).exists(), kept.clinics.count()) == (
        other,
        False,
        1,
    )
    assert (other.merged_into, patients_of(visit)) == (None, {other})
    assert [act.verb for act in visit.history.all()] == ["merge", "undo_merge"]
    with pytest.raises(PolicyRefused, match="undone already"):
        undo_merge(merge=row, by=front_desk, now=now)


def test_three_records_lead_to_one_in_a_single_step_and_come_apart_in_order(
    merge: Merge, visit: Visit, kept: Patient, other: Patient, clinic: Clinic, front_desk: User, now: dt.datetime
) -> None:
    third = factories.make_patient(given_name="Kisan", clinics=[clinic])
    first, second = merge(), merge(survivor=third, merged=kept)
    leads = set(Patient.objects.filter(merged_into=third))

    with pytest.raises(PolicyRefused, match="Undo that first"):
        undo_merge(merge=first, by=front_desk, now=now)
    undo_merge(merge=second, by=front_desk, now=now)

    assert leads == {kept, other}
    assert [*Patient.objects.filter(merged_into=kept)] == [other]
    assert patients_of(visit) == {kept}


def test_second_desk_is_told_who_merged_first(merge: Merge, kept: Patient, other: Patient, front_desk: User) -> None:
    merge()

    for pair in ({}, {"survivor": other, "merged": kept}):
        with pytest.raises(PolicyRefused, match=f"{front_desk} has merged one of these records already"):
            merge(**pair)


def test_nobody_merges_for_an_account_of_their_own(merge: Merge, other: Patient, front_desk: User) -> None:
    factories.make_access(front_desk, other)

    with pytest.raises(PolicyRefused, match="ask a colleague"):
        merge()


def test_older_page_of_the_merged_record_books_nothing_and_says_so(
    merge: Merge, other: Patient, clinic: Clinic, consultation: Variant, front_desk: User, now: dt.datetime
) -> None:
    from bookings.actions.transaction import action

    @action
    def write(*, by: User) -> object:
        return factories.make_visit(clinic=clinic, variant=consultation, start=now, patient=other)

    merge()

    with pytest.raises(MergedMeanwhile, match="was merged into another one"):
        write(by=front_desk)


def test_open_pairs_of_the_merged_record_become_those_of_the_other(
    merge: Merge, kept: Patient, other: Patient, clinic: Clinic, front_desk: User, now: dt.datetime
) -> None:
    third = factories.make_patient(given_name="Kisan", clinics=[clinic])
    for older, newer in ((kept, other), (other, third)):
        PossibleTwin.objects.create(patient=newer, other=older, found_at=now)

    row = merge()
    pairs = [(pair.patient, pair.other) for pair in PossibleTwin.objects.open()]
    undo_merge(merge=row, by=front_desk, now=now)

    assert pairs == [(third, kept)]
    assert (third, other) in [(pair.patient, pair.other) for pair in PossibleTwin.objects.open()]


@pytest.mark.django_db(transaction=True)
def test_two_desks_that_merge_the_same_records_both_ways_make_one_merge(
    merge: Merge, kept: Patient, other: Patient
) -> None:
    answers = at_once(merge, lambda: merge(survivor=other, merged=kept))

    assert sorted(isinstance(answer, ActionRefused) for answer in answers) == [False, True]
    assert Patient.objects.filter(merged_into=None).count() == 1
