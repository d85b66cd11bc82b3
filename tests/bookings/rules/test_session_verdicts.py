"""One verdict on a session: what refuses it, who decides on it, what is due, and the order that it fulfils."""

import datetime as dt
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from bookings.facts.orders import OrderProgress
from bookings.facts.patient import facts_for_variants, patient_facts_of
from bookings.models import Booking, Prescription, PrescriptionItem, ScreeningState, Visit
from bookings.rules.session_verdicts import (
    HealthVerdict,
    Objection,
    ObjectionKind,
    SessionRule,
    SessionVerdict,
    VisitVerdict,
    request_limit,
    session_verdict,
    visit_verdict,
)
from clinic.people.models import Patient
from clinic.premises.models import Clinic
from tests import factories
from tests.factories import NOW
from tests.shipped import load_shipped
from therapies.models import Needs, Rule, Therapy, Variant

KOLKATA = ZoneInfo("Asia/Kolkata")
TODAY = dt.date(2026, 3, 2)
A_DAY = dt.timedelta(days=1)
NOTHING_ASKED = HealthVerdict(None, facts_for_variants([], Patient(), now=NOW), TODAY, KOLKATA)
WAITS = Objection(SessionRule.HEALTH, ObjectionKind.ASKS_VAIDYA)
ASKS = Objection(SessionRule.APPROVAL, ObjectionKind.ASKS_CLINIC)
GAP = Objection(SessionRule.ORDER, ObjectionKind.REFUSED, "later", another_day=True)
NEVER = Objection(SessionRule.SUSPENSION, ObjectionKind.REFUSED, "paused")


def session_with(*objections: Objection) -> SessionVerdict:
    return SessionVerdict(Variant(), objections, NOTHING_ASKED)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, ""),
        ({"minimum_age": 37}, ""),
        ({"minimum_age": 38}, "This treatment is for patients aged 38 or over."),
        ({"maximum_age": 37}, ""),
        ({"maximum_age": 36}, "This treatment is for patients up to the age of 36."),
        ({"same_gender": True}, "First choose whether a woman or a man may treat the patient."),
    ],
)
def test_verdict_on_a_consultation_asks_age_and_gender(fields: dict[str, object], expected: str) -> None:
    """A patient who is 37 on the day and was not asked whom they accept. Nothing is read for it."""
    patient, variant = Patient(birth_date=dt.date(1989, 3, 3)), Variant(therapy=Therapy(**fields))
    patient_facts = facts_for_variants([variant], patient, now=NOW)

    verdict = visit_verdict([variant], patient_facts, on=dt.date(2026, 3, 3), zone=KOLKATA)

    assert verdict.why_not == expected
    assert verdict.sessions[0].health.screening == ScreeningState.NOT_NEEDED


@pytest.mark.parametrize(
    ("objections", "why_not", "why_never"),
    [((), "", ""), ((GAP,), "later", ""), ((GAP, NEVER), "later", "paused"), ((WAITS,), "", ""), ((ASKS,), "", "")],
)
def test_refusal_of_a_day_does_not_refuse_every_day(
    objections: tuple[Objection, ...], why_not: str, why_never: str
) -> None:
    verdict = VisitVerdict((session_with(), session_with(*objections)), NOW)

    assert (verdict.why_not, verdict.why_never) == (why_not, why_never)


@pytest.mark.parametrize(
    ("objections", "asks_clinic", "decided_by"),
    [((), False, ""), ((), True, "clinic"), ((ASKS,), False, "clinic"), ((WAITS,), False, "vaidya"),
     ((WAITS,), True, "vaidya"), ((WAITS, ASKS), False, "vaidya"), ((NEVER,), False, "")],
)  # fmt: skip
def test_vaidya_decides_before_the_clinic(
    objections: tuple[Objection, ...], asks_clinic: bool, decided_by: str
) -> None:
    verdict = VisitVerdict((session_with(*objections), session_with()), NOW, asks_clinic)

    assert verdict.decided_by == decided_by


def test_request_is_limited_by_a_day_and_by_the_clinics_lead_time() -> None:
    """A clinic that is closed when the day is over has two hours after it opens."""
    visit = Visit(clinic=Clinic(lead_minutes=120))
    cases = [((), A_DAY, 0), ((ASKS,), A_DAY * 3, 0), ((ASKS,), A_DAY / 2, 0), ((ASKS,), A_DAY * 3, 5)]
    limits = [
        request_limit(
            VisitVerdict((session_with(*objections),), NOW),
            Booking(visit=visit, starts_at=NOW + apart),
            opens=lambda _clinic, *, now, closed=closed: now + dt.timedelta(hours=closed),
        )
        for objections, apart, closed in cases
    ]

    assert limits == [None, NOW + A_DAY, NOW + A_DAY / 2 - dt.timedelta(hours=2), NOW + A_DAY + dt.timedelta(hours=7)]


@pytest.mark.django_db
def test_one_verdict_names_refusals_in_turn_what_is_due_and_the_order(clinic: Clinic, patient: Patient) -> None:
    load_shipped()
    variant = Variant.objects.select_related("therapy").get(therapy__code="kati_basti")
    item = PrescriptionItem(
        variant=variant, sessions=7, days_between=3, prescription=Prescription(valid_until=TODAY + 30 * A_DAY)
    )
    order = OrderProgress(item, (TODAY,))
    suspended = replace(patient_facts_of(patient, now=NOW), ordered=(order,), suspended=frozenset({"all"}))

    verdict = session_verdict(variant, suspended, on=TODAY + A_DAY, zone=KOLKATA)

    assert [(row.rule, row.kind, row.another_day) for row in verdict.objections[:2]] == [
        (SessionRule.SUSPENSION, ObjectionKind.REFUSED, False), (SessionRule.ORDER, ObjectionKind.REFUSED, True),
    ]  # fmt: skip
    assert verdict.order is order
    assert verdict.health.due == verdict.health.due_before_booking
    assert verdict.health.screening == ScreeningState.DUE


@pytest.mark.django_db
def test_catalogue_says_how_long_answers_count(clinic: Clinic, patient: Patient) -> None:
    load_shipped()
    variant = Variant.objects.select_related("therapy").get(therapy__code="kati_basti")
    factories.tell_all_is_well(patient, clinic, at=NOW - 20 * A_DAY)

    def due_and_refused() -> tuple[bool, str]:
        verdict = visit_verdict([variant], patient_facts_of(patient, now=NOW), on=TODAY + A_DAY, zone=KOLKATA)
        refused = [row.words for row in verdict.sessions[0].objections if row.rule is SessionRule.HEALTH]
        return verdict.has_questions, "".join(refused)

    seen = [due_and_refused()]
    for data in ({"full_questionnaire_days": 19}, {}):
        Rule.objects.filter(code="fr_screening_validity").update(data=data)
        seen.append(due_and_refused())

    unreadable = "The rule “fr_screening_validity” cannot be read. Please tell the manager."
    assert seen == [(False, ""), (True, ""), (True, unreadable)]


@pytest.mark.django_db
def test_catalogue_says_from_which_age_a_treatment_is_given(clinic: Clinic) -> None:
    load_shipped()
    variant = Variant.objects.select_related("therapy").filter(
        therapy__minimum_age=None, therapy__needs=Needs.PRESCRIPTION
    )[0]
    child = factories.make_patient("Anu", clinics=[clinic], birth_date=dt.date(2011, 1, 1))

    def refusal() -> str:
        verdict = session_verdict(variant, patient_facts_of(child, now=NOW), on=TODAY, zone=KOLKATA)
        return next((row.words for row in verdict.objections if row.rule is SessionRule.AGE), "")

    seen = [refusal()]
    for data in ({"value": 15}, {"value": "fifteen"}):
        Rule.objects.filter(code="df_minimum_age_years_default").update(data=data)
        seen.append(refusal())

    assert seen == [
        "This treatment is for patients aged 16 or over.", "",
        "The rule “df_minimum_age_years_default” cannot be read. Please tell the manager.",
    ]  # fmt: skip
