"""Writing an examination and an order down, signing both at once, and what may no longer be changed."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError

from bookings.actions.assessments import SuitedFor, UnknownFact, assess, discard, new_version
from bookings.actions.prescriptions import end_prescription, prescribe
from bookings.actions.signing import Cleared, sign
from bookings.errors import PolicyRefused
from bookings.facts.record import record_fingerprint
from bookings.models import Assessment, Booking, Clearance, History, Prescription, PrescriptionItem, Suitability
from bookings.rules.prescriptions import course_limits
from clinic.people.models import Patient, User
from clinic.premises.models import Clinic
from tests import factories
from tests.bookings.clinical import (
    item,
    make_assessment,
    make_prescription,
    make_rules,
    make_therapy,
)
from tests.questions import make_question
from tests.shipped import load_shipped
from therapies.models import Question, Rule, Variant

pytestmark = pytest.mark.django_db

TODAY = factories.NOW.date()
LAST_DAY = TODAY + dt.timedelta(days=90)


@pytest.fixture(autouse=True)
def _rules(db: None) -> None:
    make_rules()


@pytest.fixture
def kati_basti() -> Variant:
    return make_therapy("kati_basti")


@pytest.fixture
def colleague(clinic: Clinic) -> User:
    return factories.make_member(clinic, "vaidya")


@pytest.fixture
def examination(patient: Patient, clinic: Clinic, vaidya_user: User, now: dt.datetime) -> Assessment:
    """A draft with enough in it to be signed."""
    said = {"complaint": "Stiff back", "examination": {"sparshana": "Tense beside the spine"}, "pain": 6}
    return assess(patient=patient, clinic=clinic, by=vaidya_user, now=now, **said)  # type: ignore[arg-type]


def order(assessment: Assessment, *items: Any, now: dt.datetime = factories.NOW, **said: Any) -> Prescription:
    usual = {"clinic": assessment.clinic, "valid_until": LAST_DAY, "by": assessment.by}
    return prescribe(assessment=assessment, items=items, now=now, **(usual | said))


def signed(
    assessment: Assessment, prescription: Prescription | None = None, *clearing: Cleared, by: User | None = None
) -> Assessment:
    return sign(
        assessment=assessment, prescription=prescription, clearing=clearing, by=by or assessment.by, now=factories.NOW
    )


def refused(act: Any) -> str:
    with pytest.raises(PolicyRefused) as refusal:
        act()
    return refusal.value.reason


# --- the examination --------------------------------------------------------------------------------------------------


def test_examination_is_a_draft_of_its_author(examination: Assessment, vaidya_user: User, now: dt.datetime) -> None:
    row = Assessment.objects.get()

    assert (row.by, row.made_at, row.version, row.is_signed) == (vaidya_user, now, 1, False)
    assert (row.complaint, row.pain, row.examination) == ("Stiff back", 6, {"sparshana": "Tense beside the spine"})


def test_change_keeps_what_is_not_said(examination: Assessment, vaidya_user: User, now: dt.datetime) -> None:
    later = now + dt.timedelta(hours=1)
    assess(
        patient=examination.patient,
        clinic=examination.clinic,
        by=vaidya_user,
        now=later,
        assessment=examination,
        pain=4,
    )

    row = Assessment.objects.get()
    assert (row.complaint, row.pain, row.made_at) == ("Stiff back", 4, now)


@pytest.mark.parametrize(
    "facts",
    [
        {"pain": 11},
        {"prakriti": "lazy"},
        {"diagnosis_code": "drop table;"},
        {"diagnosis_code": "A" * 21},
        {"examination": {"horoscope": "fine"}},
        {"examination": {"nadi": 72}},
        {"examination": ["nadi"]},
    ],
)
def test_facts_out_of_shape_are_refused(
    facts: dict[str, Any], patient: Patient, clinic: Clinic, vaidya_user: User, now: dt.datetime
) -> None:
    assert refused(lambda: assess(patient=patient, clinic=clinic, by=vaidya_user, now=now, **facts))

    assert Assessment.objects.count() == 0


@pytest.mark.parametrize("code", ["AAC-20", "SP41(AAC-20)", "EC-3.1", ""])
def test_namaste_codes_of_the_right_shape_are_kept(
    code: str, patient: Patient, clinic: Clinic, vaidya_user: User, now: dt.datetime
) -> None:
    assert assess(patient=patient, clinic=clinic, by=vaidya_user, now=now, diagnosis_code=code).diagnosis_code == code


def test_unknown_fact_is_a_mistake_of_the_caller(
    patient: Patient, clinic: Clinic, vaidya_user: User, now: dt.datetime
) -> None:
    with pytest.raises(UnknownFact, match="signed_at"):
        assess(patient=patient, clinic=clinic, by=vaidya_user, now=now, signed_at=now)  # type: ignore[call-arg]


@pytest.mark.parametrize("role", ["therapist", "front_desk", "manager", "nurse"])
def test_only_a_vaidya_examines(role: str, patient: Patient, clinic: Clinic, now: dt.datetime) -> None:
    other = factories.make_member(clinic, role)

    assert refused(lambda: assess(patient=patient, clinic=clinic, by=other, now=now)) == "Only a Vaidya can do this."


def test_visit_of_somebody_else_is_refused(
    patient: Patient, clinic: Clinic, vaidya_user: User, now: dt.datetime
) -> None:
    variant = factories.make_consultation()
    theirs = factories.make_visit(clinic=clinic, variant=variant, start=now, patient=factories.make_patient("Arun"))

    assert refused(lambda: assess(patient=patient, clinic=clinic, by=vaidya_user, now=now, visit=theirs))


def test_suitability_is_kept_and_replaced(
    examination: Assessment, kati_basti: Variant, vaidya_user: User, now: dt.datetime
) -> None:
    for level, reason in [("not_suited", "Open skin"), ("suited", "")]:
        assess(
            patient=examination.patient,
            clinic=examination.clinic,
            by=vaidya_user,
            now=now,
            assessment=examination,
            suited=[SuitedFor(kati_basti.therapy, level, reason)],
        )

    assert list(Suitability.objects.values_list("level", "reason")) == [("suited", "")]


def test_suitability_without_a_reason_is_refused(
    examination: Assessment, kati_basti: Variant, vaidya_user: User, now: dt.datetime
) -> None:
    act = lambda: assess(  # noqa: E731
        patient=examination.patient,
        clinic=examination.clinic,
        by=vaidya_user,
        now=now,
        assessment=examination,
        suited=[SuitedFor(kati_basti.therapy, "not_suited", " ")],
    )

    assert refused(act) == "Please give a reason."


# --- the order --------------------------------------------------------------------------------------------------------


def test_prescription_is_a_draft_with_items_in_order(
    examination: Assessment, kati_basti: Variant, vaidya_user: User
) -> None:
    steam = make_therapy("nadi_sweda")

    found = order(examination, item(steam, 5), item(kati_basti, 7), advice="Rest")

    assert (found.version, found.is_signed, found.valid_until) == (1, False, LAST_DAY)
    assert list(found.items.values_list("variant", "sessions", "position")) == [
        (steam.pk, 5, 0),
        (kati_basti.pk, 7, 1),
    ]


def test_change_replaces_the_items(examination: Assessment, kati_basti: Variant) -> None:
    draft = order(examination, item(kati_basti, 7))

    order(examination, item(kati_basti, 3), prescription=draft)

    assert list(PrescriptionItem.objects.values_list("prescription", "sessions")) == [(draft.pk, 3)]


@pytest.mark.parametrize(
    ("therapy", "asked", "reason"),
    [
        ({"is_active": False}, {}, "This therapy is no longer offered."),
        ({"needs": "nothing"}, {}, "This treatment does not need a prescription."),
        ({"booking_mode": "none"}, {}, "This is done at home. Please add it to the advice for home."),
        ({"minimum_age": 40}, {}, "This treatment is for patients aged 40 or over."),
        ({"maximum_age": 30}, {}, "This treatment is for patients up to the age of 30."),
        ({}, {"sessions": 0}, "Enter 1 to 60 sessions."),
        ({}, {"sessions": 61}, "Enter 1 to 60 sessions."),
        ({}, {"days_between": 0}, "Enter 1 to 60 days."),
        ({}, {"schedule": "yoga_basti"}, "This therapy does not have this schedule."),
        (
            {},
            {"sessions": 15},
            "A course has no more than 14 sessions. Please give a reason for this limit, or prescribe fewer sessions.",
        ),
        (
            {"groups": ["massage_family"]},
            {"sessions": 4},
            (
                "That is 4 sessions within 7 days. The limit is 3. "
                "Please give a reason for this limit, or prescribe fewer sessions."
            ),
        ),
    ],
)
def test_order_that_may_not_be_is_refused(
    therapy: dict[str, Any], asked: dict[str, Any], reason: str, examination: Assessment
) -> None:
    variant = make_therapy("lepa", **therapy)

    said = refused(lambda: order(examination, item(variant, **({"sessions": 1} | asked))))

    assert said == f"Lepa: {reason}"
    assert Prescription.objects.count() == 0


def test_order_beyond_the_limits_needs_a_written_reason(examination: Assessment) -> None:
    massage = make_therapy("abhyanga", groups=["massage_family"])

    order(examination, item(massage, 7, lifted_limits={"fr_massage_cap": "Preparation for virechana"}))

    assert PrescriptionItem.objects.get().lifted == {"fr_massage_cap": "Preparation for virechana"}


@pytest.mark.parametrize(("days_between", "refusals"), [(2, 1), (3, 0)])
def test_massage_within_the_limit_needs_no_reason(days_between: int, refusals: int, examination: Assessment) -> None:
    """Every other day is a fourth massage within seven days; every third day is not."""
    massage = make_therapy("abhyanga", groups=["massage_family"])
    act = lambda: order(examination, item(massage, 6, days_between=days_between))  # noqa: E731

    assert (refused(act) if refusals else act()) is not None
    assert Prescription.objects.count() == 1 - refusals


@pytest.mark.parametrize(("days_between", "is_refused"), [(6, True), (7, False)])
def test_sessions_that_must_lie_apart(days_between: int, is_refused: bool, examination: Assessment) -> None:
    leeches = make_therapy("raktamokshana")
    act = lambda: order(examination, item(leeches, 2, days_between=days_between))  # noqa: E731

    if is_refused:
        assert refused(act).startswith(
            "Raktamokshana: There must be at least 7 days between two sessions of this treatment."
        )
    else:
        assert act().items.count() == 1


def test_no_written_reason_lifts_a_rule_that_booking_holds_all_the_same(examination: Assessment) -> None:
    """Only a rule that says so is lifted by a signed order: else the order could be signed and never be booked."""
    leeches = make_therapy("raktamokshana")

    lifted = {"gap_leech_sittings": "Bad eczema"}
    near, lifting = (
        refused(lambda more=more: order(examination, item(leeches, 2, days_between=6, **more)))
        for more in ({}, {"lifted_limits": lifted})
    )

    assert near == (
        "Raktamokshana: There must be at least 7 days between two sessions of this "
        "treatment. This limit cannot be overridden. Please prescribe fewer sessions, or "
        "more days between them."
    )
    assert lifting == "Raktamokshana: Nobody may lift this limit."
    assert Prescription.objects.count() == 0


LEECHES = {"gap_leech_sittings": "Bad eczema"}


def test_rule_of_days_that_may_be_lifted_is_lifted_by_a_written_reason(examination: Assessment) -> None:
    rule = Rule.objects.get(code="gap_leech_sittings")
    rule.data["lifted_by"] = "vaidya"
    rule.save()

    order(examination, item(make_therapy("raktamokshana"), 2, days_between=6, lifted_limits=LEECHES))

    assert PrescriptionItem.objects.get().lifted == LEECHES


def test_reason_for_one_limit_lifts_no_other(examination: Assessment) -> None:
    """One typed reason lifted the cap of massages and the age at once."""
    massage = make_therapy("abhyanga", groups=["massage_family"], minimum_age=60, age_is_absolute=False)
    cap, age = {"fr_massage_cap": "Preparation for virechana"}, {"age_limit": "Strong for her age"}

    asked = [
        refused(lambda lifted=lifted: order(examination, item(massage, 7, lifted_limits=lifted)))
        for lifted in (cap, age)
    ]
    order(examination, item(massage, 7, lifted_limits=cap | age))

    assert [words.split(".")[0] for words in asked] == [
        "Abhyanga: This treatment is for patients aged 60 or over",
        "Abhyanga: That is 7 sessions within 7 days",
    ]
    assert PrescriptionItem.objects.get().lifted == cap | age


def test_absolute_age_is_lifted_by_nobody(examination: Assessment) -> None:
    massage = make_therapy("abhyanga", minimum_age=60, age_is_absolute=True)

    said = refused(lambda: order(examination, item(massage, 1, lifted_limits={"age_limit": "Strong for her age"})))

    assert said == "Abhyanga: Nobody may lift the age limits of this treatment."


@pytest.mark.parametrize(("sessions", "is_refused"), [(8, False), (7, True)])
def test_schedule_has_its_own_number_of_sessions(sessions: int, is_refused: bool, examination: Assessment) -> None:
    course = {"sessions_default": 8, "sessions_max": 30, "schedules": ["yoga_basti"]}
    basti = make_therapy("basti", facts={"course": course})
    act = lambda: order(examination, item(basti, sessions, schedule="yoga_basti"))  # noqa: E731

    if is_refused:
        assert refused(act) == "Basti: This schedule has 8 sessions."
    else:
        assert act().items.get().schedule == "yoga_basti"


def test_therapy_that_does_not_suit_is_refused(
    examination: Assessment, kati_basti: Variant, vaidya_user: User, now: dt.datetime
) -> None:
    assess(
        patient=examination.patient,
        clinic=examination.clinic,
        by=vaidya_user,
        now=now,
        assessment=examination,
        suited=[SuitedFor(kati_basti.therapy, "not_suited", "Open skin")],
    )

    said = refused(lambda: order(examination, item(kati_basti)))

    assert said == "Kati_Basti: According to the examination, this treatment is not suitable for the patient."


@pytest.mark.parametrize(
    ("valid_until", "reason"),
    [
        (TODAY - dt.timedelta(days=1), "The last day must not be in the past."),
        (LAST_DAY + dt.timedelta(days=1), "The examination is valid until 31 May 2026."),
    ],
)
def test_last_day_out_of_bounds_is_refused(
    valid_until: dt.date, reason: str, examination: Assessment, kati_basti: Variant
) -> None:
    assert refused(lambda: order(examination, item(kati_basti), valid_until=valid_until)) == reason


@pytest.mark.parametrize("count", [0, 7])
def test_number_of_therapies_is_bounded(count: int, examination: Assessment) -> None:
    items = [item(make_therapy(f"therapy-{number}"), 1) for number in range(count)]

    assert refused(lambda: order(examination, *items)) == "A prescription has between 1 and 6 therapies."


def test_same_therapy_twice_is_refused(examination: Assessment, kati_basti: Variant) -> None:
    said = refused(lambda: order(examination, item(kati_basti), item(kati_basti, 3)))

    assert said == "Each therapy can appear only once in a prescription."


def test_rule_that_cannot_be_read_blocks_and_says_so(examination: Assessment, kati_basti: Variant) -> None:
    Rule.objects.filter(code="fr_assessment_validity").delete()

    said = refused(lambda: order(examination, item(kati_basti)))

    assert said == "The rule “fr_assessment_validity” cannot be read. Please tell the manager."


def test_order_on_a_colleagues_unsigned_examination_is_refused(
    examination: Assessment, kati_basti: Variant, colleague: User
) -> None:
    assert refused(lambda: order(examination, item(kati_basti), by=colleague)).startswith(
        "This examination is not signed yet."
    )


def test_covering_vaidya_prescribes_on_a_signed_examination(
    examination: Assessment, kati_basti: Variant, colleague: User, now: dt.datetime
) -> None:
    signed(examination)

    draft = order(examination, item(kati_basti), by=colleague)
    sign(assessment=examination, prescription=draft, clearing=[], by=colleague, now=now)

    assert (Assessment.objects.get().signed_by, Prescription.objects.get().signed_by) == (examination.by, colleague)


# --- the signature ----------------------------------------------------------------------------------------------------


def test_one_signature_signs_both(examination: Assessment, kati_basti: Variant, now: dt.datetime) -> None:
    draft = order(examination, item(kati_basti))

    signed(examination, draft)

    both = [Assessment.objects.get(), Prescription.objects.get()]
    assert [(row.signed_by, row.signed_at) for row in both] == [(examination.by, now)] * 2
    assert Prescription.objects.in_force(LAST_DAY).count() == 1
    assert Prescription.objects.in_force(LAST_DAY + dt.timedelta(days=1)).count() == 0


def test_signature_clears_what_was_found(examination: Assessment, kati_basti: Variant, now: dt.datetime) -> None:
    question = make_question("bp", "general", 1, asked_when=["booking"])
    draft = order(examination, item(kati_basti), valid_until=dt.date(2026, 3, 31))

    signed(examination, draft, Cleared(question.pk, "yes", "pills", ("kati_basti",), "Well controlled"))

    row = Clearance.objects.get()
    assert (row.question, row.value, row.text, row.therapies) == (question, "yes", "pills", ["kati_basti"])
    assert (row.allowed, row.reason, row.assessment, row.by, row.at) == (
        True,
        "Well controlled",
        examination,
        examination.by,
        now,
    )
    assert row.until == dt.datetime(2026, 3, 31, 18, 30, tzinfo=dt.UTC)  # midnight in Kolkata


def test_sign_that_sends_to_a_doctor_is_not_cleared_without_a_report(
    examination: Assessment, kati_basti: Variant
) -> None:
    question = make_question("numb", "red_flag", 1, effect="urgent_referral", urgency="same_day_doctor")
    draft, cleared = (
        order(examination, item(kati_basti)),
        Cleared(question.pk, "yes", "", ("kati_basti",), "Well again"),
    )

    said = refused(lambda: signed(examination, draft, cleared))
    assert said == "Treatment continues only after a medical report has been reviewed."
    assert (Assessment.objects.get().is_signed, Clearance.objects.count()) == (False, 0)
    signed(examination, draft, replace(cleared, report_seen=True))

    row = Clearance.objects.get()
    assert row.report_seen
    assert row.until == dt.datetime(2026, 3, 2, 18, 30, tzinfo=dt.UTC)  # a sign of the moment: that day only


def test_signed_examination_lifts_a_sign_that_asks_for_no_report(examination: Assessment, kati_basti: Variant) -> None:
    """Night pain, weight loss, steroids, cancer ever: the Vaidya's own examination with a reason."""
    question = make_question(
        "night", "red_flag", 1, effect="urgent_referral", urgency="within_days", asked_when=["booking"]
    )

    clearing = Cleared(question.pk, "yes", "", ("kati_basti",), "Looked at the back")
    signed(examination, order(examination, item(kati_basti)), clearing)

    assert not Clearance.objects.get().report_seen


def test_clearing_without_a_reason_signs_nothing(examination: Assessment) -> None:
    question = Question.objects.create(code="bp", group="general", answer_type="yes_no_unsure")

    said = refused(lambda: signed(examination, None, Cleared(question.pk, "yes", "", ("lepa",), "")))

    assert said == "Please give a reason."
    assert (Assessment.objects.get().is_signed, Clearance.objects.count()) == (False, 0)


def test_signing_twice_is_refused(examination: Assessment) -> None:
    signed(examination)

    assert refused(lambda: signed(examination)) == "This has already been signed."


def test_signing_somebody_elses_draft_is_refused(examination: Assessment, colleague: User) -> None:
    said = refused(lambda: signed(examination, by=colleague))

    assert said == "Only the author can change or sign a draft. Please create a new version."
    assert not Assessment.objects.get().is_signed


def test_therapist_signs_nothing(examination: Assessment, therapist_user: User) -> None:
    assert refused(lambda: signed(examination, by=therapist_user)) == "Only a Vaidya can do this."


def test_vaidya_who_left_signs_nothing(examination: Assessment, vaidya_user: User) -> None:
    vaidya_user.memberships.update(ends_on=TODAY)

    assert refused(lambda: signed(examination)) == "Only a Vaidya can do this."


@pytest.mark.parametrize("missing", [{"complaint": " "}, {"examination": {}}, {"examination": {"nadi": " "}}])
def test_empty_examination_is_not_signed(missing: dict[str, Any], examination: Assessment, now: dt.datetime) -> None:
    assess(
        patient=examination.patient,
        clinic=examination.clinic,
        by=examination.by,
        now=now,
        assessment=examination,
        **missing,
    )

    assert refused(lambda: signed(examination)).startswith("Before signing, please record the complaint")


def test_order_is_judged_again_when_it_is_signed(examination: Assessment, kati_basti: Variant) -> None:
    draft = order(examination, item(kati_basti))
    kati_basti.therapy.is_active = False
    kati_basti.therapy.save()

    assert refused(lambda: signed(examination, draft)) == "Kati_Basti: This therapy is no longer offered."
    assert not Assessment.objects.get().is_signed


def test_what_was_changed_since_it_was_read_is_not_signed(
    examination: Assessment, kati_basti: Variant, now: dt.datetime
) -> None:
    draft = order(examination, item(kati_basti, 7))
    shown = record_fingerprint(examination, draft)
    order(examination, item(kati_basti, 9), prescription=draft)
    act = lambda shown: sign(  # noqa: E731
        assessment=examination, prescription=draft, clearing=[], by=examination.by, now=now, shown=shown
    )

    assert refused(lambda: act(shown)) == "This was changed after you opened it. Please read it again."
    act(record_fingerprint(Assessment.objects.get(), Prescription.objects.get()))
    assert Assessment.objects.get().is_signed


def test_order_of_another_examination_is_refused(
    examination: Assessment, kati_basti: Variant, patient: Patient, clinic: Clinic
) -> None:
    other = make_assessment(patient, clinic, examination.by, signed=False)
    draft = order(other, item(kati_basti))

    assert refused(lambda: signed(examination, draft)) == "This prescription is based on another examination."


def test_signing_is_in_the_visits_history_by_ids_only(
    patient: Patient, clinic: Clinic, vaidya_user: User, now: dt.datetime
) -> None:
    visit = factories.make_visit(clinic=clinic, variant=factories.make_consultation(), start=now, patient=patient)
    said = {"complaint": "CANARY", "examination": {"nadi": "CANARY"}, "diagnosis": "CANARY"}
    draft = assess(patient=patient, clinic=clinic, by=vaidya_user, now=now, visit=visit, **said)  # type: ignore[arg-type]

    signed(draft)

    assert list(History.objects.order_by("verb").values_list("visit", "verb", "detail")) == [
        (visit.pk, "complete", {}),
        (visit.pk, "sign_record", {"assessment": draft.pk, "prescription": None}),
    ]


# --- sealed -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def sealed(patient: Patient, clinic: Clinic, vaidya_user: User, kati_basti: Variant) -> Prescription:
    """A signed order on a signed examination, with what it found for one therapy."""
    examination = make_assessment(patient, clinic, vaidya_user, signed=False)
    Suitability.objects.create(assessment=examination, therapy=kati_basti.therapy, level="suited")
    order = make_prescription(examination, kati_basti)
    Assessment.objects.update(signed_by=vaidya_user, signed_at=factories.NOW)
    return order


@pytest.mark.parametrize("model", [Assessment, Suitability, Prescription, PrescriptionItem])
@pytest.mark.parametrize("act", ["UPDATE {} SET id = id", "DELETE FROM {}"])
def test_what_is_signed_is_sealed(model: Any, act: str, sealed: Prescription) -> None:
    before = list(model.objects.values())

    with (
        pytest.raises(ProgrammingError, match="pgtrigger: Cannot"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(act.format(model._meta.db_table))

    assert list(model.objects.values()) == before


def test_nothing_is_added_to_what_is_signed(sealed: Prescription) -> None:
    other = make_therapy("lepa")

    for add in (
        lambda: Suitability.objects.create(assessment=sealed.assessment, therapy=other.therapy, level="suited"),
        lambda: PrescriptionItem.objects.create(prescription=sealed, variant=other),
    ):
        with pytest.raises(ProgrammingError, match="Cannot change a part of a signed row"), transaction.atomic():
            add()


def test_signature_cannot_be_taken_back(sealed: Prescription) -> None:
    with pytest.raises(ProgrammingError, match="Cannot update or delete"), transaction.atomic():
        Assessment.objects.update(signed_by=None, signed_at=None)


def test_verbs_change_nothing_that_is_signed(sealed: Prescription, kati_basti: Variant, now: dt.datetime) -> None:
    examination = sealed.assessment
    acts = [
        lambda: assess(
            patient=examination.patient, clinic=examination.clinic, by=examination.by, now=now, assessment=examination
        ),
        lambda: order(examination, item(kati_basti), prescription=sealed),
    ]

    assert [refused(act) for act in acts] == ["This is already signed. Please create a new version."] * 2
    assert [
        refused(lambda row=row: discard(draft=row, by=examination.by, now=now)) for row in (examination, sealed)
    ] == ["Signed records cannot be deleted."] * 2


# --- new versions -----------------------------------------------------------------------------------------------------


def test_new_version_is_a_draft_with_the_old_words(sealed: Prescription, colleague: User, now: dt.datetime) -> None:
    old = sealed.assessment

    new = new_version(assessment=old, by=colleague, now=now)

    assert (new.version, new.replaces, new.by, new.is_signed) == (2, old, colleague, False)
    assert (new.complaint, new.examination) == (old.complaint, old.examination)
    assert list(new.suitabilities.values_list("level", flat=True)) == ["suited"]
    assert list(Assessment.objects.signed()) == [old]


def test_new_version_stands_once_it_is_signed(sealed: Prescription, colleague: User, now: dt.datetime) -> None:
    new = new_version(assessment=sealed.assessment, by=colleague, now=now)
    signed(new, by=colleague)

    assert list(Assessment.objects.signed()) == [new]
    assert refused(lambda: new_version(assessment=sealed.assessment, by=colleague, now=now)) == (
        "There is a newer version of this."
    )


def test_new_version_again_is_the_same_draft(sealed: Prescription, colleague: User, now: dt.datetime) -> None:
    first, second = (new_version(assessment=sealed.assessment, by=colleague, now=now) for _time in range(2))

    assert first == second


def test_new_version_waits_for_a_colleagues(
    sealed: Prescription, colleague: User, vaidya_user: User, now: dt.datetime
) -> None:
    new_version(assessment=sealed.assessment, by=colleague, now=now)
    act = lambda: new_version(assessment=sealed.assessment, by=vaidya_user, now=now)  # noqa: E731

    assert refused(act) == f"{colleague} is writing a new version of this. It must be signed or discarded first."
    discard(draft=Assessment.objects.get(version=2), by=vaidya_user, now=now)
    assert act().by == vaidya_user


def test_new_version_of_a_colleagues_draft_takes_it_over(
    examination: Assessment, colleague: User, vaidya_user: User, now: dt.datetime
) -> None:
    new = new_version(assessment=examination, by=colleague, now=now)

    assert list(Assessment.objects.unsigned()) == [new]
    assert refused(lambda: signed(examination)) == "There is a newer version of this."
    assert refused(lambda: new_version(assessment=examination, by=vaidya_user, now=now))
    signed(new)
    assert list(Assessment.objects.signed()) == [new]


def test_examination_holds_for_ninety_days_of_its_clinics_calendar(sealed: Prescription) -> None:
    days = [
        on
        for on in (TODAY - dt.timedelta(1), TODAY, LAST_DAY, LAST_DAY + dt.timedelta(1))
        if Assessment.objects.valid_on(on, 90).exists()
    ]

    assert days == [TODAY, LAST_DAY]


def test_new_order_takes_the_place_of_the_old_once_signed(
    sealed: Prescription, kati_basti: Variant, colleague: User, now: dt.datetime
) -> None:
    draft = order(sealed.assessment, item(kati_basti, 3), by=colleague, replaces=sealed)
    assert (draft.version, list(Prescription.objects.in_force(TODAY))) == (2, [sealed])

    sign(assessment=sealed.assessment, prescription=draft, clearing=[], by=colleague, now=now)

    assert list(Prescription.objects.in_force(TODAY)) == [draft]


def test_booked_sessions_follow_the_new_order(
    sealed: Prescription, kati_basti: Variant, clinic: Clinic, patient: Patient, now: dt.datetime
) -> None:
    old = sealed.items.get()
    for day, status in enumerate(["completed", "booked", "booked", "booked", "cancelled"]):
        said = {"ended_by": "patient"} if status == "cancelled" else {}
        start = now + dt.timedelta(days=day)
        factories.make_visit(
            clinic=clinic, variant=kati_basti, start=start, patient=patient, status=status, item=old, **said
        )
    draft = order(sealed.assessment, item(kati_basti, 2), replaces=sealed)

    sign(assessment=sealed.assessment, prescription=draft, clearing=[], by=sealed.by, now=now)

    new = draft.items.get()
    assert list(Booking.objects.order_by("starts_at").values_list("status", "item")) == [
        ("completed", old.pk),
        ("booked", new.pk),
        ("booked", new.pk),
        ("booked", old.pk),  # one more than the new order has
        ("cancelled", old.pk),
    ]
    assert list(History.objects.values_list("verb", "detail")) == [("prescribe_anew", {"item": new.pk})] * 2


def test_second_new_order_waits_for_the_first(
    sealed: Prescription, kati_basti: Variant, colleague: User, vaidya_user: User
) -> None:
    order(sealed.assessment, item(kati_basti), by=colleague, replaces=sealed)

    said = refused(lambda: order(sealed.assessment, item(kati_basti), by=vaidya_user, replaces=sealed))

    assert said == f"{colleague} is writing a new version of this. It must be signed or discarded first."


def test_order_of_another_patient_is_not_replaced(
    sealed: Prescription, kati_basti: Variant, clinic: Clinic, vaidya_user: User
) -> None:
    theirs = make_assessment(factories.make_patient("Arun", clinics=[clinic]), clinic, vaidya_user)

    assert refused(lambda: order(theirs, item(kati_basti), replaces=sealed))


# --- discarding and ending --------------------------------------------------------------------------------------------


def test_own_draft_is_discarded_order_first(examination: Assessment, kati_basti: Variant, now: dt.datetime) -> None:
    draft = order(examination, item(kati_basti))
    assert refused(lambda: discard(draft=examination, by=examination.by, now=now)) == (
        "A prescription is based on this. Please discard the prescription first."
    )

    for row in (draft, examination):
        discard(draft=row, by=examination.by, now=now)

    assert (Assessment.objects.count(), Prescription.objects.count()) == (0, 0)


def test_colleagues_first_draft_is_not_discarded(examination: Assessment, colleague: User, now: dt.datetime) -> None:
    assert refused(lambda: discard(draft=examination, by=colleague, now=now)) == "Only the author can discard a draft."


def test_end_is_written_once_with_a_reason(sealed: Prescription, colleague: User, now: dt.datetime) -> None:
    end = lambda reason: end_prescription(prescription=sealed, reason=reason, by=colleague, now=now)  # noqa: E731
    assert refused(lambda: end(" ")) == "Please give a reason."

    end("Fever since today")

    assert (sealed.end.by, sealed.end.at, sealed.end.reason) == (colleague, now, "Fever since today")
    assert Prescription.objects.in_force(TODAY).count() == 0
    assert refused(lambda: end("Ended again")) == "This prescription has already ended."


def test_draft_is_not_ended(examination: Assessment, kati_basti: Variant, now: dt.datetime) -> None:
    draft = order(examination, item(kati_basti))

    said = refused(lambda: end_prescription(prescription=draft, reason="Fever since today", by=examination.by, now=now))

    assert said == "This is not signed yet. Please discard the draft instead."


# --- the shipped rules ------------------------------------------------------------------------------------------------


def test_shipped_rules_say_which_of_them_a_written_reason_lifts() -> None:
    Rule.objects.all().delete()
    load_shipped()

    bound = course_limits()

    often = {(*sorted(names), most, days): bound.may_lift(code) for names, most, days, code in bound.often}
    assert often[("massage_family", 3, 7)] is True
    assert [bound.may_lift(code) for names, _days, code in bound.apart if "raktamokshana" in names] == [False]
    offered = [code for code, _words in bound.offered]
    assert offered[:3] == ["age_limit", "course_length", "fr_massage_cap"]
    assert "gap_leech_sittings" not in offered
