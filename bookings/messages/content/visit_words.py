"""The words of the messages about a visit: one function for each kind."""

import datetime as dt
from collections.abc import Callable

from django.utils.translation import gettext as _

from bookings.models import MessageKind
from clinic.clock import clock_words

from .appointment import Appointment
from .phrases import call_us, how_to_change, is_it_yours, other_time, see, visit_message, was, when
from .request_words import accepted, declined, expired, paused, questions_to_answer, requested
from .words import MessageButton, Words, from_to, long_day, short_date, short_day, when_and_where


class UnknownMessage(Exception):
    """There are no words for this kind of message."""


def confirmed(appointment: Appointment) -> Words:
    if appointment.course:
        return all_confirmed(appointment)
    return visit_message(
        appointment,
        _("Appointment confirmed: %(when)s") % {"when": short_day(appointment.starts)},
        _("Your appointment is confirmed"),
        before=(_("We look forward to seeing you."), *is_it_yours(appointment)),
        facts=when_and_where(appointment),
        button=see(appointment),
        after=(how_to_change(appointment), _("A calendar file is attached.")),
    )


def all_confirmed(appointment: Appointment) -> Words:
    """Of several visits that were booked together: each with its day, its time and when to arrive."""
    every = (appointment, *appointment.course)
    return visit_message(
        appointment,
        _("%(count)s appointments confirmed, the first: %(when)s")
        % {"count": len(every), "when": short_day(appointment.starts)},
        _("Your appointments are confirmed"),
        before=(_("We look forward to seeing you on these days."), *is_it_yours(appointment)),
        facts=(*((long_day(each.starts), _time_and_arrival(each)) for each in every), when_and_where(appointment)[-1]),
        button=see(appointment),
        after=(how_to_change(appointment), _("A calendar file with all days is attached.")),
    )


def _time_and_arrival(appointment: Appointment) -> str:
    times = {"span": from_to(appointment), "time": clock_words(appointment.arrives)}
    return _("%(span)s, please arrive at %(time)s") % times


def reminder(appointment: Appointment) -> Words:
    return visit_message(
        appointment,
        _("Appointment reminder: %(when)s") % {"when": short_day(appointment.starts)},
        _("Appointment reminder"),
        before=(expected(appointment), *_points_follow(appointment)),
        points=appointment.points,
        facts=when_and_where(appointment),
        button=_how_to_prepare(appointment) if appointment.prepare_link else see(appointment),
        after=(how_to_change(appointment),),
    )


def next_visit(appointment: Appointment) -> Words:
    return visit_message(
        appointment,
        _("Your next visit: %(when)s") % {"when": short_day(appointment.starts)},
        _("Your next visit"),
        before=(expected(appointment), *_points_follow(appointment)),
        points=appointment.points,
        facts=when_and_where(appointment),
        button=_how_to_prepare(appointment) if appointment.prepare_link else see(appointment),
        after=(how_to_change(appointment),),
    )


def expected(appointment: Appointment) -> str:
    return _("Your appointment is on %(day)s. Please arrive at %(time)s.") % {
        "day": long_day(appointment.starts),
        "time": clock_words(appointment.arrives),
    }


def _points_follow(appointment: Appointment) -> tuple[str, ...]:
    return (_("Please prepare for your visit:"),) if appointment.points else ()


def _how_to_prepare(appointment: Appointment) -> MessageButton:
    return MessageButton(_("Read how to prepare"), appointment.prepare_link or appointment.link)


def preparation(appointment: Appointment) -> Words:
    return visit_message(
        appointment,
        _("How to prepare: %(when)s") % {"when": short_day(appointment.starts)},
        _("How to prepare for your visit tomorrow"),
        before=_points_follow(appointment),
        points=appointment.points,
        facts=when(appointment),
        button=_how_to_prepare(appointment),
        after=(how_to_change(appointment),),
    )


def moved(appointment: Appointment) -> Words:
    return visit_message(
        appointment,
        _("Appointment moved: %(when)s") % {"when": short_day(appointment.starts)},
        _("Your appointment has a new time"),
        before=(_("The earlier time is no longer valid. Your new time is:"),),
        facts=when_and_where(appointment),
        button=see(appointment),
        after=(how_to_change(appointment), _("The attached calendar file updates the entry in your calendar.")),
    )


def running_late(appointment: Appointment) -> Words:
    """When it is expected to begin; nobody is told to stay away until then, because a clinic may catch up."""
    begins = appointment.starts + dt.timedelta(minutes=appointment.late_minutes)
    return visit_message(
        appointment,
        _("We are running late: %(when)s") % {"when": short_day(appointment.starts)},
        _("We are running late today"),
        before=(
            _("We are sorry: we are running about %(minutes)d minutes late today.")
            % {"minutes": appointment.late_minutes},
            _("Your appointment is expected to begin at about %(time)s.") % {"time": clock_words(begins)},
        ),
        facts=when(appointment)[:2],
        button=see(appointment),
        after=call_us(appointment),
    )


def restored(appointment: Appointment) -> Words:
    return visit_message(
        appointment,
        _("Appointment takes place: %(when)s") % {"when": short_day(appointment.starts)},
        _("Your appointment takes place after all"),
        before=(
            _("We wrote that this appointment was cancelled. That was a mistake, and we are sorry."),
            _("Your appointment is as it was before:"),
        ),
        facts=when_and_where(appointment),
        button=see(appointment),
        after=(how_to_change(appointment), _("The attached calendar file updates the entry in your calendar.")),
    )


def cancelled(appointment: Appointment) -> Words:
    return visit_message(
        appointment,
        _("Appointment cancelled: %(when)s") % {"when": short_day(appointment.starts)},
        _("Your appointment is cancelled"),
        before=(_("This appointment has been cancelled as you requested. You do not need to do anything else."),),
        facts=was(appointment),
        button=other_time(appointment),
        after=call_us(appointment),
    )


def cancelled_by_clinic(appointment: Appointment) -> Words:
    return visit_message(
        appointment,
        _("Appointment cancelled: %(when)s") % {"when": short_day(appointment.starts)},
        _("We had to cancel your appointment"),
        before=(
            _("We are sorry that we had to cancel this appointment. There is no charge."),
            _("Please choose another time, or call us to find one."),
        ),
        facts=was(appointment),
        button=other_time(appointment),
        after=call_us(appointment),
    )


def no_show(appointment: Appointment) -> Words:
    return visit_message(
        appointment,
        _("We missed you: %(when)s") % {"when": short_day(appointment.starts)},
        _("We missed you"),
        before=(
            _("You had an appointment with us but did not come. We hope you are well."),
            _("You can choose a new time. If you did come, please let us know so that we can correct this."),
        ),
        facts=was(appointment),
        button=other_time(appointment),
        after=call_us(appointment),
    )


def aftercare(appointment: Appointment) -> Words:
    return visit_message(
        appointment,
        _("After your visit on %(day)s") % {"day": short_date(appointment.starts)},
        _("Thank you for your visit"),
        before=(
            _("Use the button to read our advice for the next hours and days. You do not need to sign in."),
            _("If you feel unwell, call us. In an emergency call %(numbers)s.")
            % {"numbers": " / ".join(appointment.sender.emergency)},
        ),
        button=MessageButton(_("Read the advice"), appointment.aftercare_link or appointment.link),
        after=call_us(appointment),
    )


def follow_up(appointment: Appointment) -> Words:
    return visit_message(
        appointment,
        _("How are you after your visit?"),
        _("How are you?"),
        before=(
            _("Your visit was two weeks ago. If you would like to come again, you can see available times online."),
            _("If you have any problems, please call us."),
        ),
        button=MessageButton(_("See available times"), appointment.book_link or appointment.link),
        after=call_us(appointment),
    )


VISIT_MESSAGES: dict[str, Callable[[Appointment], Words]] = {
    MessageKind.CONFIRMED: confirmed,
    MessageKind.REMINDER: reminder,
    MessageKind.PREPARATION: preparation,
    MessageKind.NEXT_VISIT: next_visit,
    MessageKind.MOVED: moved,
    MessageKind.RUNNING_LATE: running_late,
    MessageKind.RESTORED: restored,
    MessageKind.CANCELLED: cancelled,
    MessageKind.CANCELLED_BY_CLINIC: cancelled_by_clinic,
    MessageKind.REQUESTED: requested,
    MessageKind.ACCEPTED: accepted,
    MessageKind.DECLINED: declined,
    MessageKind.EXPIRED: expired,
    MessageKind.PAUSED: paused,
    MessageKind.QUESTIONS: questions_to_answer,
    MessageKind.NO_SHOW: no_show,
    MessageKind.AFTERCARE: aftercare,
    MessageKind.FOLLOW_UP: follow_up,
}


def words_for(kind: str, appointment: Appointment) -> Words:
    """The words of a message about a visit, in the active language."""
    if kind not in VISIT_MESSAGES:
        raise UnknownMessage(kind)
    return VISIT_MESSAGES[kind](appointment)
