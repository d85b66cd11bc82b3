"""The front desk reads what to do for a patient, and nothing of why; who treats reads the alerts beside the name."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bookings.facts.record_access import access_of, patients_read_on_day
from bookings.models import Clearance, ScreeningState, Visit
from clinic.people.models import Patient, User
from clinic.premises.models import Clinic
from tests import factories
from tests.desk.conftest import Enter, MakeVisit, at
from tests.questions import make_question
from tests.shipped import CATALOGUE
from therapies.desk_flags import KIND
from therapies.models import Rule, Variant

CANARY = "Canarysong"
PAGES = ["day", "visit"]


@pytest.fixture(autouse=True)
def _flags(db: None) -> None:
    Rule.objects.bulk_create(
        Rule(code=rule.code, kind=rule.kind, data=rule.rule, sources=rule.sources)
        for rule in CATALOGUE.rules
        if rule.kind == KIND
    )


@pytest.fixture
def sung(clinic: Clinic, patient: Patient, vaidya_user: User, consultation: Variant, visit_at: MakeVisit) -> Visit:
    """A visit at 11:00 of somebody with a canary in everything that tells of health."""
    make_question(
        "gh_anaemia",
        "general",
        10,
        terms=["anaemia"],
        alert={"kind": "condition", "en": CANARY, "hi": CANARY},
        reason=CANARY,
    )
    allergy = make_question("gh_allergy", "general", 20, alert={"kind": "allergy", "en": CANARY, "hi": CANARY})
    type(allergy).objects.update(texts={"en": CANARY, "hi": CANARY})
    factories.tell(patient, clinic, gh_anaemia="yes", gh_allergy="yes")
    factories.make_assessment(patient, clinic, by=vaidya_user, diagnosis=CANARY, complaint=CANARY, note=CANARY)
    factories.make_order(patient, consultation, clinic=clinic, by=vaidya_user, note=CANARY, materials=CANARY)
    Clearance.objects.create(
        patient=patient,
        clinic=clinic,
        question=allergy,
        value="yes",
        text=CANARY,
        therapies=[consultation.therapy.code],
        allowed=True,
        reason=CANARY,
        until=at(18, day=30),
        by=vaidya_user,
        at=at(9),
    )
    return visit_at(at(11))


def address(page: str, visit: Visit) -> str:
    return reverse("desk:day") if page == "day" else reverse("desk:visit", args=[visit.public_id])


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("reader", ["front_desk", "manager"])
def test_front_desk_reads_what_to_do_and_nothing_of_why(
    enter: Enter, request: pytest.FixtureRequest, sung: Visit, page: str, reader: str
) -> None:
    content = enter(request.getfixturevalue(reader)).get(address(page, sung)).content.decode()

    assert "Offer a seat first" in content
    assert CANARY not in content


@pytest.mark.parametrize("page", PAGES)
def test_whoever_treats_reads_it_on_the_same_pages(enter: Enter, vaidya_user: User, sung: Visit, page: str) -> None:
    content = enter(vaidya_user).get(address(page, sung)).content.decode()

    assert CANARY in content


@pytest.mark.parametrize("day", [1, 2, 3, 4, 20])
def test_alerts_are_the_same_on_the_list_of_every_day(
    enter: Enter, vaidya_user: User, sung: Visit, visit_at: MakeVisit, day: int
) -> None:
    visit_at(at(15, day=day))

    page = enter(vaidya_user).get(f"/desk/?date=2026-03-{day:02}").content.decode()

    assert ("Meera" in page, CANARY in page) == (True, True)


@pytest.mark.parametrize(("day", "reads"), [(2, True), (3, True), (4, False)])
def test_therapist_reads_them_of_the_days_whose_records_they_read(
    enter: Enter, therapist_user: User, sung: Visit, visit_at: MakeVisit, day: int, *, reads: bool
) -> None:
    factories.make_crew(visit_at(at(15, day=day)), therapist_user)

    page = enter(therapist_user).get(f"/desk/?date=2026-03-{day:02}&who=0").content.decode()

    assert (CANARY in page) is reads


def test_flag_of_today_is_gone_tomorrow(
    enter: Enter, front_desk: User, clinic: Clinic, patient: Patient, visit_at: MakeVisit, now: dt.datetime
) -> None:
    make_question("td_tired", "today", 10, terms=["fatigue_or_exertion"], scope="this_session")
    visit = visit_at(at(11))
    client = enter(front_desk)

    factories.tell(patient, clinic, td_tired="yes", at=now - dt.timedelta(days=1))
    yesterday = client.get(address("visit", visit)).content.decode()
    factories.tell(patient, clinic, td_tired="yes", at=now)
    today = client.get(address("visit", visit)).content.decode()

    assert ["Offer a seat first" in page for page in (yesterday, today)] == [False, True]


def test_what_waits_for_the_vaidya_is_called_for(enter: Enter, front_desk: User, visit_at: MakeVisit) -> None:
    visit = visit_at(at(11), screening=ScreeningState.WAITING)

    assert "Call the Vaidya before the session" in enter(front_desk).get(address("visit", visit)).content.decode()


def test_therapy_on_an_empty_stomach_says_so_and_no_other(
    enter: Enter, front_desk: User, visit_at: MakeVisit, consultation: Variant
) -> None:
    fasting = factories.make_variant(factories.make_therapy("kati_basti", hours_after_meal=3))
    client = enter(front_desk)

    pages = [
        client.get(address("visit", visit_at(at(hour), variant=variant))).content.decode()
        for hour, variant in ((11, fasting), (15, consultation))
    ]

    assert ["No tea or food" in page for page in pages] == [True, False]


def test_day_of_three_asks_as_often_as_of_one(
    enter: Enter, vaidya_user: User, clinic: Clinic, sung: Visit, visit_at: MakeVisit
) -> None:
    client = enter(vaidya_user)
    client.get("/desk/")
    with CaptureQueriesContext(connection) as one:
        client.get("/desk/")
    for number in range(2):
        person = factories.make_patient(f"Person{number}", phone=f"+9198470002{number:02}", clinics=[clinic])
        visit_at(at(13 + number), patient=person)

    with CaptureQueriesContext(connection) as three:
        client.get("/desk/")

    assert len(three) == len(one)


@pytest.mark.parametrize("role", ["vaidya", "nurse", "therapist", "attendant", "front_desk", "manager"])
@pytest.mark.parametrize("serves", [True, False])
def test_list_of_the_day_opens_no_more_than_the_record_itself(
    clinic: Clinic, patient: Patient, visit_at: MakeVisit, now: dt.datetime, role: str, *, serves: bool
) -> None:
    user, visit = factories.make_member(clinic, role), visit_at(at(11))
    if serves:
        factories.make_crew(visit, user)
    visits = list(Visit.objects.filter(pk=visit.pk).with_everything())

    rows = patients_read_on_day(user=user, clinic=clinic, visits=visits, now=now, roles=[role])

    assert bool(rows) == access_of(user=user, patient=patient, now=now).is_open
