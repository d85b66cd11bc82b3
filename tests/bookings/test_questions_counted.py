"""How much is asked, counted on the shipped data: pages before the first booking, answers and screens on the day."""

import datetime as dt

import pytest

from bookings.models import Clearance, Visit
from bookings.questionnaire.questionnaire import Questionnaire, before_booking, of_visit
from clinic.people.models import Patient, User
from clinic.premises.models import Clinic
from tests import factories
from tests.factories import NOW
from tests.shipped import load_shipped
from therapies import questionnaire
from therapies.models import Question, TherapyKind, Variant
from therapies.profiles import asked_of, profile_of
from therapies.questionnaire import pages_before_booking, pages_on_the_day, screens

MOST_PAGES, MOST_ANSWERS, MOST_SCREENS = 5, 8, 2
A_DAY = dt.timedelta(days=1)


@pytest.fixture
def variants(clinic: Clinic) -> list[Variant]:
    """All that the shipped catalogue gives on prescription."""
    load_shipped()
    rows = Variant.objects.select_related("therapy").prefetch_related("therapy__contraindications__term")
    return list(rows.filter(therapy__kind=TherapyKind.PROCEDURE).order_by("therapy__code", "code"))


@pytest.fixture
def kati_basti(variants: list[Variant]) -> Variant:
    return next(variant for variant in variants if variant.therapy.code == "kati_basti")


def answers(health_questions: Questionnaire) -> int:
    return sum(group.answers for page in health_questions.pages for group in page)


def third_day(patient: Patient, variant: Variant, clinic: Clinic) -> Visit:
    """The third day of a course of seven; the two before were given."""
    item = factories.make_order(patient, variant, clinic=clinic, sessions=7)
    visits = [
        factories.make_visit(
            clinic=clinic,
            variant=variant,
            start=NOW + dt.timedelta(hours=2) + day * A_DAY,
            patient=patient,
            status="completed" if day < 0 else "booked",
            item=item,
            screening="clear",
        )
        for day in (-2, -1, 0)
    ]
    return visits[-1]


def test_first_booking_of_kati_basti_asks_at_most_five_pages(
    kati_basti: Variant, patient: Patient, clinic: Clinic
) -> None:
    factories.make_order(patient, kati_basti, clinic=clinic)

    health_questions = before_booking(patient, now=NOW)

    assert health_questions
    assert len(health_questions.due) == 37
    assert len(health_questions.pages) == MOST_PAGES


def test_first_booking_of_everything_at_once_asks_at_most_five_pages(
    variants: list[Variant], patient: Patient, clinic: Clinic
) -> None:
    for variant in variants:
        factories.make_order(patient, variant, clinic=clinic)

    health_questions = before_booking(patient, now=NOW)

    assert health_questions
    assert len(health_questions.pages) == MOST_PAGES


def test_no_therapy_of_the_catalogue_asks_more(variants: list[Variant]) -> None:
    questions = [asked_of(row) for row in Question.objects.filter(is_active=True)]
    counted = {}
    for variant in variants:
        profiles = [profile_of(variant)]
        first = questionnaire.asked(questions, profiles, questionnaire.BOOKING)
        today = pages_on_the_day(questionnaire.asked(questions, profiles, questionnaire.DAY, staff=True))
        pages, shown = len(pages_before_booking(first)), len(screens(today))
        counted[f"{variant.therapy.code} {variant.code}"] = (pages, shown, sum(group.answers for group in today))

    assert len(counted) > 20
    most = tuple(max(column) for column in zip(*counted.values(), strict=True))
    assert most <= (MOST_PAGES, MOST_SCREENS, MOST_ANSWERS)
    assert {name: row for name, row in counted.items() if row[1] > MOST_SCREENS or row[2] > MOST_ANSWERS} == {}


def test_cleared_patient_on_the_third_day_answers_at_most_eight(
    kati_basti: Variant, patient: Patient, clinic: Clinic, vaidya_user: User
) -> None:
    visit = third_day(patient, kati_basti, clinic)
    factories.tell_all_is_well(patient, clinic, at=NOW - 3 * A_DAY)
    factories.tell(patient, clinic, at=NOW - 2 * A_DAY, gh_heart="yes", bc_sharp_pain="yes")
    for code in ("gh_heart", "bc_sharp_pain"):
        Clearance.objects.create(
            patient=patient,
            question=Question.objects.get(code=code),
            value="yes",
            therapies=["kati_basti"],
            allowed=True,
            reason="seen",
            until=NOW + 30 * A_DAY,
            by=vaidya_user,
            at=NOW - 2 * A_DAY,
        )

    health_questions = of_visit(visit, now=NOW)

    assert health_questions
    assert (answers(health_questions), len(health_questions.pages)) == (6, 2)
    assert answers(health_questions) <= MOST_ANSWERS
    assert {"gh_heart", "bc_regular_or_limits", "rf_cancer_history"} & {
        question.code for question in health_questions.due
    } == set()


def test_desk_booking_that_nobody_answered_takes_two_screens_on_the_day(
    kati_basti: Variant, patient: Patient, clinic: Clinic
) -> None:
    visit = third_day(patient, kati_basti, clinic)

    health_questions = of_visit(visit, now=NOW)

    assert health_questions
    assert len(health_questions.pages) == MOST_SCREENS
    assert answers(health_questions) <= MOST_ANSWERS
