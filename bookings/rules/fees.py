"""For what a visit is charged, and for what never: illness, health answers and the clinic's own changes. Pure.

The product moves no money: it says what the clinic's own prices come to.
"""

import datetime as dt
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from django.utils.translation import gettext as _

from bookings.models import Booking, CancelledBy, Payment, Status
from clinic.people.models import Role

ILL = frozenset({"patient_ill", "not_suitable", "screening", "patient_died"})
"""Reasons of health: nothing is charged for them, however late."""
OWN = frozenset({"entered_by_mistake"})
"""Reasons that are the clinic's own, whoever is said to have cancelled."""
PLAIN = frozenset({"patient_asked", "time", "journey", "elsewhere"})
"""Reasons of the patient that are not of health. Without one of these a late cancellation is never counted as open."""
NUMBER = re.compile(r"\d[\d,]*(?:\.\d{1,2})?")


class Charge(Enum):
    """`PRICE`: the treatment's. `LATE`: the clinic's for a late cancellation. `ASKED`: only if the desk asks for it.

    `NEVER`: nobody may ask for anything. `NOTHING`: nothing is due.
    """

    PRICE = "price"
    LATE = "late"
    ASKED = "asked"
    NOTHING = "nothing"
    NEVER = "never"


def charge_of(booking: Booking) -> Charge:
    """For what the booking is charged as it stands now. Reads the visit, its clinic and the therapy."""
    status = Status(booking.status)
    if status in (Status.BOOKED, Status.CHECKED_IN, Status.IN_PROGRESS, Status.COMPLETED):
        return Charge.PRICE
    if status == Status.STOPPED:
        return Charge.PRICE if booking.stop_counts else Charge.NEVER
    if status == Status.CANCELLED:
        return _of_cancelled(booking)
    return Charge.NEVER if status == Status.BLOCKED else Charge.NOTHING


def _of_cancelled(booking: Booking) -> Charge:
    if booking.ended_by != CancelledBy.PATIENT or booking.reason in ILL | OWN:
        return Charge.NEVER
    if booking.closed_at is None or booking.closed_at < booking.free_change_until:
        return Charge.NOTHING
    return Charge.LATE if booking.reason in PLAIN else Charge.ASKED


@dataclass(frozen=True)
class Fee:
    """`amount` of what could be read; `unread`: prices in words that are no single number."""

    amount: Decimal = Decimal(0)
    unread: tuple[str, ...] = ()

    def open(self, paid: Decimal) -> Decimal:
        """What is still to be paid."""
        return max(self.amount - paid, Decimal(0))

    def too_much(self, paid: Decimal) -> Decimal:
        """What was paid beyond it, where every price could be read."""
        return Decimal(0) if self.unread else max(paid - self.amount, Decimal(0))


def fee_of(bookings: Iterable[Booking]) -> Fee:
    """What a visit costs as it stands now, by the prices that were booked."""
    amount, unread = Decimal(0), []
    for booking in bookings:
        words = {
            Charge.PRICE: str(booking.plan.get("price", "")),
            Charge.LATE: booking.visit.clinic.late_change_price,
        }.get(charge_of(booking), "")
        read = amount_in(words)
        amount += read or 0
        unread += [words] if words and read is None else []
    return Fee(amount, tuple(unread))


def amount_in(words: str) -> Decimal | None:
    """The amount of a price such as “₹ 1,200”; None where there is not exactly one number in it."""
    numbers = NUMBER.findall(words)
    return Decimal(numbers[0].replace(",", "")) if len(numbers) == 1 else None


def why_not_pay(bookings: Iterable[Booking]) -> str:
    """Whether anything may be taken for the visit."""
    charges = {charge_of(booking) for booking in bookings}
    if charges <= {Charge.NEVER}:
        return _("There is no charge for illness, health answers or changes by the clinic.")
    if charges <= {Charge.NEVER, Charge.NOTHING}:
        return _("Nothing is due for this visit.")
    return ""


def why_not_reverse(payment: Payment, *, by: int, roles: Collection[str], today: dt.date) -> str:
    """Whoever took it may reverse it on its day; afterwards, and for a colleague, a manager does."""
    if payment.reverses_id is not None:
        return _("A reversal cannot be reversed. Enter the payment again.")
    if Role.MANAGER in roles or (payment.by_id == by and payment.on == today):
        return ""
    return _("Only a manager can reverse a payment of an earlier day or of a colleague.")
