"""Whose data a page of the desk shows. The audit row is committed before the page is made.

`reads(find)` is for a page whose address names a patient or a visit: it finds the row for the view, so that the view
needs no look-up of its own. `reads_page(patients)` is for a list: it asks the page's values whom they name. Both stand
below the decorators that refuse a method: a page that is not shown is no read.
"""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from django.http import HttpResponseBase
from django.http.response import HttpResponseRedirectBase
from django.template.response import TemplateResponse
from django.utils import timezone

from clinic.people.audit import record_read, record_search
from clinic.people.models import Patient
from clinic.premises.models import Clinic

from . import lookups
from .request import ClinicalRequest, PatientRequest, StaffRequest, TwoRecordsRequest, VisitRequest

View = Callable[..., HttpResponseBase]
Patients = Iterable[Patient | int]
Find = Callable[..., tuple[Patients, Clinic]]


def reads(find: Find) -> Callable[[View], View]:
    """A view that shows the patients whom `find(request, **address)` returns, read at the clinic that it returns."""

    def decorate(view: View) -> View:
        @wraps(view)
        def audited(request: StaffRequest, **address: Any) -> HttpResponseBase:
            patients, clinic = find(request, **address)
            _record(request, patients, clinic)
            return view(request, **address)

        return _marked(audited)

    return decorate


def reads_page(
    patients: Callable[[dict[str, Any]], Patients],
    *,
    clinic: Callable[[dict[str, Any]], Clinic] | None = None,
    as_typed: bool = False,
) -> Callable[[View], View]:
    """A view whose TemplateResponse names `patients(page)`; an answer without a page, as a redirect, names nobody.

    `clinic(page)` is where they are read, when it may be another one than the person looks at. `as_typed`: results that
    follow somebody's typing, which are one row a search.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def audited(request: StaffRequest, **address: Any) -> HttpResponseBase:
            response = view(request, **address)
            if isinstance(response, TemplateResponse):
                page = response.context_data or {}
                _record(request, patients(page), clinic(page) if clinic else request.clinic, as_typed=as_typed)
            elif not isinstance(response, HttpResponseRedirectBase):
                raise TypeError(f"{view.__name__} must return a TemplateResponse: the read comes before it.")
            return response

        return _marked(audited)

    return decorate


def _record(request: StaffRequest, patients: Patients, clinic: Clinic, *, as_typed: bool = False) -> None:
    match = request.resolver_match
    door = match.view_name if match else ""
    record: Callable[..., object] = record_search if as_typed else record_read
    record(request=request, patients=patients, door=door, clinic=clinic, now=timezone.now())


def _marked(view: View) -> View:
    view.names_patients = True  # type: ignore[attr-defined]
    return view


# --- what `reads` finds by an address ---------------------------------------------------------------------------------


def by_patient(request: PatientRequest, **address: Any) -> tuple[Patients, Clinic]:
    """The patient of the address, as `request.patient`."""
    request.patient = lookups.patient_or_404(request, address["public_id"])
    return [request.patient], request.clinic


def by_patient_and_twins(request: PatientRequest, **address: Any) -> tuple[Patients, Clinic]:
    """The same, with those who may be the same person, as `request.twins`."""
    (patient,), clinic = by_patient(request, **address)
    request.twins = lookups.twins_of(request, request.patient)
    return [patient, *(twin for _pair, twin in request.twins)], clinic


def by_two_records(request: TwoRecordsRequest, **address: Any) -> tuple[Patients, Clinic]:
    """Both records of the address, as `request.patient` and `request.other`, merged or not."""
    request.patient = lookups.record_or_404(request, address["public_id"])
    request.other = lookups.record_or_404(request, address["other_id"])
    return [request.patient, request.other], request.clinic


def by_visit(request: VisitRequest, **address: Any) -> tuple[Patients, Clinic]:
    """The visit of the address, as `request.visit`."""
    request.visit = lookups.visit_or_404(request, address["public_id"])
    request.patient = lookups.patient_of(request.visit)
    return [request.patient], request.visit.clinic


def of_record(request: ClinicalRequest, **_address: Any) -> tuple[Patients, Clinic]:
    """Whom the door of clinical records found already."""
    visit = getattr(request, "visit", None)
    return [request.patient], visit.clinic if visit else request.clinic
