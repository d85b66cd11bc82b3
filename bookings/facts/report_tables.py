"""What a manager reads of a period in numbers. Reads only; counts and times, never a finding about a patient."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Avg, Count, Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from bookings.facts.report_period import ReportPeriod
from bookings.models import (
    Booking,
    CancelledBy,
    History,
    Message,
    MessageKind,
    PrescriptionItem,
    SessionNote,
    State,
    Status,
    Visit,
)
from clinic.people.models import Access, Patient
from therapies.models.words import in_reader_language

CAME_ABOUT = Q(status__in=[status for status in Status if status not in (Status.HELD, Status.EXPIRED)])
GIVEN = (Status.COMPLETED, Status.STOPPED)
LATE = dt.timedelta(hours=24)
"""A cancellation by the patient later than this before the start counts as late (clinic default)."""
FEWEST = 5
"""Below so many sessions an average would speak of single patients (clinic default)."""


@dataclass(frozen=True)
class ReportTable:
    """Rows of cells under these columns; the first cell names the row. `charted`: the column that is drawn as bars.

    `patients`: whom the rows name.
    """

    code: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str | int | float, ...], ...]
    charted: int = 1
    note: str = ""
    patients: tuple[Patient, ...] = ()


def report_tables(period: ReportPeriod, *, now: dt.datetime) -> list[ReportTable]:
    """All of them, in the order of the page."""
    return [make(period, now) for make in TABLES.values()]


def _by_therapy(period: ReportPeriod, _now: dt.datetime) -> ReportTable:
    """Bookings whose planned start lies in the period, by therapy and how they ended."""
    rows = (
        _bookings(period)
        .values("variant__therapy__names", "variant__therapy__name", "variant__therapy__code")
        .annotate(
            total=Count("pk"),
            given=Count("pk", filter=Q(status__in=GIVEN)),
            cancelled=Count("pk", filter=Q(status=Status.CANCELLED)),
            absent=Count("pk", filter=Q(status=Status.NO_SHOW)),
        )
        .order_by("-total", "variant__therapy__code")
    )
    return ReportTable(
        "therapies",
        _("Bookings by therapy"),
        (_("Therapy"), _("Bookings"), _("Completed"), _("Cancelled"), _("No-show")),
        tuple(
            (
                _name(row["variant__therapy__names"], row["variant__therapy__name"]),
                row["total"],
                row["given"],
                row["cancelled"],
                row["absent"],
            )
            for row in rows
        ),
    )


def _by_source(period: ReportPeriod, _now: dt.datetime) -> ReportTable:
    """Who made the visits of the period: patients and their relatives online, the clinic's staff, or from paper."""
    begin, end = period.span
    access = Access.objects.filter(user=OuterRef("by"), patient=OuterRef("visit__patient"))
    online = History.objects.filter(visit=OuterRef("pk"), verb="book").filter(Exists(access))
    paper = Booking.objects.filter(visit=OuterRef("pk"), paper=True)
    visits = Visit.objects.confirmed().filter(clinic=period.clinic, arrives_at__gte=begin, arrives_at__lt=end)
    rows = Counter(
        "paper" if is_paper else "online" if is_online else "desk"
        for is_online, is_paper in visits.values_list(Exists(online), Exists(paper))
    )
    names = (("online", _("Online")), ("desk", _("At the clinic or by phone")), ("paper", _("From paper")))
    return ReportTable(
        "sources",
        _("Where visits come from"),
        (_("Source"), _("Visits")),
        tuple((name, rows[code]) for code, name in names),
    )


def _absent_patients(period: ReportPeriod, _now: dt.datetime) -> ReportTable:
    """Patients who did not come or cancelled late, who did so most often first."""
    absent = Counter(_bookings(period).filter(status=Status.NO_SHOW).values_list("visit__patient", flat=True))
    late = Counter(_late(period).values_list("visit__patient", flat=True))
    patients = Patient.objects.in_bulk({pk for pk in (*absent, *late) if pk is not None})
    order = sorted(patients.values(), key=lambda row: (-absent[row.pk] - late[row.pk], row.full_name, row.pk))
    return ReportTable(
        "absent",
        _("No-shows and late cancellations"),
        (_("Patient"), _("Both"), _("No-show"), _("Cancelled late")),
        tuple((row.full_name, absent[row.pk] + late[row.pk], absent[row.pk], late[row.pk]) for row in order),
        note=_("Late: cancelled by the patient less than 24 hours before."),
        patients=tuple(order),
    )


def _lead_times(period: ReportPeriod, _now: dt.datetime) -> ReportTable:
    """How long before its start a visit was made."""
    zone, counts = period.clinic.zone, [0] * len(LEAD_DAYS)
    for made, starts in _bookings(period).filter(position=0, paper=False).values_list("visit__made_at", "starts_at"):
        days = (starts.astimezone(zone).date() - made.astimezone(zone).date()).days
        counts[next(number for number, most in enumerate(LEAD_DAYS) if most is None or days <= most)] += 1
    names = [_("Same day"), _("1 to 2 days"), _("3 to 7 days"), _("8 to 14 days"), _("More than 14 days")]
    return ReportTable(
        "lead_times",
        _("Booked how long before"),
        (_("Time before"), _("Visits")),
        tuple(zip(names, counts, strict=True)),
    )


LEAD_DAYS = (0, 2, 7, 14, None)
"""The last day of each group."""


def _courses(period: ReportPeriod, now: dt.datetime) -> ReportTable:
    """What became of the courses that were signed in the period: more than one session of a therapy."""
    begin, end = period.span
    today, counts = period.clinic.today(now), Counter[str]()
    signed = PrescriptionItem.objects.filter(
        prescription__clinic=period.clinic, prescription__signed_at__gte=begin, prescription__signed_at__lt=end
    )
    in_force = F("prescription__valid_until")
    taken = Count("bookings", filter=Q(bookings__status=Status.COMPLETED) | Q(bookings__stop_counts=True))
    rows = signed.filter(sessions__gt=1).annotate(taken=taken, until=in_force)
    for sessions, given, until, ended, replaced in rows.values_list(
        "sessions", "taken", "until", "prescription__end", "prescription__replaced_by__signed_at"
    ):
        over = until < today or any(row is not None for row in (ended, replaced))
        state = "finished" if given >= sessions else "running" if not over else "broken" if given else "never"
        counts[state] += 1
    names = (
        ("finished", _("All sessions given")),
        ("running", _("Still valid")),
        ("broken", _("Ended before the last session")),
        ("never", _("No session given")),
    )
    return ReportTable(
        "courses",
        _("Courses"),
        (_("State"), _("Courses")),
        tuple((name, counts[code]) for code, name in names),
        note=_("Courses whose prescription was signed in these days."),
    )


def _pain(period: ReportPeriod, _now: dt.datetime) -> ReportTable:
    """Pain before and after, where both were asked: counts and averages. No claim about an effect."""
    names = [_("Therapy"), _("Sessions"), _("Average before"), _("Average after"), _("Lower"), _("Same"), _("Higher")]
    numbers = ("lower", "same", "higher")
    return ReportTable(
        "pain",
        _("Pain before and after sessions"),
        tuple(names),
        tuple(
            (
                _name(row["names"], row["name"]),
                row["total"],
                round(row["before"], 1),
                round(row["after"], 1),
                *(row[number] for number in numbers),
            )
            for row in _pain_rows(period)
        ),
        note=_("What patients said, from 0 to 10. Therapies with fewer than 5 such sessions are left out."),
    )


def _pain_rows(period: ReportPeriod) -> Iterable[Mapping[str, Any]]:
    """One row a therapy, where enough sessions asked for both numbers."""
    begin, end = period.span
    notes = SessionNote.objects.filter(
        booking__visit__clinic=period.clinic, booking__starts_at__gte=begin, booking__starts_at__lt=end
    ).filter(pain_before__isnull=False, pain_after__isnull=False)
    rows = notes.annotate(names=F("booking__variant__therapy__names"), name=F("booking__variant__therapy__name"))
    return (
        rows.values("names", "name", "booking__variant__therapy__code")
        .annotate(
            total=Count("pk"),
            before=Avg("pain_before"),
            after=Avg("pain_after"),
            lower=Count("pk", filter=Q(pain_after__lt=F("pain_before"))),
            same=Count("pk", filter=Q(pain_after=F("pain_before"))),
            higher=Count("pk", filter=Q(pain_after__gt=F("pain_before"))),
        )
        .filter(total__gte=FEWEST)
        .order_by("-total", "booking__variant__therapy__code")
    )


def _messages(period: ReportPeriod, _now: dt.datetime) -> ReportTable:
    """Messages that fell due in the period, by kind and what became of them."""
    begin, end = period.span
    rows = (
        Message.objects.filter(clinic=period.clinic, due_at__gte=begin, due_at__lt=end)
        .exclude(state=State.VOID)
        .values("kind")
        .annotate(
            total=Count("pk"),
            sent=Count("pk", filter=Q(state=State.SENT)),
            failed=Count("pk", filter=Q(state=State.FAILED)),
            due=Count("pk", filter=Q(state=State.DUE)),
        )
        .order_by("-total", "kind")
    )
    labels = dict(MessageKind.choices)
    return ReportTable(
        "messages",
        _("Messages and calls"),
        (_("Kind"), _("All"), _("Sent"), _("Failed"), _("Due")),
        tuple(
            (str(labels.get(row["kind"], row["kind"])), row["total"], row["sent"], row["failed"], row["due"])
            for row in rows
        ),
    )


TABLES: dict[str, Callable[[ReportPeriod, dt.datetime], ReportTable]] = {
    "therapies": _by_therapy,
    "sources": _by_source,
    "absent": _absent_patients,
    "lead_times": _lead_times,
    "courses": _courses,
    "pain": _pain,
    "messages": _messages,
}


def _bookings(period: ReportPeriod) -> QuerySet[Booking]:
    begin, end = period.span
    rows = Booking.objects.filter(visit__clinic=period.clinic, starts_at__gte=begin, starts_at__lt=end)
    return rows.filter(CAME_ABOUT, visit__patient__isnull=False)


def _late(period: ReportPeriod) -> QuerySet[Booking]:
    """The first booking of each visit that the patient cancelled late."""
    late = History.objects.filter(visit=OuterRef("visit"), verb="cancel", at__gt=OuterRef("starts_at") - LATE)
    rows = _bookings(period).filter(status=Status.CANCELLED, ended_by=CancelledBy.PATIENT, position=0)
    return rows.filter(Exists(late))


def _name(names: dict[str, str], name: str) -> str:
    return in_reader_language(names, name)
