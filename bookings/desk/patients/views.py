"""Patients at the desk: find, register, look up, write down what was done on paper."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bookings.actions import address_proof, past_visits
from bookings.actions.identity import TooManyGuesses
from bookings.desk import lookups
from bookings.desk.booking.panel import cell_in_words, cell_of
from bookings.desk.buttons import DESK, FINDERS, keeps_desk
from bookings.desk.patients.forms import PastForm
from bookings.desk.reads import by_patient, by_patient_and_twins, reads, reads_page
from bookings.desk.request import PatientRequest, StaffRequest
from bookings.desk.visits import page as visit_page
from bookings.errors import ActionRefused
from bookings.facts.course_ledger import courses_in_force
from bookings.facts.patient import patient_facts_of
from bookings.pages.affected_visits import affected_first
from bookings.rules import deaths
from bookings.slots.bookable_orders import slot_request_for
from clinic.people.access import open_invitations
from clinic.people.patients import change_at_desk, welcome_patient
from clinic.people.permissions import staff_required
from clinic.people.twins import PossibleTwins, say_different
from clinic.people.versions import ChangedMeanwhile

from .forms import HitsForm, InviteForm, PatientForm, RegistrationForm, SearchForm
from .registration import details_of_family, details_of_search, page_of_twins, register_from

GUESSED_OUT = gettext_lazy(
    "The wrong date of birth was entered too many times. You can search for patients of "
    "other clinics again in one hour."
)


@staff_required(*FINDERS)
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@reads_page(lambda page: page["found"].all if "found" in page else ())
def find(request: StaffRequest) -> HttpResponse:
    """Look for a patient. Posted, so that names and phones stay out of addresses and logs."""
    form = SearchForm(request.POST or None)
    page: dict[str, object] = {"form": form, "searched": form.is_valid(), "cell": cell_of(request.GET)}
    now = timezone.now()
    page["cell_words"] = cell_in_words(request.GET, request.clinic, now)
    if form.is_valid():
        welcomes = keeps_desk(request.user, request.clinic, now)
        data = lookups.search(request, now=now, welcomes=welcomes, **form.cleaned_data)
        page |= {"found": data, "guessed_out": GUESSED_OUT if data.guessed_out else ""}
    return TemplateResponse(request, "desk/find.html", page, status=422 if form.errors else 200)


@staff_required(*FINDERS)
@sensitive_post_parameters()
@require_POST
@reads_page(lambda page: page["patients"], as_typed=True)
def hits(request: StaffRequest) -> HttpResponse:
    """The likeliest patients under the field in the head of the page, while somebody types."""
    now, form = timezone.now(), HitsForm(request.POST)
    words = form.cleaned_data["words"] if form.is_valid() else ""
    patients = lookups.hits(request, words, now) if words else []
    page = {"patients": patients, "cell": cell_of(request.GET), "books": "books" in request.POST}
    return TemplateResponse(request, "desk/_hits.html", page)


@staff_required(*DESK)
@require_POST
def welcome(request: StaffRequest) -> HttpResponse:
    """A patient of another clinic comes to this one: the same phone and birth date again show who it is.

    They can be booked here from now on, and are told. What other clinics wrote stays closed.
    """
    now, form = timezone.now(), SearchForm(request.POST)
    try:
        patient = lookups.elsewhere_or_404(request, form, request.POST.get("patient", ""), now)
    except TooManyGuesses:
        messages.error(request, GUESSED_OUT)
        return redirect("desk:find")
    welcome_patient(patient=patient, clinic=request.clinic, by=request.user, now=now)
    return redirect("desk:choose", public_id=patient.public_id)


@staff_required(*DESK)
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@reads_page(lambda page: [twin.patient for twin in page.get("twins", ())])
def register(request: StaffRequest) -> HttpResponse:
    """A new patient, with what was typed to find them. Who may be the same, or of the same family, is shown first."""
    now = timezone.now()
    from_search = "from_search" in request.POST
    form = RegistrationForm(
        None if from_search else request.POST or None,
        today=request.clinic.today(now),
        initial=details_of_search(SearchForm(request.POST)) if from_search else None,
    )
    page: dict[str, object] = {"form": form, "cell": cell_of(request.GET)}
    page["cell_words"] = cell_in_words(request.GET, request.clinic, now)
    if form.is_valid():
        try:
            patient = register_from(request, form, now)
        except PossibleTwins as refusal:
            page |= page_of_twins(request, refusal.twins)
        else:
            messages.success(request, _("%(name)s has been registered.") % {"name": patient})
            return redirect(f"{reverse('desk:choose', args=[patient.public_id])}{page['cell']}")
    return TemplateResponse(request, "desk/register.html", page, status=422 if form.errors else 200)


@staff_required(*DESK)
@require_safe
@reads(by_patient)
def family(request: PatientRequest, public_id: uuid.UUID) -> HttpResponse:
    """A new patient of the same house: what they have in common stands in the form."""
    today = request.clinic.today(timezone.now())
    form = RegistrationForm(today=today, initial=details_of_family(request.patient))
    return render(request, "desk/register.html", {"form": form, "cell": ""})


@staff_required(*DESK)
@require_POST
@reads(by_patient)
def different(request: PatientRequest, public_id: uuid.UUID, pk: int) -> HttpResponse:
    """Two people who look like one: nobody is asked about them again."""
    say_different(pair=lookups.twin_or_404(request, request.patient, pk), by=request.user, now=timezone.now())
    messages.success(request, _("Noted: these are two different people."))
    return redirect("desk:patient", public_id=public_id)


@staff_required()
@require_safe
@reads(by_patient_and_twins)
def patient(request: PatientRequest, public_id: uuid.UUID) -> HttpResponse:
    """Contacts, visits, and who acts for them."""
    now, person = timezone.now(), request.patient
    is_desk = keeps_desk(request.user, request.clinic, now)
    page = {
        "patient": person,
        "twins": request.twins,
        "age": person.age(request.clinic.today(now)),
        "desk": is_desk,
        "courses": courses_in_force(person, request.clinic.today(now)) if is_desk else [],
        "coming": visit_page.coming(person, request.clinics, now),
        "past": visit_page.past(person, request.clinics, now),
        "accesses": visit_page.accesses(person, now),
        "elsewhere": visit_page.comes_elsewhere(person, request.clinics),
        "invite_form": InviteForm(),
        "codes": open_invitations(person, now=now),
        "merges": lookups.merges_of(person) if is_desk else (),
        "takes_death_back": not deaths.why_death_stands(person, now=now),
        "takes_back_address": is_desk and not address_proof.why_not_take_proof_back(person, now=now),
    }
    return render(request, "desk/patient.html", page)


@staff_required(*DESK)
@require_http_methods(["GET", "HEAD", "POST"])
@reads(by_patient)
def change(request: PatientRequest, public_id: uuid.UUID) -> HttpResponse:
    """Another phone, another address, another wish."""
    now, person = timezone.now(), request.patient
    form = PatientForm(request.POST or None, instance=lookups.copy_of(person), today=request.clinic.today(now))
    affected = affected_first(form, person, now, clinics=request.clinics) if form.is_valid() else None
    if form.is_valid() and not affected:
        try:
            change_at_desk(patient=person, by=request.user, clinic=request.clinic, now=now, **form.cleaned_data)
        except ChangedMeanwhile as refusal:
            form.tell_changes(refusal)
        else:
            messages.success(request, _("The changes have been saved."))
            return redirect("desk:patient", public_id=public_id)
    page = {"form": form, "patient": person, "affected": affected}
    return render(request, "desk/change.html", page, status=422 if form.errors else 200)


@staff_required(*DESK)
@require_http_methods(["GET", "HEAD", "POST"])
@reads(by_patient)
def write_down(request: PatientRequest, public_id: uuid.UUID) -> HttpResponse:
    """A visit that was run on paper."""
    now, clinic, person = timezone.now(), request.clinic, request.patient
    form = PastForm(request.POST or None, clinic=clinic, on=clinic.today(now))
    if form.is_valid():
        data = form.cleaned_data
        slot_request = slot_request_for(clinic, [data["what"]], patient_facts_of(person, now=now))
        arguments = {"start": data["start"], "resource_ids": form.resource_ids(), "by": request.user, "now": now}
        try:
            visit = past_visits.record_past(slot_request=slot_request, patient=person, **arguments)
        except ActionRefused as refusal:
            form.add_error(None, refusal.reason)
        else:
            return redirect("desk:visit", public_id=visit.public_id)
    page = {"form": form, "patient": person}
    return render(request, "desk/write_down.html", page, status=422 if form.errors else 200)
