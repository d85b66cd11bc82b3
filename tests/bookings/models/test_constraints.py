"""The database keeps the promises of the diary: each constraint of `bookings` is broken here, by name."""

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, DataError, IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.utils import ProgrammingError

from bookings.models import (
    Booking,
    Enquiry,
    HandOver,
    History,
    Message,
    Occupancy,
    Payment,
    RecordOpening,
    RecordSharing,
    Request,
    Sending,
    SettledObstacle,
    Status,
    Visit,
)
from clinic.people.models import Patient, User
from clinic.premises.models import Clinic
from tests import factories
from tests.bookings.conftest import at
from tests.owner import as_owner
from therapies.models import Practitioner, Variant

from .test_clinical_constraints import BROKEN as CLINICAL

pytestmark = pytest.mark.django_db

Break = Callable[[], Any]


def stretch(begin: dt.datetime | None, end: dt.datetime | None, bounds: str = "[)") -> DateTimeTZRange:
    return DateTimeTZRange(begin, end, bounds)


@pytest.fixture
def visit(clinic: Clinic, consultation: Variant, patient: Patient, vaidya: Practitioner) -> Visit:
    """Tuesday from 10:00 to 10:45; the Vaidya and the patient are taken."""
    return factories.make_visit(clinic=clinic, variant=consultation, start=at(10), patient=patient, resources=[vaidya])


@pytest.fixture
def booking(visit: Visit) -> Booking:
    return visit.bookings.get()


def broken(act: Break) -> str:
    """The name of the constraint that the act breaks."""
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        act()
    return str(refused.value.__cause__.diag.constraint_name)  # type: ignore[union-attr]


OCCUPANCIES: dict[str, list[dict[str, Any]]] = {
    "occupancy_bounded": [
        {"during": stretch(at(14), None)},
        {"during": stretch(None, at(14), "()")},
        {"during": stretch(None, None, "()")},
        {"during": stretch(at(14), at(14))},  # empty
    ],
    "occupancy_on_marks": [
        {"during": stretch(at(14, 2), at(15))},
        {"during": stretch(at(14), at(15, 1))},
        {"during": stretch(at(14) + dt.timedelta(seconds=1), at(15))},
        {"during": stretch(at(14), at(15), "[]")},
        {"during": stretch(at(14), at(15), "(]")},
    ],
    "occupancy_at_most_a_day": [{"during": stretch(at(14), at(14, 5, day=4))}],
    "occupancy_of_one": [{"resource": None}, {"patient": "the patient"}],
    "resource_one_place_at_a_time": [
        {"resource": "the vaidya", "during": stretch(begin, end)}
        for begin, end in [
            (at(10), at(10, 45)),  # the same
            (at(9), at(10, 5)),  # by five minutes
            (at(10, 40), at(11)),
            (at(10, 10), at(10, 20)),  # inside
            (at(9), at(12)),  # around
        ]
    ],
    "patient_one_place_at_a_time": [
        {"resource": None, "patient": "the patient", "during": stretch(at(10, 40), at(11))},
    ],
}


@pytest.mark.parametrize(("name", "fields"), [(name, fields) for name, each in OCCUPANCIES.items() for fields in each])
def test_occupancy_that_breaks_a_rule_is_refused(
    name: str, fields: dict[str, Any], booking: Booking, vaidya: Practitioner, patient: Patient, clinic: Clinic
) -> None:
    people = {"the vaidya": vaidya, "the patient": patient}
    said = {"resource": factories.make_room(clinic), "during": stretch(at(14), at(15)), "part": "room"} | fields
    said = {
        field: people[value] if isinstance(value, str) and value in people else value for field, value in said.items()
    }

    refused_by = broken(lambda: Occupancy.objects.create(booking=booking, **said))

    # An empty range is neither bounded nor on marks, and an endless one has no length: the database names one of them.
    assert refused_by == name or {refused_by, name} <= {"occupancy_bounded", "occupancy_on_marks"}


def test_occupancy_reversed_is_no_range_at_all(booking: Booking, clinic: Clinic) -> None:
    with pytest.raises(DataError, match="lower bound must be less"), transaction.atomic():
        Occupancy.objects.create(
            booking=booking, resource=factories.make_room(clinic), during=stretch(at(15), at(14)), part="room"
        )


def test_occupancies_back_to_back_are_allowed(booking: Booking, vaidya: Practitioner, patient: Patient) -> None:
    for begin, end in [(at(9), at(10)), (at(10, 45), at(11))]:
        Occupancy.objects.create(booking=booking, resource=vaidya, during=stretch(begin, end), part="crew:vaidya")
        Occupancy.objects.create(booking=booking, patient=patient, during=stretch(begin, end), part="patient")

    assert Occupancy.objects.count() == 6


def test_occupancy_of_a_lapsed_hold_still_keeps_others_out_of_the_table(
    clinic: Clinic, consultation: Variant, vaidya: Practitioner, booking: Booking, now: dt.datetime
) -> None:
    """The constraint has no condition: who comes later must delete the lapsed rows first."""
    factories.make_visit(
        clinic=clinic, variant=consultation, start=at(14), resources=[vaidya], status=Status.HELD, expires_at=now
    )

    act = lambda: Occupancy.objects.create(  # noqa: E731
        booking=booking, resource=vaidya, during=stretch(at(14), at(15)), part="crew:vaidya"
    )
    assert broken(act) == "resource_one_place_at_a_time"


BOOKINGS: dict[str, dict[str, Any]] = {
    "booking_position_once": {"position": 0},
    "booking_ends_after_start": {"ends_at": at(14)},
    "booking_status_known": {"status": "perhaps"},
    "booking_limit_while_held": {"status": "held"},
    "booking_cancelled_by_somebody": {"status": "cancelled"},
}


@pytest.mark.parametrize(("name", "fields"), BOOKINGS.items())
def test_booking_that_breaks_a_rule_is_refused(
    name: str, fields: dict[str, Any], visit: Visit, consultation: Variant
) -> None:
    said = {"position": 1, "starts_at": at(14), "ends_at": at(15), "status": "booked"} | fields

    assert broken(lambda: Booking.objects.create(visit=visit, variant=consultation, **said)) == name


def test_request_without_a_limit_is_refused(visit: Visit) -> None:
    assert broken(lambda: visit.bookings.update(status="requested")) == "booking_limit_while_held"


def test_visit_without_patient_or_holder_is_refused(visit: Visit) -> None:
    assert broken(lambda: Visit.objects.update(patient=None, holder="")) == "visit_patient_or_holder"


def test_request_twice_with_one_key_is_refused(now: dt.datetime) -> None:
    said = {"key": uuid.uuid4(), "owner": "browser", "verb": "hold", "fingerprint": "x", "at": now}
    Request.objects.create(**said)

    assert broken(lambda: Request.objects.create(**said)) == "request_once"
    Request.objects.create(**said | {"owner": "another browser"})


MESSAGES: dict[str, dict[str, Any]] = {
    "message_state_known": {"state": "perhaps"},
    "message_channel_known": {"channel": "pigeon"},
    "message_sent_has_time": {"state": "sent", "sent_at": None},
    "message_lease_whole": {"leased_until": at(14)},
    "message_secret_gone_when_settled": {"state": "void", "secret": {"code": "123456"}},
    "message_visit_with_sequence": {"sequence": 1},
    "message_resent_with_reason": {"resend_of": "an earlier one"},
    "message_patient_or_visit": {"patient": "the patient", "visit": "a visit", "sequence": 0},
}


@pytest.mark.parametrize(("name", "fields"), MESSAGES.items())
def test_message_that_breaks_a_rule_is_refused(
    name: str, fields: dict[str, Any], visit: Visit, patient: Patient, now: dt.datetime
) -> None:
    said = {"kind": "confirmation", "recipient": "meera@example.org", "due_at": now, "made_at": now}
    earlier = Message.objects.create(key="earlier", **said)
    rows = {"an earlier one": earlier, "the patient": patient, "a visit": visit}
    fields = {field: rows.get(value, value) if isinstance(value, str) else value for field, value in fields.items()}

    assert broken(lambda: Message.objects.create(key="later", **(said | fields))) == name


OPENINGS: dict[str, dict[str, Any]] = {
    "opening_ends_later": {"until": at(10)},
    "opening_reason_known": {"reason": "curious"},
}


@pytest.mark.parametrize(("name", "fields"), OPENINGS.items())
def test_opening_of_a_record_that_breaks_a_rule_is_refused(
    name: str, fields: dict[str, Any], patient: Patient, clinic: Clinic, front_desk: User
) -> None:
    usual = {
        "patient": patient,
        "clinic": clinic,
        "user": front_desk,
        "reason": "covering",
        "at": at(10),
        "until": at(18),
    }

    assert broken(lambda: RecordOpening.objects.create(**(usual | fields))) == name


SHARINGS: dict[str, dict[str, Any]] = {
    "sharing_how_known": {"how": "guessed"},
    "sharing_ended_by_and_at": {"ended_at": at(12)},
}


@pytest.mark.parametrize(("name", "fields"), SHARINGS.items())
def test_sharing_of_a_record_that_breaks_a_rule_is_refused(
    name: str, fields: dict[str, Any], patient: Patient, clinic: Clinic, front_desk: User
) -> None:
    usual = {"patient": patient, "clinic": clinic, "how": "said", "noted_by": front_desk, "noted_at": at(10)}

    assert broken(lambda: RecordSharing.objects.create(**(usual | fields))) == name


def test_record_is_shared_with_a_clinic_once(patient: Patient, clinic: Clinic, front_desk: User) -> None:
    usual = {"patient": patient, "clinic": clinic, "how": "said", "noted_by": front_desk, "noted_at": at(10)}
    RecordSharing.objects.create(**usual)

    assert broken(lambda: RecordSharing.objects.create(**usual)) == "sharing_once"


SETTLEMENTS: dict[str, dict[str, Any]] = {
    "settled_obstacle_outcome_known": {"outcome": "forgotten"},
    "settled_obstacle_left_with_reason": {"outcome": "left", "reason": ""},
}


@pytest.mark.parametrize(("name", "fields"), SETTLEMENTS.items())
def test_settled_change_of_a_visit_that_breaks_a_rule_is_refused(
    name: str, fields: dict[str, Any], visit: Visit, front_desk: User
) -> None:
    usual = {"visit": visit, "obstacle": "room", "outcome": "told", "by": front_desk, "at": at(10)}

    assert broken(lambda: SettledObstacle.objects.create(**(usual | fields))) == name


ENQUIRIES: dict[str, dict[str, Any]] = {
    "enquiry_can_be_answered": {"email": ""},
    "enquiry_answered_by_somebody": {"answered_at": at(10)},
}


@pytest.mark.parametrize(("name", "fields"), ENQUIRIES.items())
def test_question_from_the_website_that_breaks_a_rule_is_refused(
    name: str, fields: dict[str, Any], clinic: Clinic
) -> None:
    usual = {"clinic": clinic, "name": "Ravi", "email": "ravi@example.com", "text": "When?", "language": "en"}

    assert broken(lambda: Enquiry.objects.create(**(usual | {"at": at(9)} | fields))) == name


def test_nobody_hands_a_session_over_to_themselves(booking: Booking, vaidya_user: User) -> None:
    same = {"booking": booking, "to": vaidya_user, "by": vaidya_user, "at": at(10)}

    assert broken(lambda: HandOver.objects.create(**same)) == "hand_over_to_somebody_else"


PAYMENTS: dict[str, dict[str, Any]] = {
    "payment_method_known": {"method": "cheque"},
    "payment_amount_possible": {"amount": 1_000_001},
    "payment_reversed_with_reason": {"amount": -5},
}


def paid(visit: Visit, by: User, **fields: Any) -> Payment:
    usual = {"method": "cash", "amount": 700, "on": dt.date(2026, 3, 3), "by": by, "at": at(10)}
    return Payment.objects.create(visit=visit, clinic=visit.clinic, **(usual | fields))


@pytest.mark.parametrize(("name", "fields"), PAYMENTS.items())
def test_payment_that_breaks_a_rule_is_refused(
    name: str, fields: dict[str, Any], visit: Visit, front_desk: User
) -> None:
    assert broken(lambda: paid(visit, front_desk, **fields)) == name


def test_receipts_are_numbered_by_the_database_year_by_year_and_clinic_by_clinic(
    visit: Visit, consultation: Variant, patient: Patient, front_desk: User
) -> None:
    far = factories.make_visit(
        clinic=factories.make_clinic("far"), variant=consultation, start=at(14), patient=patient, resources=[]
    )
    rows = [paid(visit, front_desk, number=77), paid(far, front_desk), paid(visit, front_desk, on=dt.date(2027, 1, 1))]
    with pytest.raises(IntegrityError), transaction.atomic():
        paid(visit, front_desk, method="cheque")  # its number is given again
    rows += [paid(visit, front_desk)]
    for row in rows:
        row.refresh_from_db()

    assert [row.receipt for row in rows] == ["2026-00001", "2026-00001", "2027-00001", "2026-00002"]


def test_receipt_number_is_given_once(visit: Visit) -> None:
    (constraint,) = [each for each in Payment._meta.constraints if each.name == "payment_receipt_once"]

    assert constraint.fields == ("clinic", "year", "number")  # type: ignore[attr-defined]


@pytest.mark.parametrize("fields", [{"amount": -600}, {"amount": -700, "method": "upi"}])
def test_reversal_of_a_part_of_a_payment_is_refused(visit: Visit, front_desk: User, fields: dict[str, Any]) -> None:
    first = paid(visit, front_desk)

    with pytest.raises(DatabaseError, match="reverses another one as a whole"), transaction.atomic():
        paid(visit, front_desk, reverses=first, reason="wrong amount", **fields)


def test_switch_of_sending_is_one_row(db: None) -> None:
    assert broken(lambda: Sending.objects.create(pk=2)) == "sending_only_one"


def test_payment_cannot_be_changed_or_deleted(visit: Visit, front_desk: User) -> None:
    first = paid(visit, front_desk)

    for act in (lambda: Payment.objects.update(amount=1), first.delete):
        with pytest.raises(ProgrammingError, match="Cannot update or delete rows"), transaction.atomic(), as_owner():
            act()

    assert Payment.objects.get().amount == 700


def test_every_constraint_of_bookings_is_broken_here() -> None:
    models = apps.get_app_config("bookings").get_models()
    named = {constraint.name for model in models for constraint in model._meta.constraints}

    alone = {"visit_patient_or_holder", "request_once", "sharing_once", "hand_over_to_somebody_else"}
    alone |= {"payment_receipt_once", "sending_only_one"}
    assert named == {
        *OCCUPANCIES,
        *BOOKINGS,
        *MESSAGES,
        *CLINICAL,
        *OPENINGS,
        *SHARINGS,
        *SETTLEMENTS,
        *PAYMENTS,
        *ENQUIRIES,
        *alone,
    }


@pytest.fixture
def act_of_history(visit: Visit, front_desk: User, now: dt.datetime) -> History:
    return History.objects.create(visit=visit, verb="book", by=front_desk, at=now)


def test_history_cannot_be_changed(act_of_history: History) -> None:
    with pytest.raises(ProgrammingError, match="Cannot update or delete rows"), transaction.atomic(), as_owner():
        History.objects.update(verb="cancel")

    assert History.objects.get().verb == "book"


def test_history_cannot_be_deleted(act_of_history: History) -> None:
    with pytest.raises(ProgrammingError, match="Cannot update or delete rows"), transaction.atomic(), as_owner():
        act_of_history.delete()

    assert History.objects.count() == 1


def test_history_cannot_be_truncated(act_of_history: History) -> None:
    with (
        pytest.raises(ProgrammingError, match="Cannot truncate rows"),
        transaction.atomic(),
        as_owner() as cursor,
    ):
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE bookings_history")

    assert History.objects.count() == 1
