"""No health word leaves the record (I15): canaries in everything clinical, and every letter is searched for them."""

import datetime as dt
import logging
from collections.abc import Callable

import pytest
from django.db import transaction

from bookings.messages.outbox.delivery import Tally
from bookings.messages.schedule.patient_messages import plan_review_message
from bookings.messages.schedule.plan import VisitEvent
from bookings.messages.schedule.planner import plan_messages
from bookings.models import Booking, Message, MessageKind, State, Visit
from clinic.people.access import end_access
from clinic.people.models import Patient, User
from clinic.people.news import News, tell_patient
from clinic.people.patients import change_patient
from clinic.premises.models import Clinic
from tests.factories import make_abhyanga, make_practitioner, make_visit
from tests.messages.conftest import START
from tests.messages.sink import Sink
from therapies.models import Therapy, TherapyText

Send = Callable[..., Tally]
CANARY = "canary"
DAY = dt.timedelta(days=1)
# What happens to the visit, the status it has then, and when its letters are sent.
STORIES: list[tuple[VisitEvent, str, dt.timedelta]] = [
    (VisitEvent.REQUESTED, "requested", -2 * DAY),
    (VisitEvent.BOOKED, "booked", -2 * DAY),
    (VisitEvent.BOOKED_TOGETHER, "booked", -2 * DAY),
    (VisitEvent.MOVED, "booked", -2 * DAY),
    (VisitEvent.QUESTIONS_DUE, "booked", -2 * DAY),
    (VisitEvent.RUNNING_LATE, "booked", -2 * DAY),
    (VisitEvent.CANCELLED_BY_PATIENT, "cancelled", -2 * DAY),
    (VisitEvent.CANCELLED_BY_CLINIC, "cancelled", -2 * DAY),
    (VisitEvent.REINSTATED, "booked", -2 * DAY),
    (VisitEvent.ACCEPTED, "booked", -2 * DAY),
    (VisitEvent.DECLINED, "cancelled", -2 * DAY),
    (VisitEvent.EXPIRED, "expired", -2 * DAY),
    (VisitEvent.NO_SHOW, "no_show", DAY / 24),
    (VisitEvent.PAUSED, "stopped", DAY / 24),
    (VisitEvent.COMPLETED, "completed", DAY / 24),
]


@pytest.fixture
def sung(clinic: Clinic, patient: Patient) -> Visit:
    """A visit with a canary in every field that tells of health."""
    variant = make_abhyanga()
    Therapy.objects.filter(pk=variant.therapy_id).update(
        name=f"{CANARY} oil",
        name_iast=f"{CANARY}ā",
        name_devanagari=f"{CANARY} तेल",
        description=CANARY,
        synonyms=[f"{CANARY} synonym"],
    )
    for language in ("en", "hi"):
        TherapyText.objects.create(
            therapy=variant.therapy,
            language=language,
            summary=CANARY,
            what_happens=CANARY,
            preparation=[f"Before {CANARY} oil eat nothing.", "Eat lightly."],
            aftercare=[CANARY],
            not_given=[CANARY],
        )
    Patient.objects.filter(pk=patient.pk).update(family_name=CANARY, needs=CANARY, gender=CANARY)
    doctor = make_practitioner(clinic, f"Dr {CANARY}")
    return make_visit(clinic=clinic, variant=variant, start=START, patient=patient, resources=[doctor])


@pytest.mark.parametrize("language", ["en", "hi"])
@pytest.mark.parametrize(("event", "status", "planned"), STORIES)
def test_no_letter_row_or_log_sings(
    sung: Visit,
    sink: Sink,
    send: Send,
    caplog: pytest.LogCaptureFixture,
    event: VisitEvent,
    status: str,
    planned: dt.timedelta,
    language: str,
) -> None:
    caplog.set_level(logging.INFO, logger="bookings")
    Patient.objects.update(language=language)
    ended = {"ended_by": "clinic"} if status == "cancelled" else {}
    Booking.objects.filter(visit=sung).update(
        status=status, expires_at=START if status == "requested" else None, **ended
    )
    visit = Visit.objects.get(pk=sung.pk)

    plan_messages(visit=visit, event=event, by=None, now=START + planned)
    send_each(send)

    assert singing(sink, caplog) == []


@pytest.mark.parametrize("language", ["en", "hi"])
def test_evening_letter_and_review_do_not_sing(
    sung: Visit, sink: Sink, send: Send, caplog: pytest.LogCaptureFixture, language: str
) -> None:
    caplog.set_level(logging.INFO, logger="bookings")
    Patient.objects.update(language=language)
    visit = Visit.objects.get(pk=sung.pk)
    make_visit(clinic=visit.clinic, variant=visit.bookings.get().variant, start=START + DAY, patient=visit.patient)
    assert visit.patient
    plan_messages(visit=visit, event=VisitEvent.BOOKED, by=None, now=START - 2 * DAY)
    on = (START + 20 * DAY).date()
    plan_review_message(patient=visit.patient, clinic=visit.clinic, review_on=on, by=None, now=START)

    send_each(send)

    kinds = set(Message.objects.filter(state=State.SENT).values_list("kind", flat=True))
    assert {MessageKind.NEXT_VISIT, MessageKind.REVIEW_DUE} <= kinds
    assert singing(sink, caplog) == []


@pytest.mark.parametrize("language", ["en", "hi"])
def test_news_of_a_patient_does_not_sing(
    sung: Visit, owner: User, front_desk: User, sink: Sink, send: Send, caplog: pytest.LogCaptureFixture, language: str
) -> None:
    caplog.set_level(logging.INFO, logger="bookings")
    Patient.objects.update(language=language)
    patient = Patient.objects.get(visits=sung)
    change_patient(patient=patient, by=owner, now=START, email="other@example.net", phone="+919847000009")
    for news in (News.NEW_CLINIC, News.RECORD_SHARED):
        with transaction.atomic():
            tell_patient(patient, news, clinic=sung.clinic, by=front_desk, now=START)
    end_access(access=owner.accesses.get(patient=patient), by=front_desk, now=START, reason="patient_asked")

    send_each(send)

    kinds = set(Message.objects.filter(state=State.SENT).values_list("kind", flat=True))
    assert kinds >= {"new_clinic", "record_shared", "contact_changed", "confirm_contact", "access_ended"}
    assert singing(sink, caplog) == []


def send_each(send: Send) -> None:
    for moment in sorted(set(Message.objects.values_list("due_at", flat=True))):
        send(moment)


def singing(sink: Sink, caplog: pytest.LogCaptureFixture) -> list[str]:
    """Every line of a mail, a row or a log that a canary is in."""
    sent = Message.objects.filter(state=State.SENT)
    assert sent.count() == len(sink.taken) > 0, "there must be something that could sing"
    said = [part.get_content() for taken in sink.taken for part in taken.mail.walk() if not part.is_multipart()]
    said += [str(value) for taken in sink.taken for _name, value in taken.mail.items()]
    rows = [str(value) for row in Message.objects.values_list() for value in row]
    logged = [record.getMessage() for record in caplog.records if record.name.startswith("bookings")]
    return [line for line in (*said, *rows, *logged) if CANARY in str(line).casefold()]


def test_stories_bring_every_letter_about_a_visit() -> None:
    from bookings.messages.content.visit_words import VISIT_MESSAGES
    from bookings.messages.schedule.plan import TABLE

    told = {rule.kind for event, _status, _planned in STORIES for rule in TABLE[event]}

    assert told == {MessageKind(kind) for kind in VISIT_MESSAGES}
