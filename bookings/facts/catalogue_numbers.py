"""Numbers that the catalogue's rules say. A rule that cannot be read blocks, and says so."""

from django.utils.translation import gettext as _

from bookings.errors import PolicyRefused
from therapies.models import Rule


def number(code: str, name: str) -> int:
    """What the rule of this code says under that name. Raises PolicyRefused when there is no such number."""
    rule = Rule.objects.filter(code=code).first()
    said = rule.data.get(name) if rule else None
    if not isinstance(said, int) or isinstance(said, bool):
        raise PolicyRefused(_("The rule “%(code)s” cannot be read. Please tell the manager.") % {"code": code})
    return said


def assessment_days() -> int:
    """How many days an examination holds."""
    return number("fr_assessment_validity", "assessment_valid_days")


def guardian_below() -> int:
    """Below which age, in years, a guardian consents."""
    return number("df_guardian_consent_below_years", "value")
