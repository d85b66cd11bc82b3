"""The words of each letter about a visit: one function a letter."""

from collections.abc import Callable

from django.utils.translation import gettext as _

from bookings.models import Kind

from .appointment import Appointment
from .words import Button, Words, clock, long_day, short_date, short_day, when_and_where


class UnknownLetter(Exception):
    """No words are written for this kind of letter."""


def how_to_change(appointment: Appointment) -> str:
    if appointment.sender.phone:
        return _("To change or cancel, open your appointment online or call us at %(phone)s.") % {
            "phone": appointment.sender.phone
        }
    return _("To change or cancel, open your appointment online.")


def how_to_call(appointment: Appointment) -> str:
    """For paper: whoever has no mail rings."""
    phone = appointment.sender.phone
    return _("To change or cancel, call us at %(phone)s.") % {"phone": phone} if phone else ""


def _letter(appointment: Appointment, subject: str, title: str, **parts: object) -> Words:
    told: dict[str, object] = {
        "sender": appointment.sender,
        "name": appointment.name,
        "why": why_you_get_this(appointment),
    }
    if appointment.stop_link:
        told["stop"] = Button(_("No such letters any more"), appointment.stop_link)
    return Words(subject=subject, title=title, **(told | parts))  # type: ignore[arg-type]


def why_you_get_this(appointment: Appointment) -> str:
    return _("You get this letter because you have an appointment with %(clinic)s.") % {
        "clinic": appointment.sender.name
    }


def _see(appointment: Appointment) -> Button:
    return Button(_("See or change the appointment"), appointment.letter_link or appointment.link)


def _other_time(appointment: Appointment) -> Button:
    return Button(_("Choose another time"), appointment.book_link or appointment.link)


def confirmed(appointment: Appointment) -> Words:
    return _letter(
        appointment,
        _("Appointment confirmed: %(when)s") % {"when": short_day(appointment.starts)},
        _("Your appointment is confirmed"),
        before=(_("We look forward to seeing you."),),
        facts=when_and_where(appointment),
        button=_see(appointment),
        after=(how_to_change(appointment), _("A calendar file is attached.")),
    )


def reminder(appointment: Appointment) -> Words:
    return _letter(
        appointment,
        _("Appointment reminder: %(when)s") % {"when": short_day(appointment.starts)},
        _("A reminder of your appointment"),
        before=(_expected(appointment), *_points_follow(appointment)),
        points=appointment.points,
        facts=when_and_where(appointment),
        button=_how_to_prepare(appointment) if appointment.prepare_link else _see(appointment),
        after=(how_to_change(appointment),),
    )


def next_visit(appointment: Appointment) -> Words:
    return _letter(
        appointment,
        _("Your next visit: %(when)s") % {"when": short_day(appointment.starts)},
        _("Your next visit"),
        before=(_expected(appointment), *_points_follow(appointment)),
        points=appointment.points,
        facts=when_and_where(appointment),
        button=_how_to_prepare(appointment) if appointment.prepare_link else _see(appointment),
        after=(how_to_change(appointment),),
    )


def _expected(appointment: Appointment) -> str:
    return _("You are expected on %(day)s. Please arrive at %(time)s.") % {
        "day": long_day(appointment.starts),
        "time": clock(appointment.arrives),
    }


def _points_follow(appointment: Appointment) -> tuple[str, ...]:
    return (_("A few things help you and us before your visit:"),) if appointment.points else ()


def _how_to_prepare(appointment: Appointment) -> Button:
    return Button(_("Read how to prepare"), appointment.prepare_link or appointment.link)


def preparation(appointment: Appointment) -> Words:
    return _letter(
        appointment,
        _("How to prepare: %(when)s") % {"when": short_day(appointment.starts)},
        _("How to prepare for tomorrow"),
        before=_points_follow(appointment),
        points=appointment.points,
        facts=_when(appointment),
        button=_how_to_prepare(appointment),
        after=(how_to_change(appointment),),
    )


def moved(appointment: Appointment) -> Words:
    return _letter(
        appointment,
        _("Appointment moved: %(when)s") % {"when": short_day(appointment.starts)},
        _("Your appointment has a new time"),
        before=(_("The earlier time no longer holds. This is the new one:"),),
        facts=when_and_where(appointment),
        button=_see(appointment),
        after=(how_to_change(appointment), _("The attached calendar file moves the entry in your calendar.")),
    )


def _when(appointment: Appointment) -> tuple[tuple[str, str], ...]:
    """Day, times and arrival."""
    return when_and_where(appointment)[: 3 + len(appointment.others)]


def _was(appointment: Appointment) -> tuple[tuple[str, str], ...]:
    return when_and_where(appointment)[:2]


def cancelled(appointment: Appointment) -> Words:
    return _letter(
        appointment,
        _("Appointment cancelled: %(when)s") % {"when": short_day(appointment.starts)},
        _("Your appointment is cancelled"),
        before=(_("As you asked, this appointment is cancelled. You need not do anything."),),
        facts=_was(appointment),
        button=_other_time(appointment),
        after=_call_us(appointment),
    )


def cancelled_by_clinic(appointment: Appointment) -> Words:
    return _letter(
        appointment,
        _("Appointment cancelled: %(when)s") % {"when": short_day(appointment.starts)},
        _("We had to cancel your appointment"),
        before=(
            _("We are sorry: we cannot keep this appointment. It costs you nothing."),
            _("Please choose another time, or let us find one with you."),
        ),
        facts=_was(appointment),
        button=_other_time(appointment),
        after=_call_us(appointment),
    )


def _call_us(appointment: Appointment) -> tuple[str, ...]:
    phone = appointment.sender.phone
    return (_("Questions? Call us at %(phone)s.") % {"phone": phone},) if phone else ()


def requested(appointment: Appointment) -> Words:
    return _letter(
        appointment,
        _("Request received: %(when)s") % {"when": short_day(appointment.starts)},
        _("We have your request"),
        before=(
            _("The time is kept for you while we look at it. It is not confirmed yet."),
            _("We write to you as soon as it is decided."),
        ),
        facts=when_and_where(appointment),
        button=Button(_("See the request"), appointment.letter_link or appointment.link),
        after=_call_us(appointment),
    )


def accepted(appointment: Appointment) -> Words:
    return _letter(
        appointment,
        _("Request accepted: %(when)s") % {"when": short_day(appointment.starts)},
        _("The time you asked for is yours"),
        before=(_("Your request is accepted and the appointment is confirmed. We look forward to seeing you."),),
        facts=when_and_where(appointment),
        button=_see(appointment),
        after=(how_to_change(appointment), _("A calendar file is attached.")),
    )


def declined(appointment: Appointment) -> Words:
    return _letter(
        appointment,
        _("Request not possible: %(when)s") % {"when": short_day(appointment.starts)},
        _("We cannot offer this time"),
        before=(
            _("We are sorry: the time you asked for cannot be confirmed."),
            _("Please choose another time, or let us find one with you."),
        ),
        facts=_was(appointment),
        button=_other_time(appointment),
        after=_call_us(appointment),
    )


def expired(appointment: Appointment) -> Words:
    return _letter(
        appointment,
        _("Request lapsed: %(when)s") % {"when": short_day(appointment.starts)},
        _("Your request has lapsed"),
        before=(
            _("We are sorry: your request was not answered in time, and the time is no longer kept for you."),
            _("Please choose another time, or let us find one with you."),
        ),
        facts=_was(appointment),
        button=_other_time(appointment),
        after=_call_us(appointment),
    )


def questions(appointment: Appointment) -> Words:
    return _letter(
        appointment,
        _("Please answer a few questions before your visit: %(when)s") % {"when": short_day(appointment.starts)},
        _("A few questions before your visit"),
        before=(_("Please answer a few questions before you come. It takes a few minutes."),),
        facts=_when(appointment),
        button=Button(_("Answer the questions"), appointment.questions_link or appointment.link),
        after=(_("If you would rather answer by phone or at the clinic, that is fine too."), *_call_us(appointment)),
    )


def no_show(appointment: Appointment) -> Words:
    return _letter(
        appointment,
        _("We missed you: %(when)s") % {"when": short_day(appointment.starts)},
        _("We missed you"),
        before=(
            _("You had an appointment with us and we did not see you. We hope that all is well."),
            _("If you like, choose a new time. If you did come, please tell us, so that we can correct it."),
        ),
        facts=_was(appointment),
        button=_other_time(appointment),
        after=_call_us(appointment),
    )


def aftercare(appointment: Appointment) -> Words:
    return _letter(
        appointment,
        _("After your visit on %(day)s") % {"day": short_date(appointment.starts)},
        _("Thank you for your visit"),
        before=(
            _("What helps you in the next hours and days is written behind the button. No sign-in is needed."),
            _("If you feel unwell, call us. In an emergency call %(numbers)s.")
            % {"numbers": " / ".join(appointment.sender.emergency)},
        ),
        button=Button(_("Read the advice"), appointment.aftercare_link or appointment.link),
        after=_call_us(appointment),
    )


def follow_up(appointment: Appointment) -> Words:
    return _letter(
        appointment,
        _("How are you since your visit?"),
        _("How are you?"),
        before=(
            _("Your visit was two weeks ago. If you would like to come again, you find free times online."),
            _("If anything troubles you, please call us."),
        ),
        button=Button(_("See free times"), appointment.book_link or appointment.link),
        after=_call_us(appointment),
    )


LETTERS: dict[str, Callable[[Appointment], Words]] = {
    Kind.CONFIRMED: confirmed,
    Kind.REMINDER: reminder,
    Kind.PREPARATION: preparation,
    Kind.NEXT_VISIT: next_visit,
    Kind.MOVED: moved,
    Kind.CANCELLED: cancelled,
    Kind.CANCELLED_BY_CLINIC: cancelled_by_clinic,
    Kind.REQUESTED: requested,
    Kind.ACCEPTED: accepted,
    Kind.DECLINED: declined,
    Kind.EXPIRED: expired,
    Kind.QUESTIONS: questions,
    Kind.NO_SHOW: no_show,
    Kind.AFTERCARE: aftercare,
    Kind.FOLLOW_UP: follow_up,
}


def words_for(kind: str, appointment: Appointment) -> Words:
    """The words of a letter about a visit, in the language that is active."""
    if kind not in LETTERS:
        raise UnknownLetter(kind)
    return LETTERS[kind](appointment)
