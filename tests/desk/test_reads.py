"""Who reads a patient's data at the desk is written down: one row for each page, generated over all routes."""

import datetime as dt
from types import ModuleType
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import URLPattern, path
from django.views.decorators.http import require_safe

from bookings.actions.record_access import open_record
from bookings.desk.reads import reads_page
from bookings.desk.record_access.permissions import record_access_required
from bookings.models import Channel, Message, State, Visit
from clinic import urls
from clinic.people.models import Patient, Read, User
from clinic.people.permissions import staff_required
from clinic.premises.models import Clinic
from tests import factories
from tests.desk.conftest import Enter
from tests.test_matrix import ROW_OF, all_places, make_call, rows_of
from therapies.models import Practitioner

NAME = "Zubeida"
"""Nobody and nothing else of the tests is called so."""

SHOW_A_PATIENT = {
    "desk:absence",
    "desk:affected",
    "desk:afterwards",
    "desk:assess",
    "desk:assessment",
    "desk:body_outcome",
    "desk:body_questions",
    "desk:calls",
    "desk:cancel",
    "desk:change",
    "desk:change_assessment",
    "desk:changes",
    "desk:choose",
    "desk:close_account",
    "desk:confirm",
    "desk:consent_paper",
    "desk:course",
    "desk:course_sheet",
    "desk:day",
    "desk:decisions",
    "desk:decline",
    "desk:diet_sheet",
    "desk:emergency_card",
    "desk:emergency_reason",
    "desk:end_access",
    "desk:end_prescription",
    "desk:end_roles",
    "desk:examine",
    "desk:family",
    "desk:find_record",
    "desk:follow_up",
    "desk:give_consent",
    "desk:hand_over",
    "desk:leave",
    "desk:length",
    "desk:letter",
    "desk:letters",
    "desk:merge_records",
    "desk:move",
    "desk:open_record",
    "desk:openings",
    "desk:own_day",
    "desk:patient",
    "desk:pay",
    "desk:payments",
    "desk:payments_file",
    "desk:prescribe",
    "desk:prescription",
    "desk:prescription_sheet",
    "desk:questions",
    "desk:questions_outcome",
    "desk:day_sheet",
    "desk:day_sheet_file",
    "desk:queue",
    "desk:read_aloud",
    "desk:read_aloud_outcome",
    "desk:reassign",
    "desk:receipt",
    "desk:record",
    "desk:reverse_payment",
    "desk:session",
    "desk:sessions",
    "desk:share_record",
    "desk:sign_assessment",
    "desk:slip",
    "desk:timeline",
    "desk:todo",
    "desk:unserved",
    "desk:visit",
    "desk:visit_decisions",
    "desk:withdraw_consent",
    "desk:write_down",
}
"""Pages of the desk that show a patient's data when they are opened by a GET."""
SHOW_NO_NAME = {
    "desk:body_outcome",
    "desk:body_questions",
    "desk:consent_paper",
    "desk:decline",
    "desk:diet_sheet",
    "desk:examine",
    "desk:family",
    "desk:follow_up",
    "desk:prescribe",
    "desk:questions",
    "desk:questions_outcome",
    "desk:read_aloud",
    "desk:read_aloud_outcome",
}
"""A photo, a form with what a family has in common, what is refused or leads on in this world (an order, a diet without
a grade, questions of which none is due), and what is on the tablet while the patient holds it."""
SHOW_ONE_AFTER_A_POST = {"desk:find", "desk:hits", "desk:register"}
"""Nobody is shown before something was typed; `test_patients` looks at what is written then."""
SHOW_MAIL = {"desk:mailbox", "desk:mail", "desk:mail_html", "desk:mail_calendar"}
"""The mailbox of local mode: `test_desk_pages` puts mails there."""
WRITES_ITSELF = {"desk:open_record"}
"""Names a closed record before the press, and its reason after it."""


@pytest.fixture
def reader(front_desk: User, clinic: Clinic) -> User:
    """Somebody whom every page of the desk lets in."""
    for role in ("manager", "vaidya"):
        factories.make_member(clinic, role, user=front_desk)
    return front_desk


@pytest.fixture
def person(clinic: Clinic) -> Patient:
    return factories.make_patient(NAME, clinics=[clinic])


@pytest.fixture
def leaver(clinic: Clinic, now: dt.datetime) -> User:
    """A therapist whose last day was yesterday."""
    user = factories.make_member(clinic, "therapist", ends_on=now.date())
    factories.make_practitioner(clinic, roles=["therapist"], user=user)
    return user


@pytest.fixture
def visit(clinic: Clinic, person: Patient, leaver: User, therapist_user: User, reader: User, now: dt.datetime) -> Visit:
    """Today, with three practitioners: one who left, one who may leave, and the reader."""
    start = now + dt.timedelta(hours=3)
    visit = factories.make_visit(clinic=clinic, variant=factories.make_consultation(), start=start, patient=person)
    for user in (leaver, therapist_user):
        factories.make_crew(visit, user)
    factories.make_crew(visit, reader, role="vaidya")
    return visit


@pytest.fixture
def addresses(
    visit: Visit, clinic: Clinic, person: Patient, leaver: User, therapist_user: User, reader: User, now: dt.datetime
) -> dict[str, str]:
    """The address of every page of the desk, with this patient in each list."""
    owner = factories.make_user("zubeida@example.org", name="Her own account")
    factories.make_access(owner, person)
    values = rows_of(visit, clinic, reader, owner, now)
    Message.objects.filter(pk=make_call(visit, now, key="failed").pk).update(state=State.FAILED, channel=Channel.EMAIL)
    open_record(patient=person, clinic=clinic, reason="covering", by=reader, now=now)
    away = factories.make_absence(Practitioner.objects.get(user=leaver), now, now + dt.timedelta(days=1), by=reader)
    draft = factories.make_assessment(person, clinic, by=reader, signed_by=None, signed_at=None)
    own = {"desk:absence": {"pk": away.pk}, "desk:close_account": {"pk": therapist_user.pk}}
    own["desk:leave"] = {"pk": leaver.pk}
    unsigned = {"public_id": person.public_id, "assessment_id": draft.public_id}
    own |= dict.fromkeys(("desk:change_assessment", "desk:prescribe", "desk:sign_assessment"), unsigned)
    asked = {"desk:end_roles": f"?role={reader.memberships.get(role='vaidya').pk}"}
    asked["desk:leave"] = f"?last_on={now.date() - dt.timedelta(days=1)}"
    return {
        place.key: place.of(**own.get(place.key, values.get(ROW_OF.get(place.key, ""), {}))) + asked.get(place.key, "")
        for place in all_places()
        if place.key.startswith("desk:")
    }


def reads_by_page(client: Client, addresses: dict[str, str], person: Patient) -> dict[str, tuple[bool, int]]:
    """Of each page that a GET opens: whether it names this patient, and how many rows say that they were read."""
    pages = {}
    for key, address in addresses.items():
        before = Read.objects.filter(patients__contains=[person.pk]).count()
        answer = client.get(address)
        after = Read.objects.filter(patients__contains=[person.pk]).count()
        if answer.status_code != 405:
            pages[key] = (NAME in answer.content.decode(errors="replace"), after - before)
    return pages


def test_every_page_that_shows_a_patient_leaves_exactly_one_row(
    enter: Enter, reader: User, addresses: dict[str, str], person: Patient
) -> None:
    pages = reads_by_page(enter(reader), addresses, person)

    assert {key: rows for key, (names, rows) in pages.items() if names or rows} == dict.fromkeys(SHOW_A_PATIENT, 1)
    assert {key for key, (names, _rows) in pages.items() if not names} & SHOW_A_PATIENT == SHOW_NO_NAME


def test_page_that_nobody_marked_is_found(enter: Enter, reader: User, person: Patient, settings: Any) -> None:
    """The control: a new view that shows the patient, once without the decorator and once with it."""

    @require_safe
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse(person.full_name)

    settings.ROOT_URLCONF = project_with(path("desk/new/", staff_required()(view)))

    assert reads_by_page(enter(reader), {"new": "/desk/new/"}, person) == {"new": (True, 0)}


def project_with(pattern: URLPattern) -> ModuleType:
    """The project's addresses, and one more."""
    module = ModuleType("urls_with_a_new_page")
    module.urlpatterns = [pattern, *urls.urlpatterns]  # type: ignore[attr-defined]
    return module


def test_marked_pages_are_those_that_show_a_patient() -> None:
    """A page that shows a patient only in a state that the other test does not build wears the mark all the same."""
    marked = {place.key for place in all_places() if getattr(place.view, "names_patients", False)}

    assert marked >= SHOW_A_PATIENT - WRITES_ITSELF | SHOW_ONE_AFTER_A_POST | SHOW_MAIL


def test_page_of_a_record_without_the_decorator_does_not_start() -> None:
    with pytest.raises(ImproperlyConfigured, match="view shows a record: it must wear"):
        record_access_required("vaidya")(view)


def test_list_that_renders_before_the_row_is_written_is_refused() -> None:
    with pytest.raises(TypeError, match="must return a TemplateResponse"):
        reads_page(lambda _page: [])(view)(HttpRequest())


def view(request: HttpRequest, **_address: object) -> HttpResponse:
    return HttpResponse("rendered already")
