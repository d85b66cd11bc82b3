"""Who could take a session over, and who has."""

import datetime as dt

from django.db.models import QuerySet

from bookings.models import Booking, HandOver
from therapies.models import Practitioner, Qualification


def hand_overs_of(booking: Booking) -> QuerySet[HandOver]:
    """The earliest first."""
    return HandOver.objects.filter(booking=booking).select_related("to", "by")


def could_take_over(booking: Booking, *, by: int, now: dt.datetime) -> QuerySet[Practitioner]:
    """People of the clinic with an account who may give this therapy today, to this patient; the asker is not among
    them."""
    clinic = booking.visit.clinic
    today = clinic.today(now)
    qualified = Qualification.objects.in_force(today, today).filter(therapy=booking.variant.therapy_id)
    people = Practitioner.objects.in_service(today, clinic).filter(user__is_active=True, working_hours__clinic=clinic)
    people = people.filter(pk__in=qualified.values("practitioner")).exclude(user=by).distinct()
    if booking.variant.therapy.same_gender and booking.therapist_gender:
        people = people.filter(gender=booking.therapist_gender)
    return people.order_by("name")
