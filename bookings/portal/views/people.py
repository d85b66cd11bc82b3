"""The people one acts for, and their details."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from bookings.pages.affected_visits import affected_first
from bookings.pages.words import saved
from bookings.portal import lookups
from bookings.portal.forms.people import OwnDetailsForm
from bookings.portal.permissions import portal_access_required
from bookings.portal.times_page import NOT_VALID
from bookings.portal.visitor import signed_in
from clinic.people.contacts import TooManyChanges
from clinic.people.patients import change_patient
from clinic.people.versions import ChangedMeanwhile


@portal_access_required
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """Everybody the account acts for, and whose details it may change."""
    now, user = timezone.now(), signed_in(request)
    context = {"people": lookups.people_of(user, now), "in_full": set(lookups.people_in_full(user, now))}
    return render(request, "portal/people.html", context)


@portal_access_required
@require_http_methods(["GET", "HEAD", "POST"])
def person(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """The details of one person."""
    now, user = timezone.now(), signed_in(request)
    patient = lookups.person_or_404(user, public_id, now)
    before = patient.email
    form = OwnDetailsForm(request.POST or None, instance=patient, today=now.date())
    affected = affected_first(form, patient, now) if form.is_valid() else None
    if form.is_valid() and not affected:
        try:
            changed = change_patient(
                patient=patient, by=user, now=now, version=form.cleaned_data["version"], **form.facts
            )
        except ChangedMeanwhile as refusal:
            form.tell_changes(refusal)
        except TooManyChanges as refusal:
            form.add_error("email", refusal.reason)
        else:
            messages.success(request, saved(before, changed, user.email))
            return redirect("portal:people")
    context = {"form": form, "name": patient.full_name, "affected": affected}
    return render(request, "portal/person.html", context, status=NOT_VALID if form.errors else 200)
