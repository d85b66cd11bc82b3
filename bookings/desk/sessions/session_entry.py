"""What one page of a session is kept as: its note, what was measured, and what was used. One press saves all of it."""

import datetime as dt
from dataclasses import dataclass

from django.http import QueryDict

from bookings.actions import measurements as measurement_actions
from bookings.actions import session_notes as session_note_actions
from bookings.actions.session_use import note_use
from bookings.errors import ActionRefused
from bookings.facts import sessions as session_facts
from bookings.models import Booking
from clinic.people.models import User

from .forms import BeforeForm, WholeForm
from .page import named_in, session_events
from .use import UseForm, sent_use


@dataclass
class TypedRecord:
    """Both forms of the page as they were sent."""

    booking: Booking
    entry: BeforeForm
    use: UseForm

    def is_kept(self, *, by: User, now: dt.datetime) -> bool:
        """Write both where both can be; else nothing, and what is wrong is said beside it.

        What is used comes first: a refusal of it must not leave readings behind, which would be added once more.
        """
        if not all([self.entry.is_valid(), self.is_use_valid]):
            return False
        form: BeforeForm | UseForm = self.use
        try:
            if self.is_use_typed:
                note_use(booking=self.booking, by=by, now=now, **self.use.facts)
            form = self.entry
            keep_entry(self.booking, self.entry, by=by, now=now)
        except ActionRefused as refusal:
            form.add_error(None, refusal.reason)
            return False
        return True

    @property
    def is_use_typed(self) -> bool:
        return self.use.is_bound and self.use.has_changed()

    @property
    def is_use_valid(self) -> bool:
        return not self.is_use_typed or self.use.is_valid()

    @property
    def is_entry_sent(self) -> bool:
        """Whether the page that was sent had a record at all."""
        return bool(self.entry.fields.keys() & self.entry.data.keys())


def early_record(data: QueryDict, booking: Booking, *, starting: bool = False) -> TypedRecord:
    """Before the session."""
    return TypedRecord(booking, BeforeForm(data, named=named_in(booking), starting=starting), sent_use(data, booking))


def whole_record(data: QueryDict, booking: Booking, *, ending: bool = False) -> TypedRecord:
    """While it goes on, and after it."""
    events = session_events(booking, session_facts.note_of(booking))
    form = WholeForm(data, named=named_in(booking), events=events, ending=ending)
    return TypedRecord(booking, form, sent_use(data, booking))


def keep_entry(booking: Booking, form: BeforeForm, *, by: User, now: dt.datetime) -> None:
    """Write the note, and add the readings where there are any. Raises PolicyRefused."""
    session_note_actions.note_session(booking=booking, by=by, now=now, **form.facts)
    if form.entry:
        measurement_actions.measure(booking=booking, by=by, now=now, **form.entry)
