"""What the pages of payments show: sums in words, and the day as a table."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from bookings.facts.payments import paid_for, payments_on, totals, visits_to_pay
from bookings.facts.report_tables import ReportTable
from bookings.models import PaidBy, Payment, Status, Visit
from bookings.rules.fees import Fee, fee_of
from clinic.clock import clock_words, date_format
from clinic.people.models import Patient
from clinic.premises.models import Clinic

MOST_OPEN = 100
"""Visits on the list of what is open: the oldest come first."""


def money_words(amount: Decimal, clinic: Clinic) -> str:
    """An amount with the clinic's sign: ₹ 1,200; hundredths only where there are some."""
    digits = 0 if amount == amount.to_integral_value() else 2
    number = number_format(abs(amount), decimal_pos=digits, use_l10n=True, force_grouping=True)
    return f"{'−' if amount < 0 else ''}{clinic.currency} {number}"


@dataclass(frozen=True)
class VisitMoney:
    """A visit with what it costs as it stands, and what was paid."""

    visit: Visit
    fee: Fee
    paid: Decimal

    @property
    def open(self) -> Decimal:
        return self.fee.open(self.paid)

    @property
    def words(self) -> str:
        """In a few words: open once the patient has arrived or cancelled late, paid, or nothing."""
        if self.open and any(booking.status != Status.BOOKED for booking in self.visit.bookings.all()):
            return _("%(amount)s open") % {"amount": money_words(self.open, self.visit.clinic)}
        if self.paid:
            return _("%(amount)s paid") % {"amount": money_words(self.paid, self.visit.clinic)}
        return ""

    @property
    def rows(self) -> list[tuple[str, str]]:
        """Price, paid and open as pairs of words."""
        clinic = self.visit.clinic
        price = " + ".join([*([money_words(self.fee.amount, clinic)] if self.fee.amount else []), *self.fee.unread])
        open_words = money_words(self.open, clinic) if self.open else "–"
        rows = [(_("Price"), price or "–"), (_("Paid"), money_words(self.paid, clinic)), (_("Open"), open_words)]
        too_much = self.fee.too_much(self.paid)
        return [*rows, (_("Paid too much"), money_words(too_much, clinic))] if too_much else rows


def money_of(visit: Visit, paid: Decimal | None) -> VisitMoney:
    """Of a visit whose bookings were read; `paid` None: nothing yet."""
    return VisitMoney(visit, fee_of(visit.bookings.all()), paid or Decimal(0))


def payment_rows(payments: Iterable[Payment], clinic: Clinic) -> list[tuple[Payment, str, str]]:
    """Each payment with its time and its amount in words."""
    return [(row, clock_words(row.at.astimezone(clinic.zone)), money_words(row.amount, clinic)) for row in payments]


def receipt_rows(payment: Payment, patient: Patient) -> list[tuple[str, str]]:
    """What stands on a receipt, in the language of the moment."""
    rows = [
        (_("Reversal") if payment.reverses else _("Receipt"), payment.receipt),
        (_("Day"), date_format(payment.on, "j F Y")),
        (_("Patient"), patient.full_name),
        (_("Amount"), money_words(payment.amount, payment.clinic)),
        (_("Paid by"), str(PaidBy(payment.method).label)),
    ]
    if payment.reverses:
        return [*rows, (_("Reverses"), payment.reverses.receipt)]
    if reversal := getattr(payment, "reversal", None):
        return [*rows, (_("No longer valid"), _("Reversed by %(receipt)s") % {"receipt": reversal.receipt})]
    return rows


@dataclass(frozen=True)
class DayOfPayments:
    """A clinic's date: its payments, their sums, and for the date that is today the visits with something open."""

    clinic: Clinic
    on: dt.date
    payments: tuple[Payment, ...]
    to_pay: tuple[VisitMoney, ...]

    @property
    def sums(self) -> list[tuple[str, str]]:
        """Each way to pay with its total, and all together."""
        sums = totals(self.payments)
        rows = [(str(PaidBy(code).label), money_words(total, self.clinic)) for code, total in sums.items()]
        return [*rows, (_("Total"), money_words(sum(sums.values(), Decimal(0)), self.clinic))]

    @property
    def rows(self) -> list[tuple[Payment, str, str]]:
        """As `payment_rows`."""
        return payment_rows(self.payments, self.clinic)

    @property
    def patients(self) -> list[Patient]:
        """Whom the page names."""
        visits = [*(row.visit for row in self.payments), *(money.visit for money in self.to_pay)]
        return [visit.patient for visit in visits if visit.patient]


def day_of_payments(clinic: Clinic, on: dt.date, *, with_open: bool = True) -> DayOfPayments:
    """With what is open on visits up to that date."""
    to_pay = open_visits(visits_to_pay(clinic, on)) if with_open else []
    return DayOfPayments(clinic, on, tuple(payments_on(clinic, on)), tuple(to_pay[:MOST_OPEN]))


def open_visits(visits: Iterable[Visit]) -> list[VisitMoney]:
    """Those with something open, in their order."""
    rows = list(visits)
    paid = paid_for(rows)
    return [money for visit in rows if (money := money_of(visit, paid.get(visit.pk))).open]


def table_of(day: DayOfPayments) -> ReportTable:
    """The day as a file: one row a payment, then the sum of each way to pay. No therapy stands in it."""
    columns = (_("Receipt"), _("Time"), _("Patient"), _("Paid by"), _("Amount"), _("By"), _("Reverses"), _("Reason"))
    rows: list[tuple[str | int | float, ...]] = [
        (
            row.receipt,
            clock_words(row.at.astimezone(day.clinic.zone)),
            row.visit.patient.full_name if row.visit.patient else "",
            row.get_method_display(),
            float(row.amount),
            str(row.by),
            row.reverses.receipt if row.reverses else "",
            row.reason,
        )
        for row in day.payments
    ]
    sums = totals(day.payments)
    rows += [(_("Total"), "", "", str(PaidBy(code).label), float(total), "", "", "") for code, total in sums.items()]
    rows.append((_("Total"), "", "", "", float(sum(sums.values())), "", "", ""))
    return ReportTable("payments", _("Payments"), columns, tuple(rows), patients=tuple(day.patients))
