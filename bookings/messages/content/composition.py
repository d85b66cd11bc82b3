"""Compose the e-mail of a message: words, text, HTML, calendar file and headers."""

import datetime as dt
import hashlib
import logging
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from email.headerregistry import Address

import css_inline
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation

from bookings.messages.content.patient import person_of
from bookings.messages.content.staff_counts import COUNTS, count_of
from bookings.messages.kinds import COMING, OF_THE_DAY, SORTS, is_well_ahead, offset_of
from bookings.models import Message, MessageKind, Visit
from clinic.clock import ClockFace, clock_face
from clinic.premises.models import Clinic

from .account_words import account_words
from .appointment import Appointment, Sender, appointment_of, mail_domain, one_line, sender_of
from .ics import calendar_file
from .late_changes import cost_of_change
from .links import aftercare_link, prepare_link, questions_link, stop_link, visit_link
from .patient_words import PERSON_MESSAGES
from .preparation import neutral_points
from .staff_words import staff_words_of
from .visit_words import words_for
from .words import Words

log = logging.getLogger(__name__)
_inliner = css_inline.CSSInliner(keep_style_tags=False, keep_at_rules=True, load_remote_stylesheets=False)


class CannotCompose(Exception):
    """The message cannot be composed; `str()` gives the reason, in words that staff may read."""


def compose(
    message: Message, *, now: dt.datetime, others: Sequence[Visit] = (), sender: Sender | None = None
) -> EmailMultiAlternatives:
    """The e-mail of a message, from its visit as it is now; `others` are visits to mention. Raises CannotCompose only.

    `sender` may be passed when the caller has built it already.
    """
    try:
        with translation.override(message.language), message_clock(message):
            return _mail(message, others, sender or _sender(message), now=now)
    except Exception as fault:  # a fault in one message must not stop the others
        raise CannotCompose(f"{type(fault).__name__}: {fault}"[:200]) from fault


def message_clock(message: Message) -> AbstractContextManager[None]:
    """The clock of the clinic that writes it."""
    face = message.clinic.clock if message.clinic else ClockFace.BY_LANGUAGE.value
    return clock_face(lambda: face)


def message_id(key: str) -> str:
    """The Message-ID, made from the key: a message that is sent twice has the same one."""
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:32]}@{mail_domain()}>"


def _mail(message: Message, others: Sequence[Visit], sender: Sender, *, now: dt.datetime) -> EmailMultiAlternatives:
    appointment = appointment_for(message, others, sender, now=now) if message.visit else None
    words = words_of_message(message, appointment, sender, now=now)
    mail = EmailMultiAlternatives(
        subject=one_line(words.subject),
        body=as_text(words, sender),
        from_email=_from(sender),
        to=[message.recipient],
        headers=_headers(message, appointment),
    )
    if sender.email:
        mail.reply_to = [sender.email]
    mail.attach_alternative(as_html(words, sender, language=message.language), "text/html")
    method = SORTS[message.kind].calendar
    if appointment and method:
        _attach_calendar(mail, appointment, method=method, recipient=message.recipient, now=now)
    return mail


def appointment_for(message: Message, others: Sequence[Visit], sender: Sender, *, now: dt.datetime) -> Appointment:
    """The appointment with what this message needs: links, the day's other visits, how to prepare, a change's cost."""
    visit = message.visit
    if visit is None or visit.patient is None:
        raise CannotCompose("the message has no visit")
    unknown = "" if visit.patient.email_is_proved else visit.patient.email
    first = min(visit.bookings.all(), key=lambda booking: booking.starts_at)
    appointment = replace(
        appointment_of(visit, sender),
        message_link=visit_link(visit, address=unknown),
        asks=bool(unknown),
        cost_of_change=cost_of_change(first, now=now),
    )
    if SORTS[message.kind].optional or SORTS[message.kind].reminds:
        link = stop_link(visit.patient, reminders=SORTS[message.kind].reminds)
        appointment = replace(appointment, stop_link=link, stops_reminders=SORTS[message.kind].reminds)
    if others:
        appointment = replace(appointment, others=tuple(appointment_of(other, sender) for other in others))
    if message.kind == MessageKind.CONFIRMED:
        course = tuple(appointment_of(later, sender) for later in booked_together(visit))
        appointment = replace(appointment, course=course)
    if message.kind == MessageKind.AFTERCARE:
        appointment = replace(appointment, aftercare_link=aftercare_link(visit))
    if message.kind == MessageKind.RUNNING_LATE:
        appointment = replace(appointment, late_minutes=offset_of(message))
    if message.kind == MessageKind.QUESTIONS:
        appointment = replace(appointment, questions_link=questions_link(visit))
    if message.kind in OF_THE_DAY or is_well_ahead(message):
        appointment = _with_preparation(appointment, message, visit, others)
    return appointment


def booked_together(visit: Visit) -> list[Visit]:
    """The later visits of the same act that are still to come: their confirmation is that of the first."""
    same = Visit.objects.filter(patient=visit.patient_id, made_at=visit.made_at, arrives_at__gt=visit.arrives_at)
    same = same.filter(bookings__position=0, bookings__status__in=COMING)
    return list(same.select_related("patient", "clinic").prefetch_related("bookings").order_by("arrives_at"))


def _with_preparation(appointment: Appointment, message: Message, visit: Visit, others: Sequence[Visit]) -> Appointment:
    """Add how to prepare, in discreet mode only the link. Without points, only the message about it gets the link."""
    points = neutral_points(visit, message.language, also=others)
    if message.kind != MessageKind.PREPARATION and not points:
        return appointment
    discreet = visit.patient is not None and visit.patient.discreet
    return replace(appointment, points=() if discreet else points, prepare_link=prepare_link(visit))


def words_of_message(message: Message, appointment: Appointment | None, sender: Sender, *, now: dt.datetime) -> Words:
    """The words of a message, in the active language."""
    if message.clinic and message.kind in COUNTS:
        return staff_words_of(message.kind, count_of(message.kind, message.clinic, now), sender)
    if message.kind in (MessageKind.SIGN_IN_CODE, MessageKind.ACCOUNT):
        return account_words(message.secret["template"], message.secret)
    person = person_of(message)
    if person and message.kind in PERSON_MESSAGES:
        return PERSON_MESSAGES[message.kind](person)
    if appointment is None:
        raise CannotCompose("the message has no visit")
    return words_for(message.kind, appointment)


def as_text(words: Words, sender: Sender) -> str:
    """The plain-text part."""
    return render_to_string("messages/letter.txt", {"words": words, "sender": sender}).strip() + "\n"


def as_html(words: Words, sender: Sender, *, language: str) -> str:
    """The HTML part, with inlined styles as e-mail programs need them and without remote content."""
    return _inliner.inline(
        render_to_string("messages/letter.html", {"words": words, "sender": sender, "language": language})
    )


def _sender(message: Message) -> Sender:
    """The message's clinic; for accounts the first active clinic, or the site when there is none yet."""
    clinic = message.clinic or Clinic.objects.filter(is_active=True).first()
    return sender_of(clinic) if clinic else Sender(mail_domain(), (), "", "", "")


def _from(sender: Sender) -> str:
    return str(Address(sender.name, addr_spec=settings.DEFAULT_FROM_EMAIL))


def _headers(message: Message, appointment: Appointment | None) -> dict[str, str]:
    headers = {
        "Message-ID": message_id(message.key),
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
    }
    if appointment and appointment.stop_link:
        headers["List-Unsubscribe"] = f"<{appointment.stop_link}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return headers


def _attach_calendar(
    mail: EmailMultiAlternatives, appointment: Appointment, *, method: str, recipient: str, now: dt.datetime
) -> None:
    """Attach the calendar file twice: as an alternative that calendars act on, and as a file. A fault stops nothing."""
    try:
        content = calendar_file(appointment, method=method, recipient=recipient, now=now)
    except Exception:  # the message matters more than its calendar file
        log.exception("the calendar file of a message could not be made")
        return
    mail.attach_alternative(content.decode(), f"text/calendar; method={method}; charset=utf-8")
    mail.attach("appointment.ics", content, "application/ics")  # text would be escaped beyond ASCII
