"""What a patient's clinical record holds, for the pages of those who treat and for the patient's own."""

import datetime as dt
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Model, Prefetch, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from bookings.facts.lifted_limits import lifted_limits
from bookings.models import (
    EXAMINATION,
    Assessment,
    Booking,
    Consent,
    Prescription,
    PrescriptionItem,
    Status,
    Suitability,
)
from clinic.people.models import Patient, User
from clinic.people.records import RecordsOf

GIVEN = frozenset({Status.IN_PROGRESS, Status.COMPLETED, Status.STOPPED})


@dataclass(frozen=True)
class OrderSummary:
    """One prescribed therapy: how many sessions were given, and how many are booked."""

    item: PrescriptionItem
    given: int
    booked: int

    @property
    def left(self) -> int:
        """Sessions that may still be booked while the prescription is in force."""
        return max(0, self.item.sessions - self.given - self.booked)

    @property
    def terms_for_patient(self) -> list[tuple[str, str]]:
        """Of these what the patient takes home: reasons and notes are for those who treat."""
        own = {_("Frequency"), _("Begins on day"), _("Schedule"), _("Pressure"), _("Oils and materials")}
        own |= {_("Dose or volume"), _("Temperature of the material")}
        return [(name, value) for name, value in self.terms if name in own]

    @property
    def terms(self) -> list[tuple[str, str]]:
        """How it is to be given, each with its name; what is empty is left out."""
        item = self.item
        apart = _("daily") if item.days_between == 1 else _("every %(days)s days") % {"days": item.days_between}
        rows = [
            (_("Frequency"), apart if item.sessions > 1 else ""),
            (_("Begins on day"), str(item.first_day) if item.first_day > 1 else ""),
            (_("Schedule"), schedule_name(item.schedule)),
            (_("Pressure"), item.get_pressure_display()),
            (_("Oils and materials"), item.materials),
            (_("Dose or volume"), item.dose_words),
            (_("Temperature of the material"), item.temperature_words),
            (_("Reason for an unusual dose or temperature"), item.amount_reason),
            (_("Reason for a material that matches an allergy"), item.material_reason),
            *((_("Lifted: %(limit)s") % {"limit": limit}, reason) for limit, reason in lifted_limits(item)),
            (_("Note for the therapists"), item.note),
        ]
        return [(name, str(value)) for name, value in rows if value]


@dataclass(frozen=True)
class PrescriptionSummary:
    """A prescription, its therapies, and in words where it stands when it is not in force."""

    prescription: Prescription
    orders: tuple[OrderSummary, ...]
    state: str
    in_force: bool


# --- reading ----------------------------------------------------------------------------------------------------------


def assessments_of(patient: Patient, *, drafts: bool) -> QuerySet[Assessment]:
    """The newest first, earlier versions too."""
    rows = Assessment.objects.filter(patient__in=RecordsOf(patient))
    if not drafts:
        rows = rows.filter(signed_at__isnull=False)
    suited = Prefetch("suitabilities", Suitability.objects.select_related("therapy").order_by("therapy__position"))
    return (
        rows.select_related("clinic", "patient", "by", "replaces", "replaced_by__by", "visit")
        .prefetch_related(suited)
        .order_by("-made_at", "-pk")
    )


def prescriptions_of(patient: Patient, *, drafts: bool, on: Assessment | None = None) -> QuerySet[Prescription]:
    """The newest first, with the bookings of their items; `on`: only those that rest on this examination."""
    rows = Prescription.objects.filter(patient__in=RecordsOf(patient))
    if on is not None:
        rows = rows.filter(assessment=on)
    if not drafts:
        rows = rows.filter(signed_at__isnull=False)
    sessions = Booking.objects.of_orders()
    items = PrescriptionItem.objects.select_related("variant__therapy").order_by("position")
    return (
        rows.select_related("clinic", "patient", "by", "assessment__by", "replaces", "replaced_by__by", "end__by")
        .prefetch_related(Prefetch("items", items.prefetch_related(Prefetch("bookings", sessions, to_attr="counted"))))
        .order_by("-made_at", "-pk")
    )


def consents_of(patient: Patient) -> QuerySet[Consent]:
    """The newest first, withdrawn ones too; `has_paper` says whether there is a photo, which stays unread."""
    rows = Consent.objects.filter(patient__in=RecordsOf(patient)).with_paper_known()
    return rows.select_related("therapy", "clinic", "explained_by", "withdrawn_by").order_by("-given_at", "-pk")


def current_assessments(assessments: QuerySet[Assessment]) -> list[Assessment]:
    """Those of `assessments_of` in whose place nothing signed stands."""
    replaced = {row.replaces_id for row in assessments if row.is_signed}
    return [row for row in assessments if row.pk not in replaced]


def prescription_summary(prescription: Prescription, *, now: dt.datetime) -> PrescriptionSummary:
    """A prescription read by `prescriptions_of`."""
    orders = tuple(_ordered(item) for item in prescription.items.all())
    state = state_of(prescription, on=prescription.clinic.today(now))
    return PrescriptionSummary(prescription, orders, state or _("In force"), in_force=not state)


def state_of(prescription: Prescription, *, on: dt.date) -> str:
    """Why it is not in force on that day, in words; "" when it is."""
    newer = getattr(prescription, "replaced_by", None)
    if not prescription.is_signed:
        return _("Unsigned")
    if newer is not None and newer.is_signed:
        return _("Replaced by a newer version")
    if getattr(prescription, "end", None) is not None:
        return _("Ended")
    return _("No longer valid") if prescription.valid_until < on else ""


def _ordered(item: PrescriptionItem) -> OrderSummary:
    counted: list[Booking] = item.counted  # type: ignore[attr-defined]
    given = sum(booking.status in GIVEN for booking in counted)
    return OrderSummary(item, given, len(counted) - given)


# --- in words ---------------------------------------------------------------------------------------------------------


def assessment_rows(assessment: Assessment) -> list[tuple[str, str]]:
    """What was written down, each with its name; what is empty is left out."""
    pain = "" if assessment.pain is None else _("%(pain)s out of 10") % {"pain": assessment.pain}
    rows = [
        (_("Complaint"), assessment.complaint),
        (_("Pain"), pain),
        (_("Prakriti (constitution)"), assessment.get_prakriti_display()),
        (_("Vikriti (current imbalance)"), assessment.get_vikriti_display()),
        (_("Agni (digestion)"), assessment.get_agni_display()),
        (_("Koshtha (bowel)"), assessment.get_koshtha_display()),
        (pgettext("undigested residue", "Ama"), assessment.get_ama_display()),
        *((str(label), assessment.examination.get(key, "")) for key, label in EXAMINATION.items()),
        (_("Diagnosis"), assessment.diagnosis),
        (_("NAMASTE code"), assessment.diagnosis_code),
        (_("Note"), assessment.note),
    ]
    return [(name, str(value)) for name, value in rows if value]


def schedule_name(code: str) -> str:
    """yoga_basti as people say it: Yoga Basti."""
    return code.replace("_", " ").title()


SIGNATURE = ("signed_by", "signed_at", "signer_name", "signer_number")


def draft_order(assessment: Assessment, by: User) -> Prescription | None:
    """This person's own unsigned prescription on that examination."""
    rows = prescriptions_of(assessment.patient, drafts=True)
    return rows.filter(assessment=assessment, by=by, signed_at=None, replaced_by=None).first()


def record_fingerprint(assessment: Assessment, prescription: Prescription | None) -> str:
    """What is written in both, as 64 hex digits: another word in it gives another one."""
    rows: list[Model] = [assessment, *assessment.suitabilities.order_by("therapy_id")]
    return _fingerprint(rows if prescription is None else [*rows, *_written(prescription)])


def order_fingerprint(prescription: Prescription | None) -> str:
    """The same of a prescription alone; "" of none."""
    return _fingerprint(_written(prescription)) if prescription else ""


def _written(prescription: Prescription) -> list[Model]:
    return [prescription, *prescription.items.order_by("position")]


def _fingerprint(rows: Iterable[Model]) -> str:
    values = [
        [field.value_from_object(row) for field in row._meta.concrete_fields if field.name not in ("id", *SIGNATURE)]
        for row in rows
    ]
    return hashlib.sha256(repr(values).encode()).hexdigest()
