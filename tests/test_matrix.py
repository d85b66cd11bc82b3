"""Who finds which row behind which address (I11, I12): expectations as data, and a route without a row in it fails.

Somebody else's row, another clinic's row and a row that does not exist look exactly the same.
"""

import datetime as dt
import re
from typing import Any

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from django.urls import get_resolver

from bookings.models import (
    Channel,
    ConsentPaper,
    EmergencyOpening,
    Message,
    MessageKind,
    Payment,
    RecordSharing,
    Visit,
)
from clinic.people.models import Invitation, Patient, PatientMerge, PossibleTwin, User
from clinic.premises.models import Clinic
from tests import factories
from tests.all_views import Place, places

ROW_OF = {
    "portal:visit": "visit",
    "portal:calendar": "visit",
    "portal:move": "visit",
    "portal:move_to": "visit",
    "portal:cancel": "visit",
    "portal:person": "patient",
    "portal:acting": "patient",
    "portal:end_access": "access",
    "portal:end_sharing": "sharing",
    "portal:sessions": "patient",
    "portal:prescribed_accepts": "patient",
    "portal:prescribed_times": "patient",
    "portal:prescribed_hold": "patient",
    "portal:questions": "patient",
    "portal:questions_outcome": "patient",
    "portal:wrong_answer": "patient",
    "portal:visit_questions": "visit",
    "portal:visit_outcome": "visit",
    "desk:patient": "patient",
    "desk:change": "patient",
    "desk:family": "patient",
    "desk:note_death": "patient",
    "desk:take_death_back": "patient",
    "desk:different": "twin",
    "desk:find_record": "patient",
    "desk:merge_records": "two_records",
    "desk:take_merge_back": "merge",
    "desk:check_address": "patient",
    "desk:take_back_address": "patient",
    "desk:invite": "patient",
    "desk:end_access": "access",
    "desk:withdraw_code": "code",
    "desk:write_down": "patient",
    "desk:choose": "patient",
    "desk:course": "record",
    "desk:book_course": "record",
    "desk:course_sheet": "record",
    "desk:accepts": "patient",
    "desk:book_at_once": "patient",
    "desk:hold": "patient",
    "desk:confirm": "patient",
    "desk:release": "patient",
    "desk:visit": "visit",
    "desk:slip": "visit",
    "desk:move": "visit",
    "desk:afterwards": "visit",
    "desk:cancel": "visit",
    "desk:settle": "visit",
    "desk:accept": "visit",
    "desk:decline": "visit",
    "desk:reassign": "visit",
    "desk:length": "visit",
    "desk:place": "visit",
    "desk:check_in": "visit",
    "desk:no_show": "visit",
    "desk:undo": "visit",
    "desk:start": "visit",
    "desk:complete": "visit",
    "desk:absence": "absence",
    "desk:end_absence": "absence",
    "desk:session": "visit",
    "desk:session_before": "visit",
    "desk:session_after": "visit",
    "desk:session_sign": "visit",
    "desk:session_use": "visit",
    "desk:day_check": "visit",
    "desk:day_finding": "visit",
    "desk:grade": "visit",
    "desk:diet_sheet": "visit",
    "desk:hand_over": "visit",
    "desk:readings": "visit",
    "desk:undo_sign": "visit",
    "desk:review_gaps": "visit",
    "desk:count_stopped": "visit",
    "desk:sessions": "patient",
    "desk:lift": "patient",
    "desk:rung": "patient",
    "portal:record": "record",
    "portal:own_data": "record",
    "portal:own_data_file": "record",
    "portal:consent_paper": "record",
    "portal:withdraw_consent": "record",
    "desk:open_record": "patient",
    "desk:emergency_card": "patient",
    "desk:emergency_reason": "emergency",
    "desk:share_record": "patient",
    "desk:record": "record",
    "desk:timeline": "patient",
    "desk:follow_up": "record",
    "desk:assess": "record",
    "desk:examine": "visit",
    "desk:assessment": "record",
    "desk:change_assessment": "record",
    "desk:assess_again": "record",
    "desk:discard_assessment": "record",
    "desk:prescribe": "record",
    "desk:sign_assessment": "record",
    "desk:prescription": "record",
    "desk:prescription_sheet": "record",
    "desk:discard_prescription": "record",
    "desk:end_prescription": "record",
    "desk:give_consent": "record",
    "desk:withdraw_consent": "record",
    "desk:consent_paper": "record",
    "desk:questions": "visit",
    "desk:questions_outcome": "visit",
    "desk:send_questions": "visit",
    "desk:wrong_answer": "patient",
    "desk:visit_decisions": "visit",
    "desk:decisions": "patient",
    "desk:body_questions": "patient",
    "desk:body_outcome": "patient",
    "desk:read_aloud": "patient",
    "desk:read_aloud_outcome": "patient",
    "desk:telephone_decision": "patient",
    "desk:settle_call": "call",
    "desk:letter": "call",
    "desk:send_again": "call",
    "desk:told_by_hand": "call",
    "desk:pay": "visit",
    "desk:receipt": "payment",
    "desk:reverse_payment": "payment",
}
"""Which row a route names."""
NAME_NO_ROW_OF_A_PATIENT = {
    "account_reset_password_from_key",
    "ask_reset",
    "confirm_reset",
    "end_reset",
    "end_session",
    "remove_factor",
    "therapies:therapy",
    "portal:clinic",
    "portal:ask",
    "desk:enquiry",
    "desk:letter_sample",
    "desk:therapy_preview",
    "desk:withdraw_own_absence",
    "desk:report_file",
    "desk:safety_again",
    "desk:safety_approve_text",
    "desk:safety_text",
    "desk:safety_review_group",
    "desk:safety_note_review",
    "desk:safety_confirm",
    "desk:safety_confirm_alone",
    "desk:safety_decline",
    "desk:safety_seen",
    "desk:safety_take_back",
    "desk:safety_withdraw",
    "desk:letter_sample_html",
    "desk:mail",
    "desk:mail_html",
    "desk:mail_calendar",
    "choose_password",
    "accept_role",
    "decline_role",
    "desk:role_offer",
    "desk:refuse_role",
    "desk:withdraw_role",
    "desk:new_link",
    "desk:send_link",
    "desk:give_slip",
    "desk:close_account",
    "desk:leave",
    "desk:reopen_account",
    "letters:stop",
    "letters:visit",
    "letters:cancel",
    "letters:confirm_address",
    "letters:contact",
    "letters:move",
    "letters:prepare",
    "letters:aftercare",
    "letters:questions",
    "letters:questions_outcome",
    "letters:wrong_answer",
    "letters:reports",
    "desk:end_device",
    "desk:locked_sign",
    "desk:let_go",
}
"""Texts of the house, changes of safety data, the mailbox of the local mode, pages of tokens, what a clinic's device
opens, and staff."""
FINDS = {
    "portal": {"owner": True, "relative": True, "stranger": False, "front_desk": False},
    "portal:prescribed_accepts": {"owner": True, "relative": False, "stranger": False, "front_desk": False},
    "portal:person": {"owner": True, "relative": False, "stranger": False, "front_desk": False},
    "portal:end_access": {"owner": True, "relative": False, "stranger": False, "front_desk": False},
    "portal:end_sharing": {"owner": True, "relative": False, "stranger": False, "front_desk": False},
    "portal:prescribed_times": {"owner": True, "relative": False, "stranger": False, "front_desk": False},
    "portal:prescribed_hold": {"owner": True, "relative": False, "stranger": False, "front_desk": False},
    "portal:sessions": {"owner": True, "relative": False, "stranger": False, "front_desk": False},
    "portal:wrong_answer": {"owner": True, "relative": False, "stranger": False, "front_desk": False},
    "portal:record": {"owner": True, "relative": False, "stranger": False, "front_desk": False},
    "portal:own_data": {"owner": True, "relative": False, "stranger": False, "front_desk": False},
    "portal:own_data_file": {"owner": True, "relative": False, "stranger": False, "front_desk": False},
    "portal:consent_paper": {"owner": True, "relative": False, "stranger": False, "front_desk": False},
    "portal:withdraw_consent": {"owner": True, "relative": False, "stranger": False, "front_desk": False},
    "desk": {"front_desk": True, "manager": True, "far_desk": False},
    "clinical": {"vaidya_user": True, "far_vaidya": False},
    "desk:confirm": {"front_desk": True, "manager": False, "far_desk": False},
    "desk:release": {"front_desk": True, "manager": False, "far_desk": False},
    "desk:emergency_reason": {"front_desk": True, "manager": False, "far_desk": False},
}
"""Who finds the row: by the route, else by its room. The relative sees appointments only; a time held at the desk is
for whoever holds it."""
TREAT = frozenset({"therapist_user", "vaidya_user"})
CLINICAL = {
    "desk:session": TREAT,
    "desk:session_before": TREAT,
    "desk:session_after": TREAT,
    "desk:session_sign": TREAT,
    "desk:session_use": TREAT,
    "desk:day_check": frozenset({"vaidya_user"}),
    "desk:day_finding": frozenset({"vaidya_user"}),
    "desk:grade": frozenset({"vaidya_user"}),
    "desk:diet_sheet": TREAT,
    "desk:hand_over": TREAT,
    "desk:readings": frozenset({"vaidya_user"}),
    "desk:undo_sign": TREAT,
    "desk:review_gaps": frozenset({"vaidya_user"}),
    "desk:count_stopped": frozenset({"vaidya_user"}),
    "desk:sessions": TREAT,
    "desk:lift": frozenset({"vaidya_user"}),
    "desk:open_record": TREAT,
    "desk:record": TREAT,
    "desk:timeline": TREAT,
    "desk:follow_up": frozenset({"vaidya_user"}),
    "desk:assess": frozenset({"vaidya_user"}),
    "desk:examine": frozenset({"vaidya_user"}),
    "desk:assessment": TREAT,
    "desk:change_assessment": frozenset({"vaidya_user"}),
    "desk:assess_again": frozenset({"vaidya_user"}),
    "desk:discard_assessment": frozenset({"vaidya_user"}),
    "desk:prescribe": frozenset({"vaidya_user"}),
    "desk:sign_assessment": frozenset({"vaidya_user"}),
    "desk:prescription": TREAT,
    "desk:prescription_sheet": TREAT,
    "desk:discard_prescription": frozenset({"vaidya_user"}),
    "desk:end_prescription": frozenset({"vaidya_user"}),
    "desk:give_consent": TREAT,
    "desk:withdraw_consent": TREAT,
    "desk:consent_paper": TREAT,
    "desk:questions": TREAT,
    "desk:questions_outcome": TREAT,
    "desk:visit_decisions": frozenset({"vaidya_user"}),
    "desk:decisions": frozenset({"vaidya_user"}),
    "desk:body_questions": TREAT,
    "desk:body_outcome": TREAT,
    "desk:read_aloud": TREAT,
    "desk:read_aloud_outcome": TREAT,
    "desk:telephone_decision": frozenset({"therapist_user"}),
}
"""Pages of the desk for those who treat, and for whom of them; shut to the front desk and to managers."""
OWN_WORK = {
    "desk:preparation": TREAT,
    "desk:own_day": TREAT,
    "desk:own_week": TREAT,
    "desk:own_absences": TREAT,
    "desk:withdraw_own_absence": TREAT,
}
"""Pages of whoever treats that are about no single patient: their day, their week, what to set out."""
OF_STAFF = {
    "desk:team": frozenset({"manager", "vaidya_user"}),
    "desk:therapy_preview": frozenset({"manager", "vaidya_user"}),
    "desk:role_offer": frozenset({"manager", "vaidya_user"}),
    "desk:refuse_role": frozenset({"manager", "vaidya_user"}),
    "desk:invite_staff": frozenset({"manager"}),
    "desk:end_roles": frozenset({"manager"}),
    "desk:send_link": frozenset({"manager"}),
    "desk:give_slip": frozenset({"manager"}),
    "desk:close_account": frozenset({"manager"}),
    "desk:leave": frozenset({"manager"}),
    "desk:reopen_account": frozenset({"manager"}),
    "desk:withdraw_role": frozenset({"manager"}),
    "desk:new_link": frozenset({"manager"}),
}
"""Pages about who works here, and for whom they are."""
SAFETY = {
    "desk:safety": frozenset({"vaidya_user", "manager"}),
    "desk:safety_again": frozenset({"vaidya_user", "manager"}),
    "desk:safety_withdraw": frozenset({"vaidya_user", "manager"}),
    "desk:safety_confirm": frozenset({"vaidya_user"}),
    "desk:safety_confirm_alone": frozenset({"vaidya_user"}),
    "desk:safety_decline": frozenset({"vaidya_user"}),
    "desk:safety_seen": frozenset({"vaidya_user"}),
    "desk:safety_take_back": frozenset({"vaidya_user"}),
    "desk:safety_reviews": frozenset({"vaidya_user", "manager"}),
    "desk:safety_review_group": frozenset({"vaidya_user", "manager"}),
    "desk:safety_note_review": frozenset({"vaidya_user"}),
    "desk:safety_catalogue": frozenset({"vaidya_user", "manager"}),
    "desk:safety_texts": frozenset({"vaidya_user", "manager"}),
    "desk:safety_text": frozenset({"vaidya_user", "manager"}),
    "desk:safety_approve_text": frozenset({"vaidya_user"}),
}
"""Changes of safety data: proposed by managers, decided by Vaidyas."""
EVERY_ROLE_MAY = {
    "desk:day",
    "desk:changes",
    "desk:queue",
    "desk:day_sheet",
    "desk:day_sheet_file",
    "desk:todo",
    "desk:todo_count",
    "desk:find",
    "desk:hits",
    "desk:patient",
    "desk:visit",
    "desk:check_in",
    "desk:no_show",
    "desk:undo",
    "desk:start",
    "desk:complete",
    "desk:send_questions",
    "desk:wrong_answer",
    "desk:share_record",
    "desk:emergency_card",
    "desk:emergency_reason",
    "desk:letter_samples",
    "desk:letter_sample",
    "desk:letter_sample_html",
    "desk:mailbox",
    "desk:mail",
    "desk:mail_html",
    "desk:mail_calendar",
    "desk:pin",
    "desk:lock",
    "desk:locked",
    "desk:locked_passkey",
    "desk:locked_sign",
    "desk:kept",
    "desk:let_go",
}
"""See the day and say what happens in it; the other pages of the desk are for the front desk and managers."""
MANAGERS_ONLY = {
    *("desk:sending", "desk:stop_sending", "desk:resume_sending", "desk:settle_held"),
    "desk:devices",
    "desk:end_device",
    "desk:openings",
    "desk:reports",
    "desk:report_file",
}
"""What nobody else does, the front desk included."""

only_statuses = pytest.mark.urls("tests.plain_urls")


@pytest.fixture
def far_desk(db: None) -> User:
    """The front desk of another clinic of the organisation."""
    return factories.make_member(factories.make_clinic("far"), "front_desk")


@pytest.fixture
def far_vaidya(db: None) -> User:
    """A Vaidya of another clinic of the organisation, who is a therapist there too: no page is closed to the roles."""
    far = factories.make_clinic("far")
    return factories.make_member(far, "therapist", user=factories.make_member(far, "vaidya"))


@pytest.fixture
def visit(clinic: Clinic, patient: Patient, now: dt.datetime) -> Visit:
    return make_visit(clinic, patient, now + dt.timedelta(days=1))


@pytest.fixture
def values(visit: Visit, clinic: Clinic, front_desk: User, owner: User, now: dt.datetime) -> dict[str, dict[str, Any]]:
    return rows_of(visit, clinic, front_desk, owner, now)


def rows_of(visit: Visit, clinic: Clinic, front_desk: User, owner: User, now: dt.datetime) -> dict[str, dict[str, Any]]:
    """What the placeholders say for each kind of row."""
    room = factories.make_room(clinic)
    absence = factories.make_absence(room, now, now + dt.timedelta(hours=2), by=front_desk)
    call = make_call(visit, now)
    held = make_visit(clinic, None, now + dt.timedelta(days=2), held_by=front_desk)
    twin = twin_of(visit, clinic, now)
    return {
        "visit": {"public_id": visit.public_id, "position": 0},
        "patient": {"public_id": visit.patient.public_id if visit.patient else None, "visit_id": held.public_id},
        "absence": {"pk": absence.pk},
        "call": {"pk": call.pk},
        "payment": {"pk": make_payment(visit, front_desk, now).pk},
        "record": record_of(visit, front_desk),
        "emergency": emergency_of(visit, front_desk, now),
        "sharing": {"public_id": visit.patient.public_id, "pk": share(visit, front_desk, now).pk},
        "twin": {"public_id": visit.patient.public_id if visit.patient else None, "pk": twin.pk},
        **two_records(twin, front_desk, now),
        "access": {"public_id": owner.accesses.get().patient.public_id, "pk": owner.accesses.get().pk},
        "code": {"public_id": visit.patient.public_id, "pk": make_code(visit.patient, front_desk, now).pk},
    }


def twin_of(visit: Visit, clinic: Clinic, now: dt.datetime) -> PossibleTwin:
    """A later record that may be the same person."""
    later = factories.make_patient("Mira", clinics=[clinic], phone="+919847000002")
    return PossibleTwin.objects.create(patient=later, other=visit.patient, found_at=now)


def two_records(twin: PossibleTwin, by: User, now: dt.datetime) -> dict[str, dict[str, Any]]:
    """The two, and a merge of theirs."""
    merge = PatientMerge.objects.create(survivor=twin.other, merged=twin.patient, by=by, at=now)
    either = {"public_id": twin.other.public_id}
    return {"two_records": either | {"other_id": twin.patient.public_id}, "merge": either | {"pk": merge.pk}}


def make_code(patient: Patient, by: User, now: dt.datetime) -> Invitation:
    """A code that the desk has handed out."""
    moments = {"made_at": now, "expires_at": now + dt.timedelta(days=7)}
    return Invitation.objects.create(patient=patient, code_hash=f"of {patient.pk}", made_by=by, **moments)


def record_of(visit: Visit, by: User, therapy: str = "lepa") -> dict[str, Any]:
    """An examination, an order on it and a consent on paper, of the visit's patient."""
    patient, clinic = visit.patient, visit.clinic
    assert patient is not None
    examination = factories.make_assessment(patient, clinic, by=by)
    order = factories.make_order(patient, factories.make_variant(factories.make_therapy(therapy)), clinic=clinic, by=by)
    consent = factories.make_consent(patient, clinic, by=by, how="paper")
    ConsentPaper.objects.create(consent=consent, content_type="image/png", content=b"x")
    ids = {"assessment_id": examination.public_id, "prescription_id": order.prescription.public_id, "pk": consent.pk}
    return ids | {"public_id": patient.public_id}


def emergency_of(visit: Visit, by: User, now: dt.datetime) -> dict[str, Any]:
    """A card that the front desk opened: the reason is its own to give."""
    assert visit.patient is not None
    opening = EmergencyOpening.objects.create(
        user=by, patient=visit.patient, clinic=visit.clinic, at=now, until=now + dt.timedelta(hours=1)
    )
    return {"public_id": visit.patient.public_id, "opening_id": opening.public_id}


def share(visit: Visit, by: User, now: dt.datetime) -> RecordSharing:
    assert visit.patient is not None
    said = {"how": "said", "noted_by": by, "noted_at": now}
    return RecordSharing.objects.create(patient=visit.patient, clinic=visit.clinic, **said)


def make_visit(clinic: Clinic, patient: Patient | None, start: dt.datetime, **fields: Any) -> Visit:
    variant = factories.make_consultation(f"consultation-{start:%d}")
    status = {"status": "booked"} if patient else {"status": "held", "expires_at": start}
    visit = factories.make_visit(clinic=clinic, variant=variant, start=start, patient=patient, **status)
    Visit.objects.filter(pk=visit.pk).update(**fields)
    return visit


def make_call(visit: Visit, now: dt.datetime, key: str = "call") -> Message:
    said = {
        "kind": MessageKind.REMINDER,
        "channel": Channel.CALL,
        "clinic": visit.clinic,
        "due_at": now,
        "made_at": now,
    }
    return Message.objects.create(key=key, visit=visit, sequence=0, **said)


def make_payment(visit: Visit, by: User, now: dt.datetime) -> Payment:
    said = {"method": "cash", "amount": 700, "on": visit.clinic.today(now), "by": by, "at": now}
    return Payment.objects.create(clinic=visit.clinic, visit=visit, **said)


def all_places() -> list[Place]:
    return [place for place in places(get_resolver().url_patterns) if not place.key.startswith("admin")]


def naming_rows(room: str) -> list[Place]:
    return [place for place in all_places() if place.key in ROW_OF and room_of(place) == room]


def room_of(place: Place) -> str:
    return "clinical" if place.key in CLINICAL else place.key.split(":")[0]


def finds(place: Place, who: str) -> bool:
    return FINDS.get(place.key, FINDS[room_of(place)])[who]


def seen(answer: HttpResponse) -> tuple[int, str, str]:
    """What somebody could compare: status, where it leads, and the page without its one-time values."""
    page = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", answer.content.decode(errors="replace"))
    return answer.status_code, answer.headers.get("Location", ""), re.sub(r"[0-9a-f-]{36}|987654|\b\d+\b", "#", page)


def test_every_route_that_names_a_row_is_in_the_matrix() -> None:
    naming = {place.key for place in all_places() if place.placeholders}

    assert naming == ROW_OF.keys() | NAME_NO_ROW_OF_A_PATIENT


@only_statuses
@pytest.mark.parametrize(
    ("room", "who"),
    [
        ("portal", "owner"),
        ("portal", "relative"),
        ("portal", "stranger"),
        ("portal", "front_desk"),
        ("desk", "front_desk"),
        ("desk", "manager"),
        ("desk", "far_desk"),
        ("clinical", "vaidya_user"),
        ("clinical", "far_vaidya"),
    ],
)
def test_row_is_found_by_those_it_is_for_and_by_nobody_else(
    client: Client, request: pytest.FixtureRequest, values: dict[str, dict[str, Any]], room: str, who: str
) -> None:
    client.force_login(request.getfixturevalue(who))

    statuses = {place: client.get(place.of(**values[ROW_OF[place.key]])).status_code for place in naming_rows(room)}

    shown = {place: status for place, status in statuses.items() if status != 405}  # the others are asked by POST below
    assert len(shown) > len(statuses) / 4
    assert {place.key: status != 404 for place, status in shown.items()} == {
        place.key: finds(place, who) for place in shown
    }


@pytest.mark.parametrize(("room", "who"), [("portal", "owner"), ("desk", "front_desk"), ("clinical", "vaidya_user")])
def test_every_page_opens_in_hindi_as_it_does_in_english(
    client: Client, request: pytest.FixtureRequest, values: dict[str, dict[str, Any]], room: str, who: str
) -> None:
    """What reads its own words (a time, a number) opens in one language only."""
    client.force_login(request.getfixturevalue(who))
    room_places = [place for place in all_places() if room_of(place) == room]
    addresses = {place.key: place.of(**values.get(ROW_OF.get(place.key, ""), {})) for place in room_places}

    statuses = {}
    for language in ("en", "hi"):
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        statuses[language] = {key: client.get(address).status_code for key, address in addresses.items()}

    assert statuses["hi"] == statuses["en"]


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize(
    ("room", "who"),
    [
        ("portal", "relative"),
        ("portal", "stranger"),
        ("portal", "front_desk"),
        ("desk", "far_desk"),
        ("clinical", "far_vaidya"),
    ],
)
def test_row_of_others_looks_like_a_missing_one(
    client: Client, request: pytest.FixtureRequest, values: dict[str, dict[str, Any]], room: str, who: str, method: str
) -> None:
    client.force_login(request.getfixturevalue(who))
    ask = getattr(client, method)

    hidden = [place for place in naming_rows(room) if not finds(place, who)]
    missing = {place: seen(ask(place.path)) for place in hidden}
    unlike = [place.key for place in hidden if seen(ask(place.of(**values[ROW_OF[place.key]]))) != missing[place]]
    statuses = {status for status, _location, _page in missing.values()}

    assert hidden
    assert unlike == []
    assert statuses <= {404, 405}


@only_statuses
def test_hand_of_a_stranger_changes_nothing(
    client: Client, values: dict[str, dict[str, Any]], visit: Visit, stranger: User, far_desk: User
) -> None:
    before = (list(visit.bookings.values()), list(Message.objects.values()), visit.patient.accesses.count())  # type: ignore[union-attr]

    for user, room in ((stranger, "portal"), (far_desk, "desk")):
        client.force_login(user)
        for place in naming_rows(room):
            client.post(place.of(**values[ROW_OF[place.key]]))

    assert before == (list(visit.bookings.values()), list(Message.objects.values()), visit.patient.accesses.count())  # type: ignore[union-attr]


@only_statuses
@pytest.mark.parametrize("who", ["therapist_user", "vaidya_user", "front_desk", "manager"])
def test_pages_of_the_desk_open_to_the_roles_that_need_them(
    client: Client, request: pytest.FixtureRequest, clinic: Clinic, who: str
) -> None:
    client.force_login(request.getfixturevalue(who))
    desk = [place for place in all_places() if place.key.startswith("desk:")]

    refused = {place.key for place in desk if 403 in (ask(place.path).status_code for ask in (client.get, client.post))}

    own = {key for key, roles in (CLINICAL | OWN_WORK | OF_STAFF | SAFETY).items() if who in roles}
    everything = {place.key for place in desk}
    office = {*CLINICAL, *OWN_WORK, *OF_STAFF, *SAFETY}
    shut = {"manager": office, "front_desk": office | MANAGERS_ONLY}
    assert refused == shut.get(who, everything - EVERY_ROLE_MAY) - own
