"""May this be used in a session, and was it so: "" or the reason in words."""

import datetime as dt

from django.utils.translation import gettext as _

from bookings.facts.alert_rows import told_allergies
from bookings.facts.session_use import materials_of, ordered_for, use_of
from bookings.models import Booking, SessionNote, SessionUse
from bookings.rules.materials import why_not_materials


def why_not_use(use: SessionUse, *, now: dt.datetime) -> str:
    """Times in their order, and none that has not come."""
    if use.out_at and not (use.in_at and use.out_at >= use.in_at):
        return _("It cannot come out before it was given.")
    if any(moment and moment > now for moment in (use.in_at, use.out_at)):
        return _("This time has not come yet.")
    return ""


def why_not_begin_using(booking: Booking, note: SessionNote | None) -> str:
    """Whether the materials match an allergy and nobody has written why; the order's reason counts for its material."""
    patient, materials = booking.visit.patient, materials_of(booking, note)
    if patient is None or not materials:
        return ""
    item, use = ordered_for(booking), use_of(booking)
    of_order = item.material_reason if item and item.materials == materials else ""
    return why_not_materials(materials, told_allergies(patient), (use.material_reason if use else "") or of_order)
