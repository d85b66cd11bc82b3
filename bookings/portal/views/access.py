"""Who acts for a person, in which width and since when; and how that ends."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bookings.actions.record_access import end_sharing
from bookings.pages.words import pages_read
from bookings.portal import lookups
from bookings.portal.people_rows import patient_acted_for
from bookings.portal.permissions import portal_access_required
from bookings.portal.visitor import signed_in
from clinic.people.access import end_access, why_not_end
from clinic.people.models.access import Width

READS_SHOWN = 50


@portal_access_required
@require_safe
def acting(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Every account that acts for this person; who sees appointments only finds their own."""
    now, user = timezone.now(), signed_in(request)
    patient = patient_acted_for(user, public_id, now)
    if patient is None:  # the button of a message leads here, whether or not its reader has joined
        return render(request, "portal/not_joined.html", status=404)
    accesses = lookups.accesses_shown_to(user, patient, now)
    own = next(row for row in accesses if row.user_id == user.pk)
    rows = [(row, not why_not_end(row, mine=own, everybody=accesses)) for row in accesses]
    context = {"patient": patient, "rows": rows, "mine": own, "zone": lookups.zone_of_patient(patient)}
    if own.width == Width.FULL:
        context |= {
            "sharings": lookups.sharings_of(patient),
            "reads": pages_read(lookups.reads_of(patient, user, now)[:READS_SHOWN]),
            "openings": lookups.openings_of(patient, now)[:READS_SHOWN],
        }
    return render(request, "portal/acting.html", context)


@portal_access_required
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, public_id: uuid.UUID, pk: int) -> HttpResponse:
    """Asked once more, then at once."""
    now, user = timezone.now(), signed_in(request)
    patient = lookups.somebody_or_404(user, public_id, now)
    accesses = lookups.accesses_shown_to(user, patient, now)
    own = next(row for row in accesses if row.user_id == user.pk)
    access = lookups.among_or_404(accesses, pk)
    if reason := why_not_end(access, mine=own, everybody=accesses):
        messages.error(request, reason)
        return redirect("portal:acting", public_id)
    if request.method != "POST":
        return render(request, "portal/end_access.html", {"patient": patient, "access": access, "mine": own})
    end_access(access=access, by=user, now=now)
    if access == own:
        messages.success(request, _("You can no longer book for %(name)s.") % {"name": patient})
        return redirect("portal:people")
    messages.success(request, _("This account can no longer book for %(name)s.") % {"name": patient})
    return redirect("portal:acting", public_id)


@portal_access_required
@require_POST
def stop_sharing(request: HttpRequest, public_id: uuid.UUID, pk: int) -> HttpResponse:
    """That clinic reads only what it wrote itself from now on; it can be told again at the clinic."""
    now, user = timezone.now(), signed_in(request)
    patient = lookups.person_or_404(user, public_id, now)
    sharing = lookups.sharing_or_404(patient, pk)
    end_sharing(sharing=sharing, by=user, now=now)
    messages.success(request, _("%(clinic)s can now read only its own records.") % {"clinic": sharing.clinic})
    return redirect("portal:acting", public_id)
