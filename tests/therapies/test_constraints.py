"""What the database refuses, broken one by one, each beside a row that it takes."""

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, models, transaction

from clinic.premises.models import Clinic
from tests import factories
from therapies.models import (
    Contraindication,
    Practitioner,
    Price,
    Qualification,
    Question,
    Rule,
    Source,
    Step,
    StepCrew,
    Term,
    Therapy,
    TherapyText,
    Variant,
    WorkingHours,
)

DAY = dt.date(2026, 3, 2)
LATER = DAY + dt.timedelta(days=30)


def refused(name: str, model: type[models.Model], /, **fields: Any) -> None:
    """The database refuses the row, and names that constraint."""
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        model._default_manager.create(**fields)
    assert error.value.__cause__.diag.constraint_name == name  # type: ignore[union-attr]


@pytest.fixture
def abhyanga(db: None) -> Therapy:
    return factories.make_therapy("abhyanga")


@pytest.fixture
def variant(abhyanga: Therapy) -> Variant:
    return factories.make_variant(abhyanga)


@pytest.fixture
def step(variant: Variant) -> Step:
    return factories.make_step(variant, "hands_on", 0, 45)


@pytest.fixture
def latha(clinic: Clinic) -> Practitioner:
    return factories.make_practitioner(clinic, "Latha", roles=["therapist"], works=None)


THERAPY = {"code": "new", "kind": "procedure", "name": "New"}


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("therapy_arrival_on_marks", {"arrival_lead_minutes": 7}),
        ("therapy_ages_in_order", {"minimum_age": 40, "maximum_age": 39}),
        ("therapy_mode_known", {"booking_mode": "fax"}),
        ("therapy_needs_known", {"needs": "luck"}),
        ("therapy_kind_known", {"kind": "spa"}),
    ],
)
def test_a_therapy_is_refused(db: None, name: str, fields: dict[str, Any]) -> None:
    refused(name, Therapy, **(THERAPY | fields))


def test_a_therapy_within_its_limits_is_taken(db: None) -> None:
    Therapy.objects.create(**THERAPY, arrival_lead_minutes=15, minimum_age=16, maximum_age=16)


@pytest.mark.parametrize("model", [Therapy, Question, Rule, Source, Term])
def test_a_code_is_there_once(db: None, model: type[models.Model]) -> None:
    fields = THERAPY if model is Therapy else {"code": "new"}
    model._default_manager.create(**fields)

    with pytest.raises(IntegrityError, match=r"unique constraint .*code"), transaction.atomic():
        model._default_manager.create(**fields)


def test_a_text_is_there_once_in_a_language(abhyanga: Therapy) -> None:
    TherapyText.objects.create(therapy=abhyanga, language="en")

    refused("therapy_text_once", TherapyText, therapy=abhyanga, language="en")
    TherapyText.objects.create(therapy=abhyanga, language="hi")


@pytest.mark.parametrize("review", [{"reviewed_by": "Dr Asha"}, {"reviewed_on": DAY}])
def test_a_review_has_a_name_and_a_day(abhyanga: Therapy, review: dict[str, Any]) -> None:
    refused("therapy_text_reviewed_by_and_on", TherapyText, therapy=abhyanga, language="en", **review)
    TherapyText.objects.create(therapy=abhyanga, language="en", reviewed_by="Dr Asha", reviewed_on=DAY)


def test_a_price_is_there_once_a_clinic(abhyanga: Therapy, clinic: Clinic) -> None:
    Price.objects.create(therapy=abhyanga, clinic=clinic, text="₹ 1")

    refused("price_once_a_clinic", Price, therapy=abhyanga, clinic=clinic, text="₹ 2")


def test_a_variant_is_there_once(variant: Variant) -> None:
    refused("variant_once", Variant, therapy=variant.therapy, code="default")


def test_a_therapy_has_one_usual_variant(variant: Variant) -> None:
    refused("variant_one_default", Variant, therapy=variant.therapy, code="other", is_default=True)
    Variant.objects.create(therapy=variant.therapy, code="other")


@pytest.mark.parametrize("window", [(600, 540), (600, None), (None, 600)])
def test_a_window_has_two_ends_in_order(variant: Variant, window: tuple[int | None, int | None]) -> None:
    fields = {"therapy": variant.therapy, "code": "other", "window_from": window[0], "window_to": window[1]}

    refused("variant_window_in_order", Variant, **fields)


def test_a_variant_stands_in_for_another(variant: Variant) -> None:
    refused("variant_stands_in_for_another", Variant, therapy=variant.therapy, code="by_one", smaller_crew_of="by_one")


def test_a_step_is_there_once(step: Step) -> None:
    refused("step_once", Step, variant=step.variant, code="hands_on", name="Again", offset=45, minutes=15)


@pytest.mark.parametrize("minutes", [0, 7, 725])
def test_the_minutes_of_a_step_are_on_marks(variant: Variant, minutes: int) -> None:
    refused("step_minutes_on_marks", Step, variant=variant, code="new", name="New", offset=0, minutes=minutes)


@pytest.mark.parametrize("offset", [-245, 3, 725])
def test_the_beginning_of_a_step_is_on_marks(variant: Variant, offset: int) -> None:
    refused("step_offset_on_marks", Step, variant=variant, code="new", name="New", offset=offset, minutes=5)


def test_a_set_up_of_four_hours_is_taken(variant: Variant) -> None:
    Step.objects.create(variant=variant, code="setup", name="Set-up", offset=-240, minutes=240)


def test_a_role_is_there_once_a_step(step: Step) -> None:
    StepCrew.objects.create(step=step, role="therapist")

    refused("step_crew_once", StepCrew, step=step, role="therapist")


@pytest.mark.parametrize("counts", [(0, 0), (1, 0), (1, 2), (10, 1)])
def test_a_crew_has_between_one_and_nine(step: Step, counts: tuple[int, int]) -> None:
    refused("step_crew_counts", StepCrew, step=step, role="nurse", count=counts[0], minimum=counts[1])


def test_the_presence_of_a_crew_is_known(step: Step) -> None:
    refused("step_crew_presence_known", StepCrew, step=step, role="nurse", presence="by phone")


@pytest.fixture
def fever(db: None) -> Term:
    return Term.objects.create(code="fever", group="systemic", labels={"en": "fever"})


def test_a_contraindication_is_there_once(abhyanga: Therapy, fever: Term) -> None:
    Contraindication.objects.create(therapy=abhyanga, term=fever, level="defer")

    refused("contraindication_once", Contraindication, therapy=abhyanga, term=fever, level="absolute")


def test_the_level_of_a_contraindication_is_known(abhyanga: Therapy, fever: Term) -> None:
    refused("contraindication_level_known", Contraindication, therapy=abhyanga, term=fever, level="maybe")


def test_a_term_in_use_stays(abhyanga: Therapy, fever: Term) -> None:
    Contraindication.objects.create(therapy=abhyanga, term=fever, level="defer")

    with pytest.raises(models.ProtectedError):
        fever.delete()


def test_one_qualification_has_no_two_spans_of_one_day(latha: Practitioner, abhyanga: Therapy) -> None:
    Qualification.objects.create(practitioner=latha, therapy=abhyanga, starts_on=DAY)

    for starts_on in (DAY, LATER):
        refused("qualification_apart", Qualification, practitioner=latha, therapy=abhyanga, starts_on=starts_on)


def test_a_qualification_ends_after_it_began(latha: Practitioner, abhyanga: Therapy) -> None:
    fields = {"practitioner": latha, "therapy": abhyanga, "starts_on": DAY}

    refused("qualification_ends_after_start", Qualification, **fields, ends_on=DAY)
    Qualification.objects.create(**fields, ends_on=LATER)


def hours(practitioner: Practitioner, clinic: Clinic, start: str, end: str, **fields: Any) -> dict[str, Any]:
    said = {
        "practitioner": practitioner,
        "clinic": clinic,
        "weekday": 0,
        "from_minute": factories.minute(start),
        "to_minute": factories.minute(end),
        "valid_from": DAY,
    }
    return said | fields


@pytest.mark.parametrize(
    ("start", "end"), [("10:00", "10:00"), ("12:00", "10:00"), ("10:02", "12:00"), ("23:00", "24:05")]
)
def test_working_hours_lie_in_a_day_on_marks(latha: Practitioner, clinic: Clinic, start: str, end: str) -> None:
    refused("working_hours_in_day", WorkingHours, **hours(latha, clinic, start, end))


def test_working_hours_may_end_at_midnight(latha: Practitioner, clinic: Clinic) -> None:
    WorkingHours.objects.create(**hours(latha, clinic, "20:00", "24:00"))


def test_a_week_has_seven_days(latha: Practitioner, clinic: Clinic) -> None:
    refused("working_hours_weekday", WorkingHours, **hours(latha, clinic, "10:00", "12:00", weekday=7))


def test_working_hours_end_after_they_began(latha: Practitioner, clinic: Clinic) -> None:
    refused("working_hours_validity", WorkingHours, **hours(latha, clinic, "10:00", "12:00", valid_until=DAY))


def test_working_hours_of_one_person_lie_apart(latha: Practitioner, clinic: Clinic) -> None:
    WorkingHours.objects.create(**hours(latha, clinic, "08:00", "12:00", valid_until=LATER))

    refused("working_hours_apart", WorkingHours, **hours(latha, clinic, "11:55", "14:00"))
    WorkingHours.objects.create(**hours(latha, clinic, "12:00", "14:00"))
    WorkingHours.objects.create(**hours(latha, clinic, "08:00", "12:00", valid_from=LATER))
    WorkingHours.objects.create(**hours(latha, clinic, "08:00", "12:00", weekday=1))


def test_between_two_clinics_there_is_time_for_the_way(latha: Practitioner, clinic: Clinic) -> None:
    other = factories.make_clinic("elsewhere")
    WorkingHours.objects.create(**hours(latha, clinic, "08:00", "12:00"))

    refused("working_hours_travel", WorkingHours, **hours(latha, other, "12:25", "16:00"))
    WorkingHours.objects.create(**hours(latha, other, "12:30", "16:00"))
