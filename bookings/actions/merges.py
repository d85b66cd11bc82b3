"""Two records are one person: one goes on, the other leads to it; and back, where it was a mistake.

Visits, their time, messages, accounts and codes move. What was signed or told stays under the record where it stands
and is read for both (`clinic.people.records`).
"""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import Q

from bookings.actions.locks import lock
from bookings.actions.occupancy_rows import delete_rows
from bookings.actions.sessions_ahead import look_again
from bookings.actions.transaction import action
from bookings.errors import refuse_if
from bookings.facts.merges import accesses_to_move, merge_facts_of, overlapping, taken_of
from bookings.models import Booking, History, Message, Occupancy, StoppedPatient, Visit
from bookings.rules import merges as merge_rules
from clinic.people.contacts import why_wait
from clinic.people.models import Access, Invitation, Patient, PatientMerge, PossibleTwin, User
from clinic.people.news import tell_of_access
from clinic.premises.models import Clinic

MOVED: dict[str, Any] = {
    "visits": Visit.objects,
    "occupancies": Occupancy.objects,
    "messages": Message.objects,
    "accesses": Access.objects,
    "invitations": Invitation.objects,
    "records": Patient.objects,
}
"""What moves from one record to the other, by its name in `PatientMerge.moved`."""


@action
def merge_patients(*, survivor: Patient, merged: Patient, clinic: Clinic, by: User, now: dt.datetime) -> PatientMerge:
    """From now on `merged` leads to `survivor`, and so does whatever led to it. Raises PolicyRefused, JustTaken."""
    survivor, other = _locked(survivor, merged)
    earlier = PatientMerge.objects.standing().filter(merged__in=[survivor, other]).select_related("by").first()
    facts = merge_facts_of(survivor, other, now=now)
    refuse_if(merge_rules.why_not_merge(survivor, other, facts, earlier=earlier))
    _check_accounts(survivor, other, by=by, now=now)
    _give_back_lapsed_holds([survivor, other], now=now)
    accesses = list(accesses_to_move(survivor, other).select_related("user"))
    moved = _ids_to_move(survivor, other, accesses, now=now)
    for name, ids in moved.items():
        _move(name, ids, survivor)
    Patient.objects.filter(pk=other.pk).update(merged_into=survivor)
    moved |= _joined(survivor, other, now=now) | {"twins": _settle_twins(survivor, other, by=by, now=now)}
    row = PatientMerge.objects.create(survivor=survivor, merged=other, by=by, at=now, moved=moved)
    _write_history(moved["visits"], "merge", row, by=by, now=now)
    for access in accesses:
        access.patient = survivor
        tell_of_access(access, clinic=clinic, code_by=by.pk, now=now)
    look_again(survivor, by=by, now=now)
    return row


@action
def undo_merge(*, merge: PatientMerge, by: User, now: dt.datetime) -> PatientMerge:
    """They are two people: what moved goes back; what was booked or written since stays. Raises PolicyRefused."""
    survivor, merged = _locked(merge.survivor, merge.merged)
    row = PatientMerge.objects.select_for_update().get(pk=merge.pk)
    row.survivor = survivor
    refuse_if(merge_rules.why_not_undo_merge(row))
    row.undone_at, row.undone_by = now, by
    row.save(update_fields=["undone_at", "undone_by"])
    Patient.objects.filter(pk=merged.pk).update(merged_into=None)
    for name in MOVED:
        _move(name, _still(name, row.moved.get(name, ()), survivor), merged)
    _part(row, survivor)
    _write_history(row.moved.get("visits", ()), "undo_merge", row, by=by, now=now)
    for patient in (survivor, merged):
        look_again(patient, by=by, now=now)
    return row


def _locked(survivor: Patient, merged: Patient) -> tuple[Patient, Patient]:
    """Both as they are now. FOR UPDATE: whoever adds a visit to either waits for us, whatever lock it takes."""
    ids = [survivor.pk, merged.pk]
    lock(patients=ids)
    rows = Patient.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk").in_bulk()
    return rows[survivor.pk], rows[merged.pk]


def _check_accounts(survivor: Patient, merged: Patient, *, by: User, now: dt.datetime) -> None:
    """Where an account acts for either, the rules of giving somebody access hold. Raises PolicyRefused."""
    acting = set(Access.objects.filter(patient__in=[survivor, merged], ends_on=None).values_list("user", flat=True))
    refuse_if(merge_rules.why_not_merge_own(by, acting))
    if acting:
        refuse_if(why_wait(survivor, by=by, now=now) or why_wait(merged, by=by, now=now))


def _give_back_lapsed_holds(patients: Iterable[Patient], *, now: dt.datetime) -> None:
    lapsed = Booking.objects.lapsed_holds(now).filter(occupancies__patient__in=[*patients])
    delete_rows([*lapsed.distinct()])


def _ids_to_move(survivor: Patient, other: Patient, accesses: Iterable[Access], *, now: dt.datetime) -> dict[str, Any]:
    """The ids of what moves. Past times at which both were taken stay: nobody changes them any more."""
    past = overlapping(survivor, other).filter(during__endswith__lte=now)
    rows = {
        "visits": Visit.objects.filter(patient=other),
        "occupancies": taken_of(other).exclude(pk__in=past.values("pk")),
        "messages": Message.objects.filter(patient=other),
        "invitations": Invitation.objects.filter(patient=other),
        "records": Patient.objects.filter(merged_into=other),
    }
    ids = {name: list(each.order_by("pk").values_list("pk", flat=True)) for name, each in rows.items()}
    return ids | {"accesses": [access.pk for access in accesses]}


def _move(name: str, ids: Iterable[int], to: Patient) -> None:
    MOVED[name].filter(pk__in=[*ids]).update(**{_link(name): to})


def _still(name: str, ids: Iterable[int], at: Patient) -> list[int]:
    """Those of them that nobody has moved on since."""
    return list(MOVED[name].filter(pk__in=[*ids], **{_link(name): at}).values_list("pk", flat=True))


def _link(name: str) -> str:
    return "merged_into" if name == "records" else "patient"


def _joined(survivor: Patient, other: Patient, *, now: dt.datetime) -> dict[str, Any]:
    """The survivor comes to the clinics of both; whoever wanted no optional messages gets none."""
    clinics = list(other.clinics.exclude(pk__in=survivor.clinics.values("pk")).values_list("pk", flat=True))
    survivor.clinics.add(*clinics)
    stops = StoppedPatient.objects.filter(patient=other).exists()
    newly = stops and StoppedPatient.objects.get_or_create(patient=survivor, defaults={"at": now})[1]
    return {"clinics": clinics, "stopped": newly}


def _part(row: PatientMerge, survivor: Patient) -> None:
    """What `_joined` gave goes again, but for clinics where the survivor has visits of their own."""
    theirs = Visit.objects.filter(patient=survivor).values("clinic")
    added = survivor.clinics.filter(pk__in=row.moved.get("clinics", ())).exclude(pk__in=theirs)
    survivor.clinics.remove(*added)
    if row.moved.get("stopped"):
        StoppedPatient.objects.filter(patient=survivor).delete()
    reopened = PossibleTwin.objects.filter(pk__in=row.moved.get("twins", ()), settled_at=row.at)
    reopened.update(settled_at=None, settled_by=None)


def _settle_twins(survivor: Patient, other: Patient, *, by: User, now: dt.datetime) -> list[int]:
    """The pair is settled; other open pairs of the merged record become the survivor's. Returns their ids."""
    pairs = PossibleTwin.objects.open().filter(Q(patient=other) | Q(other=other))
    thirds = [row.patient_id if row.other_id == other.pk else row.other_id for row in pairs]
    PossibleTwin.objects.bulk_create(
        (
            PossibleTwin(patient_id=max(survivor.pk, third), other_id=min(survivor.pk, third), found_at=now)
            for third in thirds
            if third != survivor.pk
        ),
        ignore_conflicts=True,
    )
    settled = list(pairs.exclude(Q(patient=survivor) | Q(other=survivor)).values_list("pk", flat=True))
    pairs.update(settled_at=now, settled_by=by)
    return settled


def _write_history(visits: Iterable[int], verb: str, row: PatientMerge, *, by: User, now: dt.datetime) -> None:
    detail = {"merge": row.pk, "survivor": row.survivor_id, "merged": row.merged_id}
    History.objects.bulk_create(History(visit_id=visit, verb=verb, by=by, at=now, detail=detail) for visit in visits)
