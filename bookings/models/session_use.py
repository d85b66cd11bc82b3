"""What was really put on or into the body in one session, and what came of it."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clinic.history import tracked

from .amounts import WithAmounts, amount_constraints

MOST_BOUTS, MOST_BLOOD = 60, 1000


@tracked()
class SessionUse(WithAmounts):
    """Beside the session's note, which names the materials. Dose and temperature as in an order.

    Of an enema `in_at` and `out_at`; of emesis and purgation `bouts`; of bloodletting `blood_ml`. `material_reason` is
    why a material was used although the patient told an allergy that it matches.
    """

    booking = models.OneToOneField("bookings.Booking", models.PROTECT, related_name="use")
    material_reason = models.CharField(_("reason for a material that matches an allergy"), max_length=300, blank=True)
    in_at = models.DateTimeField(_("given at"), null=True, blank=True)
    out_at = models.DateTimeField(_("came out at"), null=True, blank=True)
    bouts = models.PositiveSmallIntegerField(_("bouts"), null=True, blank=True)
    blood_ml = models.PositiveSmallIntegerField(_("blood in ml"), null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("when"))

    class Meta:
        verbose_name = _("materials used in a session")
        verbose_name_plural = _("materials used in sessions")
        constraints = [
            models.CheckConstraint(
                condition=Q(out_at=None) | Q(in_at__isnull=False, out_at__gte=F("in_at")),
                name="session_use_out_after_in",
                violation_error_message=_("It cannot come out before it was given."),
            ),
            models.CheckConstraint(
                condition=(Q(bouts=None) | Q(bouts__lte=MOST_BOUTS)) & (Q(blood_ml=None) | Q(blood_ml__lte=MOST_BLOOD)),
                name="session_use_possible",
            ),
            *amount_constraints("session_use"),
        ]

    def __str__(self) -> str:
        return str(self.booking_id)
