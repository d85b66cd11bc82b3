"""A patient says that an answer was pressed by mistake: somebody of the clinic asks again, and nothing is cleared."""

import datetime as dt

from django.utils.translation import gettext as _

from bookings.actions.locks import lock
from bookings.actions.transaction import action
from bookings.errors import refuse_if
from bookings.facts.health_answers import has_answered
from bookings.messages.schedule.patient_messages import ask_desk_to_call
from bookings.models import Message, MessageKind
from clinic.people.models import Patient, User
from clinic.premises.models import Clinic


@action
def report_wrong_answer(*, patient: Patient, clinic: Clinic, by: User | None, now: dt.datetime) -> Message:
    """Put the patient on the desk's list of calls, once however often it is pressed. The answer and its finding stay.

    `by`: none where a letter's link was opened. Raises PolicyRefused where nothing was answered yet.
    """
    lock(patients=[patient.pk])
    refuse_if("" if has_answered(patient) else _("There is no answer to correct."))
    return ask_desk_to_call(patient=patient, clinic=clinic, now=now, by=by, kind=MessageKind.WRONG_ANSWER)
