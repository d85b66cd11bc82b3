"""Who asks, behind the staff door."""

from django.db.models import QuerySet
from django.http import HttpRequest

from clinic.people.models import User
from clinic.premises.models import Clinic


class StaffRequest(HttpRequest):
    """A request that the staff door let in: `clinics` are those where the person holds one of the door's roles."""

    user: User
    clinics: QuerySet[Clinic]
    clinic: Clinic
