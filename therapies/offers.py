"""Whether a therapy is complete enough to be offered: "" or what is missing, in words."""

from django.utils.translation import gettext as _

from therapies.models import BookingMode, Needs, Therapy, Variant
from therapies.step_order import why_not_steps


def missing_of(therapy: Therapy) -> str:
    """One that is booked needs a default variant, and each variant steps that fit together and have their crew."""
    if not therapy.texts.exclude(summary="").exists():
        return _("Patients have nothing to read yet: add a text for patients first.")
    if therapy.needs != Needs.NOTHING and not therapy.contraindications.exists():
        return _("Nobody would be kept from it yet: add when it is not suitable first.")
    if therapy.booking_mode == BookingMode.NONE:
        return ""
    variants = list(therapy.variants.prefetch_related("steps__crews"))
    if not any(variant.is_default for variant in variants):
        return _("Add a variant, and make one the default.")
    return next((reason for variant in variants if (reason := _why_not_variant(variant))), "")


def _why_not_variant(variant: Variant) -> str:
    steps = list(variant.steps.all())
    if not steps:
        return _("The variant “%(variant)s” has no steps yet.") % {"variant": variant.code}
    if not any(step.crews.all() for step in steps):
        return _("Nobody gives the variant “%(variant)s” yet: say who works in its steps.") % {"variant": variant.code}
    return next(iter(why_not_steps(steps)), "")
