"""How much is asked, counted in presses on the shipped data: the first history, and the screens of the day."""

import datetime as dt
from collections.abc import Collection, Iterable

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
from therapies.questionnaire import Page

MOST_SCREENS = 2
CONSULTATION, HEALTHY_MAN, MAN_WITH_TABLETS, THIRD_DAY = 8, 26, 34, 4
"""Presses that the clinic asks for at most."""
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


def presses(pages: Iterable[Page], *, yes: Collection[str] = ()) -> int:
    """What somebody presses who says yes to `yes` and has nothing else to tell: answers, fields and buttons.

    Where a group has the page to itself “None of these” is the button that goes on.
    """
    return sum(_presses(page, yes) for page in pages)


def _presses(page: Page, yes: Collection[str]) -> int:
    count, goes_on = 0, False
    for group in page:
        ticked = sum(question.code in yes for question in group.shared)
        words = sum(question.code in yes and question.answer_type == "yes_no_text" for question in group.questions)
        count += len(group.alone) + words + (ticked or bool(group.shared))
        goes_on = goes_on or (group.is_screen and bool(group.shared) and not ticked)
    return count + (not goes_on)


def born(years: int, gender: str, clinic: Clinic) -> Patient:
    birth_date = dt.date(NOW.year - years, 1, 2)
    return factories.make_patient(clinics=[clinic], birth_date=birth_date, gender=gender)


def first_history(patient: Patient, variant: Variant, clinic: Clinic) -> Questionnaire:
    factories.make_order(patient, variant, clinic=clinic)
    health_questions = before_booking(patient, now=NOW)
    assert health_questions
    return health_questions


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


def test_healthy_man_of_forty_tells_his_whole_history_in_at_most_26_presses(
    kati_basti: Variant, clinic: Clinic
) -> None:
    health_questions = first_history(born(40, "man", clinic), kati_basti, clinic)

    assert presses(health_questions.pages) <= HEALTHY_MAN


def test_man_of_68_with_pressure_tablets_tells_it_in_at_most_34_presses(kati_basti: Variant, clinic: Clinic) -> None:
    health_questions = first_history(born(68, "man", clinic), kati_basti, clinic)

    yes = {"hv_pressure", "md_pressure_tablets", "md_antiplatelet", "bc_new_pain"}
    assert presses(health_questions.pages, yes=yes) <= MAN_WITH_TABLETS


def test_history_is_the_same_whatever_is_ordered(variants: list[Variant], clinic: Clinic) -> None:
    questions = [asked_of(row) for row in Question.objects.filter(is_active=True)]
    whole = [question.code for question in questionnaire.history_of_body(questions, gender="woman", age=34)]
    some = [variant for variant in variants if variant.therapy.code in ("kati_basti", "lepa", "basti")]

    asked = {
        str(variant): [row.code for row in first_history(born(34, "woman", clinic), variant, clinic).due]
        for variant in some
    }

    assert asked == {str(variant): whole for variant in some}
    assert {"md_operation", "hv_clot_now", "md_anticoagulant", "wm_birth", "io_piles", "gh_water_retention"} <= {*whole}


def test_danger_signs_stand_one_by_one_the_first_time_and_the_rest_in_at_most_six_groups(
    kati_basti: Variant, clinic: Clinic
) -> None:
    health_questions = first_history(born(34, "woman", clinic), kati_basti, clinic)

    groups = [group for page in health_questions.pages for group in page]
    flags = [question for question in health_questions.due if question.group == "red_flag"]
    assert [question for group in groups for question in group.shared if question.group == "red_flag"] == []
    assert len([question for group in groups for question in group.alone if question.group == "red_flag"]) == len(flags)
    assert len({group.code for group in groups if group.shared} - {"women", "today"}) <= 6
    assert {question.urgency for question in groups[0].questions} == {"emergency_now"}


def test_no_therapy_of_the_catalogue_asks_more_than_two_short_screens_on_the_day(variants: list[Variant]) -> None:
    questions = [asked_of(row) for row in Question.objects.filter(is_active=True)]
    answered = {question.code for question in questions}
    counted = {}
    for variant in variants:
        due = questionnaire.asked_today(questions, [profile_of(variant)], gender="man", age=40)
        screens = questionnaire.pages(due, answered=answered, today=True)
        counted[f"{variant.therapy.code} {variant.code}"] = (len(screens), presses(screens))

    assert len(counted) > 20
    assert {name: row for name, row in counted.items() if row[0] > MOST_SCREENS or row[1] > THIRD_DAY + 1} == {}


def test_cleared_patient_on_the_third_day_presses_at_most_four_times(
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
            reason="examined by me",
            until=NOW + 30 * A_DAY,
            by=vaidya_user,
            at=NOW - 2 * A_DAY,
        )

    health_questions = of_visit(visit, now=NOW)

    assert health_questions
    assert (presses(health_questions.pages), len(health_questions.pages)) == (THIRD_DAY, MOST_SCREENS)
    assert {"gh_heart", "bc_regular_or_limits", "rf_cancer_history"} & {
        question.code for question in health_questions.due
    } == set()


def test_desk_booking_that_nobody_answered_asks_the_whole_history_on_the_day_and_the_day_last(
    kati_basti: Variant, patient: Patient, clinic: Clinic
) -> None:
    visit = third_day(patient, kati_basti, clinic)

    health_questions = of_visit(visit, now=NOW)

    assert health_questions
    *history, today = health_questions.pages
    assert [group.code for group in today] == ["today"]
    assert [
        question for page in history for group in page for question in group.shared if question.group == "red_flag"
    ] == []
