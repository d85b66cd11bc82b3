"""May this be put on or into the body of somebody with these allergies, and if not, why. Pure."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from clinic.reasons import why_no_reason
from therapies.materials import ToldAllergy, allergies_to


def why_not_materials(materials: str, allergies: Iterable[ToldAllergy], reason: str) -> str:
    """A material that matches an allergy that was told needs a written reason: why it may be used all the same."""
    matches = allergies_to(materials, allergies)
    if not matches:
        return ""
    if reason.strip():
        return why_no_reason(reason)
    words = _("“%(materials)s” matches an allergy (%(allergies)s). Choose another material, or give a reason.")
    return words % {"materials": materials, "allergies": "; ".join(str(allergy) for allergy in matches)}
