"""May readings be kept, a session begin with them, a Vaidya decide on them: "" or the reason in words. Pure."""

from django.utils.translation import gettext as _

from clinic.reasons import why_no_reason
from therapies.models import Therapy
from therapies.readings import Measured, Vitals, may_go_on_unmeasured, vital_words
from therapies.vitals import Readings


def why_not_keep(entry: Measured, why_unmeasured: str) -> str:
    """An entry says something, and why a device does not measure."""
    if entry.readings == Readings() and not entry.unwell and not entry.unmeasured:
        return _("Please enter at least one value.")
    if entry.unmeasured and not why_unmeasured.strip():
        return _("Please say why it cannot be measured.")
    return ""


def why_not_begin_with(vitals: Vitals, therapy: Therapy) -> str:
    """Whether a session may begin with what was measured: all that its entry names, and nothing that stops or waits."""
    if vitals.stops:
        return _("The measured values do not allow this treatment today. Call the Vaidya.")
    if vitals.open_findings:
        return _("Because of the measured values, the Vaidya must see the patient first.")
    if vitals.missing:
        return _("Before this treatment, measure: %(what)s.") % {"what": vital_words(vitals.missing)}
    return _why_not_unmeasured(vitals, therapy)


def why_not_decide(vitals: Vitals, therapy: Therapy, *, allowed: bool, reason: str, report_seen: bool) -> str:
    """Whether a Vaidya may decide so on what was measured, or could not be measured."""
    if not vitals.waits:
        return _("There is nothing to decide on.")
    if why_not := why_no_reason(reason):
        return why_not
    if not allowed:
        return ""
    if vitals.sends_to_a_doctor and not report_seen:
        return _("With these values a medical doctor must see the patient first. Confirm that this was done.")
    monitoring = therapy.facts.get("monitoring") or {}
    if vitals.unmeasured and not may_go_on_unmeasured(monitoring):
        return _why_never_unmeasured(vitals)
    return ""


def _why_not_unmeasured(vitals: Vitals, therapy: Therapy) -> str:
    if not vitals.unmeasured:
        return ""
    if not may_go_on_unmeasured(therapy.facts.get("monitoring") or {}):
        return _why_never_unmeasured(vitals)
    return "" if vitals.agreed else _("Not everything can be measured today: the Vaidya must agree first.")


def _why_never_unmeasured(vitals: Vitals) -> str:
    return _("This treatment is not given without measuring: %(what)s.") % {"what": vital_words(vitals.unmeasured)}
