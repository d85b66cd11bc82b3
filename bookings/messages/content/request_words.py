"""The words of messages about a request (received, accepted, declined, expired), about questions and about a pause."""

from django.utils.translation import gettext as _

from .appointment import Appointment
from .phrases import call_us, how_to_change, is_it_yours, other_time, see, visit_message, was, when
from .words import MessageButton, Words, short_day, when_and_where


def requested(appointment: Appointment) -> Words:
    return visit_message(
        appointment,
        _("Request received: %(when)s") % {"when": short_day(appointment.starts)},
        _("We have your request"),
        before=(
            _("We are reserving this time for you while we review your request. It is not confirmed yet."),
            _("We will e-mail you as soon as we have decided."),
            *is_it_yours(appointment),
        ),
        facts=when_and_where(appointment),
        button=MessageButton(_("View the request"), appointment.message_link or appointment.link),
        after=call_us(appointment),
    )


def accepted(appointment: Appointment) -> Words:
    return visit_message(
        appointment,
        _("Request accepted: %(when)s") % {"when": short_day(appointment.starts)},
        _("Your requested time is confirmed"),
        before=(_("Your request has been accepted and the appointment is confirmed. We look forward to seeing you."),),
        facts=when_and_where(appointment),
        button=see(appointment),
        after=(how_to_change(appointment), _("A calendar file is attached.")),
    )


def declined(appointment: Appointment) -> Words:
    return visit_message(
        appointment,
        _("Request not possible: %(when)s") % {"when": short_day(appointment.starts)},
        _("We cannot offer this time"),
        before=(
            _("We are sorry, but we cannot confirm the time you requested."),
            _("Please choose another time, or call us to find one."),
        ),
        facts=was(appointment),
        button=other_time(appointment),
        after=call_us(appointment),
    )


def expired(appointment: Appointment) -> Words:
    return visit_message(
        appointment,
        _("Request expired: %(when)s") % {"when": short_day(appointment.starts)},
        _("Your request has expired"),
        before=(
            _("We are sorry that we did not reply to your request in time. The time is no longer reserved for you."),
            _("Please choose another time, or call us to find one."),
        ),
        facts=was(appointment),
        button=other_time(appointment),
        after=call_us(appointment),
    )


def paused(appointment: Appointment) -> Words:
    return visit_message(
        appointment,
        _("Please wait for our call"),
        _("We will call you before your next visit"),
        before=(
            _("The clinic would like to talk to you before your next visit and will call you."),
            _("Your appointments stay booked until then."),
        ),
        after=call_us(appointment),
    )


def questions_to_answer(appointment: Appointment) -> Words:
    return visit_message(
        appointment,
        _("Please answer a few questions before your visit: %(when)s") % {"when": short_day(appointment.starts)},
        _("A few questions before your visit"),
        before=(_("Please answer a few questions before you come. It takes a few minutes."),),
        facts=when(appointment),
        button=MessageButton(_("Answer the questions"), appointment.questions_link or appointment.link),
        after=(_("You can also answer by phone or at the clinic."), *call_us(appointment)),
    )
