"""What else waits for somebody on the demo's day: a request, findings, a draft, an absence, a bounce, some calls."""

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Sequence

from django.db.models import F

from bookings.actions.confirmation import book
from bookings.actions.holds import hold
from bookings.actions.hours_and_absences import enter_absence
from bookings.demo import acts
from bookings.demo.day import DemoDiary
from bookings.demo.day_plan import PlannedVisit, Stage
from bookings.demo.guests import ASKING_ACCOUNT
from bookings.demo.orders import answer, variant_of
from bookings.facts.patient import patient_facts_of
from bookings.models import Booking, Channel, Message, Occupancy, State, StoppedAddress, Visit
from bookings.slots.bookable_orders import nearest_covered, slot_request_for
from clinic.people.models import User
from therapies import questionnaire
from therapies.models import Practitioner

Visits = Sequence[tuple[PlannedVisit, Booking]]

A_DAY = dt.timedelta(days=1)
A_WHILE = dt.timedelta(minutes=30)
FINDINGS = (("Usha", "hv_pressure_high"), ("Rukmini", "io_sugar_high"))
"""Who said yes to which question of the history: a Vaidya decides on both."""
CALLS_LEFT = 3
BOUNCED = "zoya@patients.example"


def add_all(diary: DemoDiary, visits: Visits, reminded: Visit | None) -> None:
    """`reminded`: the visit whose reminder is due now; all other messages whose time is over went out."""
    _settle_messages(diary, reminded)
    _bounce(diary)
    _ask_for_a_treatment(diary)
    for guest, question in FINDINGS:
        if guest in {planned.wish.guest for planned, _booking in visits}:
            _tell(diary, guest, question)
    _draft(diary, visits)
    _go_home(diary, visits)


def _settle_messages(diary: DemoDiary, reminded: Visit | None) -> None:
    """What the clinic would have sent, told and handed over by now."""
    due = Message.objects.filter(state=State.DUE, due_at__lt=diary.now).exclude(visit=reminded)
    due.filter(channel=Channel.EMAIL).update(state=State.SENT, sent_at=F("due_at"), secret={})
    told = due.exclude(channel=Channel.EMAIL)
    waiting = list(told.filter(channel=Channel.CALL).order_by("-due_at").values_list("pk", flat=True)[:CALLS_LEFT])
    done = {"state": State.SENT, "sent_at": F("due_at"), "settled_by": diary.desk, "outcome": "done", "secret": {}}
    told.exclude(pk__in=waiting).update(**done)


def _bounce(diary: DemoDiary) -> None:
    """An address that takes no mail: its newest message failed, and the desk rings instead."""
    sent = Message.objects.filter(visit__patient__email=BOUNCED, state=State.SENT).order_by("-due_at").first()
    if sent:
        sent.state, sent.problem, sent.sent_at = State.FAILED, "The address does not exist", None
        sent.save(update_fields=["state", "problem", "sent_at"])
        StoppedAddress.objects.create(address=BOUNCED, why="bounced", at=diary.now - A_WHILE)


def _ask_for_a_treatment(diary: DemoDiary) -> None:
    """A patient asks at home for a treatment that the clinic has to answer."""
    account, asked_at = User.objects.get(email=ASKING_ACCOUNT), diary.now - A_WHILE
    patient = diary.patients["Imran"]
    patient_facts = patient_facts_of(patient, now=asked_at)
    slot_request = slot_request_for(diary.clinic, [variant_of("nasya")], patient_facts)
    starts = nearest_covered(slot_request, patient_facts, to=diary.now + 2 * A_DAY, now=asked_at, count=1)
    for start in starts:
        key = uuid.uuid4()
        visit = hold(slot_request=slot_request, start=start, holder=f"demo-{key}", by=account, now=asked_at, key=key)
        book(visit=visit, patient=patient, holder=visit.holder, by=account, now=asked_at, key=key)


def _tell(diary: DemoDiary, guest: str, question: str) -> None:
    """An answer of the history that waits for a Vaidya."""
    answer(diary.patients[guest], diary.clinic, [], questionnaire.BOOKING, diary.now - A_WHILE, told={question: "yes"})


def _draft(diary: DemoDiary, visits: Visits) -> None:
    """The Vaidya has begun to write the note of the consultation that goes on."""
    for planned, booking in visits:
        if planned.stage is Stage.IN_PROGRESS and planned.wish.is_consultation:
            acts.write_note(booking, User.objects.get(practitioner__name=planned.wish.with_whom), diary.now)
            return


def _go_home(diary: DemoDiary, visits: Visits) -> None:
    """Somebody falls ill: the one with the most visits ahead who is not at work on one now, and nobody who signs in."""
    now = diary.now
    ahead = [booking.pk for planned, booking in visits if planned.stage in (Stage.BOOKED, Stage.LATE)]
    here = [booking.pk for planned, booking in visits if planned.stage in (Stage.IN_PROGRESS, Stage.ARRIVED)]
    people = Practitioner.objects.filter(user=None)
    rows = Occupancy.objects.filter(resource__in=people.values("pk"))
    busy = set(rows.filter(booking__in=here).values_list("resource", flat=True))
    pairs = rows.filter(booking__in=ahead).exclude(resource__in=busy).values_list("resource", "booking").distinct()
    counts = Counter(resource for resource, _booking in pairs)
    if counts:
        person = Practitioner.objects.get(pk=max(sorted(counts), key=counts.__getitem__))
        until = now.replace(minute=0, second=0, microsecond=0) + 12 * dt.timedelta(hours=1)
        enter_absence(resource=person, during=(now, until), reason="illness", by=diary.desk, now=now)
