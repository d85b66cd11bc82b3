"""Shared parts of the messages about a visit: frame, buttons and small print."""

from django.utils.translation import gettext as _

from .appointment import Appointment
from .words import MessageButton, Words, when_and_where


def visit_message(appointment: Appointment, subject: str, title: str, **parts: object) -> Words:
    rows: dict[str, object] = {
        "sender": appointment.sender,
        "name": appointment.name,
        "why": why_you_get_this(appointment),
    }
    if appointment.stop_link:
        label = _("Stop reminders by e-mail") if appointment.stops_reminders else _("Stop these e-mails")
        rows["stop"] = MessageButton(label, appointment.stop_link)
    return Words(subject=subject, title=title, **(rows | parts))  # type: ignore[arg-type]


def why_you_get_this(appointment: Appointment) -> str:
    return _("You received this e-mail because you have an appointment with %(clinic)s.") % {
        "clinic": appointment.sender.name
    }


def is_it_yours(appointment: Appointment) -> tuple[str, ...]:
    """The request to confirm the address, if it is not confirmed yet."""
    if not appointment.asks:
        return ()
    return (
        _("Please confirm that this is your address: open the appointment and press the button."),
        _("Until then, we will not send anything else to this address."),
        _(
            "If you do not know about this appointment, you do not need to do anything and we "
            "will not e-mail you again."
        ),
    )


def how_to_change(appointment: Appointment) -> str:
    """How, and what it costs, in the words of the portal."""
    how = _("To change or cancel, open your appointment online.")
    if appointment.sender.phone:
        how = _("To change or cancel, open your appointment online or call us at %(phone)s.") % {
            "phone": appointment.sender.phone
        }
    return f"{how} {appointment.cost_of_change}".strip()


def how_to_call(appointment: Appointment) -> str:
    """How to change the visit, for messages on paper."""
    phone = appointment.sender.phone
    return _("To change or cancel, call us at %(phone)s.") % {"phone": phone} if phone else ""


def call_us(appointment: Appointment) -> tuple[str, ...]:
    phone = appointment.sender.phone
    return (_("Questions? Call us at %(phone)s.") % {"phone": phone},) if phone else ()


def see(appointment: Appointment) -> MessageButton:
    return MessageButton(_("View or change the appointment"), appointment.message_link or appointment.link)


def other_time(appointment: Appointment) -> MessageButton:
    return MessageButton(_("Choose another time"), appointment.book_link or appointment.link)


def when(appointment: Appointment) -> tuple[tuple[str, str], ...]:
    """Day, times and arrival, without the place."""
    return when_and_where(appointment)[: 3 + len(appointment.others)]


def was(appointment: Appointment) -> tuple[tuple[str, str], ...]:
    return when_and_where(appointment)[:2]
