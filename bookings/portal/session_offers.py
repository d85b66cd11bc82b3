"""What each person of an account may book as a session, and with whom: everything starts at the account that asks."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from bookings.facts.patient import PatientFacts, patient_facts_of
from bookings.models import PrescriptionItem
from bookings.portal import lookups
from bookings.portal.forms.prescribed import SessionsForm
from bookings.slots.bookable_orders import BookableOrder, orders_to_book, served_last, who_may_serve
from clinic.fields import number_of
from clinic.people.models import Patient, User
from clinic.people.records import RecordsOf
from therapies.models import Practitioner, Price


@dataclass(frozen=True)
class OfferRow:
    """A prescribed therapy as the page shows it. `prices` are (clinic, text); a single clinic is not named."""

    prescribed: BookableOrder
    prices: tuple[str, ...] = ()
    chosen: bool = False


@dataclass(frozen=True)
class Offering:
    """What one person may book. `asks_whom`: first somebody says whom they accept."""

    person: Patient
    patient_facts: PatientFacts
    rows: tuple[OfferRow, ...]
    asks_whom: bool
    people: tuple[tuple[int, str], ...] = field(default=())

    @property
    def open(self) -> list[BookableOrder]:
        """What can be booked now."""
        return [row.prescribed for row in self.rows if not row.prescribed.why_not]

    def form(self, data: object = None, *, number: int = 0) -> SessionsForm:
        """To choose from it; `number` keeps the fields of several people apart on a page."""
        return SessionsForm(data, offered=self.open, people=self.people, auto_id=f"id_{number}_%s")


def offerings(user: User, now: dt.datetime) -> list[Offering]:
    """Everybody whose record this account sees, each with what is prescribed."""
    return [offering(person, now) for person in lookups.people_in_full(user, now)]


def offering(patient: Patient, now: dt.datetime) -> Offering:
    """What this person may book."""
    patient_facts = patient_facts_of(patient, now=now)
    orders = orders_to_book(patient_facts)
    prices = _prices(orders)
    open_now = [row for row in orders if not row.why_not]
    gendered = any(row.variant.therapy.same_gender for row in open_now)
    return Offering(
        person=patient,
        patient_facts=patient_facts,
        rows=tuple(OfferRow(row, tuple(prices.get(row.variant.therapy_id, ()))) for row in orders),
        asks_whom=gendered and not patient.accepts_therapist,
        people=tuple(_people(open_now, patient, now)),
    )


def are_theirs(patient: Patient, numbers: Iterable[str]) -> bool:
    """Whether these are numbers of orders of this patient, in force or not: another's are as unknown as missing."""
    rows = {*numbers}
    wanted = {number for number in map(number_of, rows) if number is not None}
    if len(wanted) < len(rows):
        return False
    items = PrescriptionItem.objects.filter(
        prescription__patient__in=RecordsOf(patient), prescription__signed_at__isnull=False
    )
    return items.filter(pk__in=wanted).count() == len(wanted)


def _prices(found: Sequence[BookableOrder]) -> dict[int, list[str]]:
    """The prices of each therapy; with the clinic where there are several."""
    clinics = list(lookups.open_clinics())
    rows = Price.objects.filter(therapy__in=[row.variant.therapy_id for row in found], clinic__in=clinics)
    prices: dict[int, list[str]] = {}
    for price in rows.select_related("clinic").order_by("clinic__name") if found else ():
        words = price.text if len(clinics) == 1 else f"{price.text} ({price.clinic.sender_name})"
        prices.setdefault(price.therapy_id, []).append(words)
    return prices


def _people(found: Sequence[BookableOrder], patient: Patient, now: dt.datetime) -> list[tuple[int, str]]:
    """Who may serve, whoever served last first."""
    if not found:
        return []
    able: list[Practitioner] = list(who_may_serve([row.variant for row in found], patient, now.date()))
    last = set(served_last(row.number for row in found).values())
    again = [(person.pk, _("As last time: %(name)s") % {"name": person.name}) for person in able if person.pk in last]
    return again + [(person.pk, person.name) for person in able if person.pk not in last]
