"""Actions on the record and on hours that may meet: a draft in two tabs, consents, the check of the day, absences.

Beside `acts`: the same houses and cases, and what does not fit together afterwards.
"""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from bookings.actions import assessments as assessment_actions
from bookings.actions import attendance, session_notes, signing
from bookings.actions.consents import Signature, give_consent, withdraw_consent
from bookings.actions.hours_and_absences import enter_absence
from bookings.facts.record import record_fingerprint
from bookings.models import Assessment, Booking, Consent, Occupancy, Status
from clinic.premises.models import Resource
from tests import factories
from therapies.models import Therapy

from .acts import COMING, HERE, HOLDS, HOUR, MINUTE, MISSED, Act, Case, House, booked, held, missed

WRITTEN = {"complaint": "knees", "examination": {"nadi": "vata leads"}}


@dataclass
class RecordCase(Case):
    """The same with what its pages had read: the draft, and whom an absence was said to hit."""

    draft: Assessment | None = None
    shown: str = ""
    hit: list[int] = field(default_factory=list)


def _record_case(case: Case) -> RecordCase:
    return RecordCase(case.house, case.start, case.patient, case.visit, case.number)


# --- where things stand -----------------------------------------------------------------------------------------------


def drafted(house: House) -> RecordCase:
    """The Vaidya has a draft open in two tabs."""
    case = _record_case(booked(house))
    case.draft = assessment_actions.assess(
        patient=case.patient, clinic=house.clinic, by=house.vaidya, now=case.near, complaint="knee",
        examination={"nadi": "vata"},
    )  # fmt: skip
    case.shown = record_fingerprint(case.draft, None)
    return case


def without_consent(house: House) -> RecordCase:
    """The patient has withdrawn the consent to treatment."""
    case = _record_case(booked(house))
    Consent.objects.filter(patient=case.patient).update(withdrawn_at=case.early, withdrawn_by=house.owner)
    return case


def before_day_check(house: House) -> RecordCase:
    """The patient is here; the treatment asks for a Vaidya's look first."""
    case = _record_case(booked(house))
    factories.tell_all_is_well(case.patient, house.clinic, at=case.near - MINUTE)
    Therapy.objects.filter(pk=house.variant.therapy_id).update(needs="day_check")
    attendance.check_in(visit=case.visit, by=house.desk, now=case.near)
    return case


def held_before_absence(house: House) -> RecordCase:
    return _record_case(held(house, answered=True))


def booked_before_absence(house: House) -> RecordCase:
    return _record_case(booked(house))


def missed_before_absence(house: House) -> RecordCase:
    return _record_case(missed(house))


# --- actions ----------------------------------------------------------------------------------------------------------


def _tab(words: str) -> Act:
    """Saves what a tab shows with other words, as the page of that tab was opened before."""

    def save(case: Case, _booking: Booking) -> object:
        assert isinstance(case, RecordCase)
        return assessment_actions.assess(
            patient=case.patient, clinic=case.house.clinic, assessment=case.draft, by=case.house.vaidya,
            now=case.near, shown=case.shown, complaint=words, examination={"nadi": words},
        )  # fmt: skip

    return save


def _sign_draft(case: Case, _booking: Booking) -> object:
    assert isinstance(case, RecordCase)
    assert case.draft is not None
    signed = {"assessment": case.draft, "prescription": None, "clearing": (), "shown": case.shown}
    return signing.sign(by=case.house.vaidya, now=case.near, **signed)  # type: ignore[arg-type]


def _discard(case: Case, _booking: Booking) -> object:
    assert isinstance(case, RecordCase)
    assert case.draft is not None
    return assessment_actions.discard(draft=case.draft, by=case.house.vaidya, now=case.near)


def _consent(case: Case, _booking: Booking) -> object:
    return give_consent(
        patient=case.patient, clinic=case.house.clinic, therapy=None, text_version="1", language="en",
        signature=Signature(how="screen", name=case.patient.full_name), explained_by=case.house.vaidya,
        by=case.house.desk, now=case.near,
    )  # fmt: skip


def _withdraw(case: Case, _booking: Booking) -> object:
    newest = Consent.objects.filter(patient=case.patient).order_by("-pk")[0]
    return withdraw_consent(consent=newest, by=case.house.owner, now=case.near)


def _day_check(case: Case, booking: Booking) -> object:
    return session_notes.check_for_today(booking=booking, by=case.house.vaidya, now=case.near)


def _absence(whose: Callable[[House], Resource]) -> Act:
    """Away from an hour before the visit until four after it."""

    def enter(case: Case, _booking: Booking) -> object:
        assert isinstance(case, RecordCase)
        during = (case.start - HOUR, case.start + 4 * HOUR)
        away = enter_absence(resource=whose(case.house), during=during, reason="ill", by=case.house.desk, now=case.near)
        case.hit += [visit.pk for visit in away.hit]
        return away

    return enter


LATA, DEVI = _absence(lambda house: house.lata), _absence(lambda house: house.devi)
RECORD_STATES: dict[str, tuple[Callable[[House], Case], dict[str, Act]]] = {
    "a draft in two tabs": (
        drafted,
        {"one tab": _tab("left knee"), "other tab": _tab("right knee"), "sign draft": _sign_draft, "discard": _discard},
    ),
    "without consent": (without_consent, {"consent": _consent, "withdraw": _withdraw, "check in": COMING["check in"]}),
    "before the day check": (
        before_day_check,
        {"day check": _day_check, **{name: HERE[name] for name in ("start", "cancel", "reassign", "block", "note")}},
    ),
    "held, and somebody is away": (held_before_absence, {"away": LATA, "book": HOLDS["book"]}),
    "booked, and somebody is away": (
        booked_before_absence,
        {"away": LATA, "other away": DEVI, **{name: COMING[name] for name in ("move", "reassign", "cancel")}},
    ),
    "missed, and somebody is away": (missed_before_absence, {"away": LATA, "undo": MISSED["undo"]}),
}
RECORD_SUCCEEDS = {"day check": "day_check"}
AT_MOST_ONE = {"one tab", "other tab", "sign draft"}
"""Each was opened before the other: where two go through, what one of them wrote was lost unseen, or signed unread."""


def faults_of_record(case: Case, went: Iterable[str]) -> list[str]:
    """What does not fit in the record after the actions in `went` went through."""
    faults = []
    through = [name for name in went if name in AT_MOST_ONE]
    if len(through) > 1:
        faults.append(f"{through} both went through")
    if Consent.objects.filter(patient=case.patient, therapy=None, withdrawn_at=None).count() > 1:
        faults.append("two consents at once")
    return faults + (_unseen(case) if isinstance(case, RecordCase) else [])


def _unseen(case: RecordCase) -> list[str]:
    """Visits that take the time of somebody who is away, and whom the absence did not name."""
    rows = Occupancy.objects.filter(booking__visit=case.visit, resource__absences__during__overlap=_day_of(case))
    rows = rows.filter(booking__status__in=[Status.BOOKED, Status.CHECKED_IN, Status.IN_PROGRESS])
    if case.visit.pk in case.hit or not rows.exists():
        return []
    return ["nobody was told that the visit takes the time of somebody away"]


def _day_of(case: Case) -> tuple[dt.datetime, dt.datetime]:
    return case.start - MINUTE, case.start + 4 * HOUR
