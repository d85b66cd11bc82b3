"""Safety data in the words of people: what its codes mean, for comparing two copies of a row."""

from collections.abc import Mapping

from django.db.models import Model
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from clinic.field_words import FieldChange, differences
from therapies.models import Rule, SafetyProposal, Term, Therapy, Variant
from therapies.rulebook import KINDS, rule_or_block

from .rows import MODELS

CODES: Mapping[str, str | Promise] = {
    # What a question says.
    "trigger": _("answer with an effect"),
    "scope": _("validity"),
    "asked_when": _("asked"),
    "asked_by": _("asked by"),
    "applies_to": _("for"),
    "applies_to_variants": _("only for the variants"),
    "effect_overrides": _("other effect for"),
    "terms": _("topic"),
    "known_from": _("already known from"),
    "not_asked_of": _("not asked of these patients"),
    "lasts_days": _("answer valid for days"),
    "alert": _("shown to whoever treats"),
    "asked_of_ages": _("asked of these ages"),
    "lifted_with": _("what is needed to lift it"),
    "replaced_by": _("no longer asked, replaced by"),
    "own_examination": _("the Vaidya's own examination"),
    "report": _("a medical report"),
    "reason": _("reason"),
    "words": _("text by language"),
    "until_physician_clears": _("until a Vaidya has decided"),
    "this_session": _("for this session"),
    "booking": _("when booking"),
    "first_visit": _("at the first visit"),
    "every_session": _("before every session"),
    "urgent_referral": _("refer to a doctor"),
    "block_massage": _("treatment is not allowed"),
    "inform_crew": _("told to the therapists"),
    "needs_consultation_first": _("a Vaidya decides first"),
    "emergency_now": _("emergency, immediately"),
    "same_day_doctor": _("a doctor today"),
    "within_days": _("within days"),
    "red_flag": _("warning sign"),
    "back_caution": _("about the back"),
    "heart_vessels": _("heart, blood pressure and blood vessels"),
    "nerves_bones": _("nerves, brain and bones"),
    "inner_organs": _("inner organs and long-term illnesses"),
    "skin_implants": _("skin, allergies and implants"),
    "medicines": _("medicines"),
    "women": _("pregnancy and period"),
    "general": _("about health in general"),
    "today": _("about today"),
    "yes": _("yes"),
    "no": _("no"),
    "yes_no_unsure": _("yes, no or not sure"),
    "yes_no_prefer_not": _("yes, no or no answer"),
    "yes_no_text": _("yes or no, with text"),
    "integer": _("a number"),
    "integer_0_10": _("a number from 0 to 10"),
    "free_text": _("text"),
    "datetime": _("a day and a time"),
    "at_least": _("at least"),
    "patient": _("the patient"),
    "staff": _("the staff"),
    "man": _("men"),
    "woman": _("women"),
    "birth_date": _("the date of birth"),
    "assessment": _("the examination"),
    "own_record": _("the record"),
    "all": _("all therapies"),
    "standard": _("general consent"),
    "procedure_specific": _("separate consent to this therapy"),
    # What a rule says.
    "says": _("text shown"),
    "max_sessions": _("maximum sessions"),
    "usual_sessions": _("usual sessions"),
    "window_days": _("period in days"),
    "window": _("counted by"),
    "rolling": _("any consecutive days"),
    "calendar_day": _("date"),
    "max_per_day": _("maximum per day"),
    "min_days": _("minimum days"),
    "max_days": _("maximum days"),
    "min_hours": _("minimum hours"),
    "min_hours_between_starts": _("minimum hours between two start times"),
    "break_days": _("maximum days between sessions of one course"),
    "target": _("applies to"),
    "forbid_after": _("not after"),
    "forbid_during_course_of": _("not during a course of"),
    "first": _("what comes first"),
    "after": _("after"),
    "before": _("before"),
    "earlier": _("earlier one"),
    "later": _("later one"),
    "override": _("can be overridden"),
    "lifted_by": _("who may lift it"),
    "allowed": _("allowed"),
    "each_of": _("each of"),
    "days_by_grade": _("days by grade of cleansing"),
    "avara": _("least"),
    "madhyama": _("medium"),
    "pravara": _("most"),
    "order": _("order"),
    "note": _("note"),
    "rule": _("rule"),
    "of": _("of"),
    "steps": _("steps"),
    "days": _("days"),
    "value": _("number"),
    # Families of therapies.
    "massage_family": _("massages"),
    "bolus_family": _("treatments with a warm bolus"),
    "swedana_family": _("steam and heat"),
    "bahya_basti_family": _("oil held on the body"),
    "shodhana_family": _("cleansing treatments"),
}


DEFINITIONS: Mapping[str, str | Promise] = {
    "df_recent_injury_days": _("Days for which an injury counts as recent"),
    "df_recent_surgery_days": _("Days for which an operation counts as recent"),
    "df_recent_fever_days": _("Days for which a fever counts as recent"),
    "df_full_meal_hours": _("Hours after a full meal before a treatment can start"),
    "df_alcohol_hours": _("Hours after alcohol before a treatment can start"),
    "df_minimum_age_years_default": _("Minimum age in years, if the therapy has none"),
    "df_guardian_consent_below_years": _("Age in years below which a guardian must consent"),
}
"""Rules that only say a number, by their code."""


def vocabulary() -> dict[str, str]:
    """Every code of safety data in the reader's language, the names of therapies, variants and terms among them."""
    words = {code: str(word) for code, word in CODES.items()}
    named = {therapy.code: therapy.local_name for therapy in Therapy.objects.only("code", "name", "names")}
    kinds = {variant.code: str(variant) for variant in Variant.objects.select_related("therapy") if variant.name}
    terms = {term.code: str(term) for term in Term.objects.only("code", "labels")}
    return kinds | terms | named | words


def sentence_of(row: Model) -> str:
    """What a rule says to people, or to the reader of the catalogue; other rows are named by their words already."""
    if not isinstance(row, Rule):
        return ""
    if row.code in DEFINITIONS:
        return str(DEFINITIONS[row.code])
    made = (
        rule_or_block(row.code, kind=row.kind, is_hard=row.is_hard, data=row.data, sources=row.sources)
        if row.kind in KINDS
        else None
    )
    return made.says if made is not None else str(row.data.get("rule", ""))


def changes_of(proposal: SafetyProposal, words: Mapping[str, str]) -> list[FieldChange]:
    """What a proposal changes, value by value."""
    return differences(MODELS[proposal.model], proposal.before or {}, proposal.after or {}, words)
