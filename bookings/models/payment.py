"""What was paid at the clinic for a visit: a mark with a receipt number. Money itself is not moved here."""

from decimal import Decimal
from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clinic.append_only import Sealing, append_only
from clinic.fields import DayField

MOST_PAID = Decimal(1_000_000)
"""A larger amount is a slip of the pen."""


class PaidBy(models.TextChoices):
    """How it was paid: never with what, so that no number of a card or an account is kept."""

    CASH = "cash", _("Cash")
    UPI = "upi", _("UPI")
    CARD = "card", _("Card")


class PaymentQuerySet(models.QuerySet["Payment"]):
    def at(self, clinics: "models.QuerySet[Any]") -> "PaymentQuerySet":
        return self.filter(clinic__in=clinics)

    def with_people(self) -> "PaymentQuerySet":
        """With what a list of payments shows."""
        return self.select_related("visit__patient", "clinic", "by", "reverses", "reversal")


class Payment(models.Model):
    """`number` counts a clinic's payments of a year without a gap; the database gives it. `on` is the clinic's date.

    What was wrong is never edited: a row with the opposite amount, a number of its own and a reason `reverses` it.
    """

    clinic = models.ForeignKey("premises.Clinic", models.PROTECT, related_name="payments")
    visit = models.ForeignKey("bookings.Visit", models.PROTECT, related_name="payments")
    year = models.PositiveSmallIntegerField(_("year"), default=0, editable=False)
    number = models.PositiveIntegerField(_("receipt number"), default=0, editable=False)
    on = DayField(_("day"))
    method = models.CharField(_("paid by"), max_length=10, choices=PaidBy)
    amount = models.DecimalField(_("amount"), max_digits=9, decimal_places=2)
    reverses = models.OneToOneField("self", models.PROTECT, related_name="reversal", null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("when"))

    objects = PaymentQuerySet.as_manager()

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        ordering = ["pk"]
        indexes = [models.Index(fields=["clinic", "on"], name="payment_day")]
        constraints = [
            models.UniqueConstraint(fields=["clinic", "year", "number"], name="payment_receipt_once"),
            models.CheckConstraint(condition=Q(method__in=PaidBy.values), name="payment_method_known"),
            models.CheckConstraint(
                condition=Q(amount__gte=-MOST_PAID, amount__lte=MOST_PAID), name="payment_amount_possible"
            ),
            models.CheckConstraint(
                condition=Q(reverses=None, amount__gt=0, reason="")
                | (Q(reverses__isnull=False, amount__lt=0) & ~Q(reason="")),
                name="payment_reversed_with_reason",
            ),
        ]
        triggers = [
            *append_only("payment"),
            Sealing(
                name="payment_numbered",
                level=pgtrigger.Row,
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="""
                    PERFORM pg_advisory_xact_lock(NEW.clinic_id * 4 + 3);
                    IF NEW.reverses_id IS NOT NULL AND NOT EXISTS (
                        SELECT FROM bookings_payment paid
                        WHERE paid.id = NEW.reverses_id AND paid.amount = -NEW.amount AND paid.method = NEW.method
                          AND paid.visit_id = NEW.visit_id AND paid.clinic_id = NEW.clinic_id
                    ) THEN
                        RAISE EXCEPTION 'pgtrigger: A row of % reverses another one as a whole', TG_TABLE_NAME;
                    END IF;
                    NEW.year := extract(year FROM NEW."on");
                    SELECT coalesce(max(number), 0) + 1 INTO NEW.number
                    FROM bookings_payment WHERE clinic_id = NEW.clinic_id AND year = NEW.year;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return self.receipt

    @property
    def receipt(self) -> str:
        """The receipt number as people read it: 2026-00042."""
        return f"{self.year}-{self.number:05}"
