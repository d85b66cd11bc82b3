"""The words of letters about a request: received, accepted, declined, lapsed; of questions, and of a pause."""

from django.utils.translation import gettext as _

from .appointment import Appointment
from .phrases import call_us, how_to_change, is_it_yours, letter, other_time, see, was, when
from .words import MessageButton, Words, short_day, when_and_where


def requested(appointment: Appointment) -> Words:
    return letter(
        appointment,
        _("Request received: %(when)s") % {"when": short_day(appointment.starts)},
        _("We have your request"),
        before=(
            _("The time is kept for you while we look at it. It is not confirmed yet."),
            _("We write to you as soon as it is decided."),
            *is_it_yours(appointment),
        ),
        facts=when_and_where(appointment),
        button=MessageButton(_("See the request"), appointment.letter_link or appointment.link),
        after=call_us(appointment),
    )


def accepted(appointment: Appointment) -> Words:
    return letter(
        appointment,
        _("Request accepted: %(when)s") % {"when": short_day(appointment.starts)},
        _("The time you asked for is yours"),
        before=(_("Your request is accepted and the appointment is confirmed. We look forward to seeing you."),),
        facts=when_and_where(appointment),
        button=see(appointment),
        after=(how_to_change(appointment), _("A calendar file is attached.")),
    )


def declined(appointment: Appointment) -> Words:
    return letter(
        appointment,
        _("Request not possible: %(when)s") % {"when": short_day(appointment.starts)},
        _("We cannot offer this time"),
        before=(
            _("We are sorry: the time you asked for cannot be confirmed."),
            _("Please choose another time, or let us find one with you."),
        ),
        facts=was(appointment),
        button=other_time(appointment),
        after=call_us(appointment),
    )


def expired(appointment: Appointment) -> Words:
    return letter(
        appointment,
        _("Request lapsed: %(when)s") % {"when": short_day(appointment.starts)},
        _("Your request has lapsed"),
        before=(
            _("We are sorry: your request was not answered in time, and the time is no longer kept for you."),
            _("Please choose another time, or let us find one with you."),
        ),
        facts=was(appointment),
        button=other_time(appointment),
        after=call_us(appointment),
    )


def paused(appointment: Appointment) -> Words:
    return letter(
        appointment,
        _("Please wait for our call"),
        _("We call you before your next visit"),
        before=(
            _("Before your next visit the clinic would like to talk with you, and will call you."),
            _("Your appointments keep their times until then."),
        ),
        after=call_us(appointment),
    )


def questions_to_answer(appointment: Appointment) -> Words:
    return letter(
        appointment,
        _("Please answer a few questions before your visit: %(when)s") % {"when": short_day(appointment.starts)},
        _("A few questions before your visit"),
        before=(_("Please answer a few questions before you come. It takes a few minutes."),),
        facts=when(appointment),
        button=MessageButton(_("Answer the questions"), appointment.questions_link or appointment.link),
        after=(_("If you would rather answer by phone or at the clinic, that is fine too."), *call_us(appointment)),
    )
