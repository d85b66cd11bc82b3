"""Do the files of a catalogue agree with each other? Pure: every problem as a line that names file, entry and field."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator

from pydantic import JsonValue

from therapies.desk_flags import KIND as DESK_FLAG
from therapies.models import BookingMode
from therapies.rulebook import KINDS, RuleUnclear, rule_of
from therapies.suitability import EMERGENCY_NOW, OWN_EXAMINATION, SAME_DAY_DOCTOR

from .question_shapes import QuestionShape
from .reader import Catalogue, CatalogueBroken
from .shapes import Basis, RuleShape, TherapyShape, VariantShape

# The keys of a rule whose values are codes of therapies, groups, variants or events.
NAMING = (
    "applies_to",
    "each_of",
    "order",
    "target",
    "forbid_after",
    "forbid_during_course_of",
    "therapy",
    "therapy_group",
    "after",
    "before",
    "earlier",
    "later",
)


def check(catalogue: Catalogue) -> None:
    """Raises CatalogueBroken with all the problems, if there are any."""
    problems = list(problems_of(catalogue))
    if problems:
        raise CatalogueBroken(problems)


def problems_of(catalogue: Catalogue) -> Iterator[str]:
    for therapy in catalogue.therapies.values():
        yield from _of_therapy(therapy, catalogue)
    yield from _of_texts(catalogue)
    yield from _twice("questions.yaml", [question.code for question in catalogue.questions])
    yield from _twice("rules.yaml", [rule.code for rule in catalogue.rules])
    for question in catalogue.questions:
        yield from _of_question(question, catalogue)
    for rule in catalogue.rules:
        yield from _of_rule(rule, catalogue)
    yield from _of_vocabulary(catalogue)


def _unknown(where: str, what: str, given: Iterable[str], known: Collection[str]) -> Iterator[str]:
    for code in given:
        if code not in known:
            yield f"{where}: unknown {what} “{code}”"


def _twice(where: str, codes: list[str]) -> Iterator[str]:
    for code, count in Counter(codes).items():
        if count > 1:
            yield f"{where}: {code}: is there {count} times"


def _basis(where: str, basis: Basis, catalogue: Catalogue) -> Iterator[str]:
    for field, sources in basis.items():
        yield from _unknown(f"{where}.{field}", "source", sources, catalogue.sources)


def _of_therapy(therapy: TherapyShape, catalogue: Catalogue) -> Iterator[str]:
    words, at = catalogue.vocabulary, f"therapies/{therapy.code}.yaml: "
    yield from _unknown(f"{at}category", "category", [therapy.category], words.categories)
    yield from _unknown(f"{at}phase", "phase", [therapy.phase], words.phases)
    yield from _unknown(f"{at}also_phases", "phase", therapy.also_phases, words.phases)
    yield from _unknown(f"{at}scope", "scope", [therapy.scope], words.scopes)
    yield from _unknown(f"{at}consent", "consent", [therapy.consent], words.consents)
    yield from _unknown(f"{at}groups", "group", therapy.groups, words.groups)
    yield from _unknown(f"{at}preparation", "preparation", therapy.preparation, words.preparation)
    yield from _unknown(f"{at}aftercare", "after-care", therapy.aftercare, words.aftercare)
    yield from _unknown(f"{at}facts.equipment", "equipment", therapy.facts.equipment, words.equipment)
    sequencing = therapy.facts.sequencing
    yield from _unknown(f"{at}facts.sequencing", "therapy", sequencing.follows, catalogue.therapies)
    yield from _unknown(f"{at}facts.sequencing", "therapy", sequencing.usually_followed_by, catalogue.therapies)
    if therapy.facts.course:
        rules = {rule.code for rule in catalogue.rules}
        yield from _unknown(f"{at}facts.course.schedules", "rule", therapy.facts.course.schedules, rules)
    yield from _basis(f"{at}basis", therapy.basis, catalogue)
    yield from _of_contraindications(therapy, catalogue, at)
    yield from _of_variants(therapy, catalogue, at)
    sentences = [words.preparation[code]["en"] for code in therapy.preparation if code in words.preparation]
    if therapy.hours_after_meal is None and any("{hours}" in sentence for sentence in sentences):
        yield f"{at}hours_after_meal: a preparation needs it"


def _of_contraindications(therapy: TherapyShape, catalogue: Catalogue, at: str) -> Iterator[str]:
    codes = [variant.code for variant in therapy.variants]
    for term, against in therapy.contraindications.items():
        where = f"{at}contraindications.{term}"
        yield from _unknown(where, "term", [term], catalogue.terms)
        yield from _unknown(f"{where}.sources", "source", against.sources, catalogue.sources)
        yield from _unknown(f"{where}.variants", "variant", against.variants, codes)


def _of_variants(therapy: TherapyShape, catalogue: Catalogue, at: str) -> Iterator[str]:
    variants = {variant.code: variant for variant in therapy.variants}
    yield from _twice(f"{at}variants", [variant.code for variant in therapy.variants])
    if bool(therapy.variants) == (therapy.booking_mode == BookingMode.NONE):
        yield f"{at}variants: a therapy that is booked needs some, one that is not booked (none) has none"
    if therapy.variants and sum(variant.default for variant in therapy.variants) != 1:
        yield f"{at}variants: exactly one must be the default"
    for variant in therapy.variants:
        where = f"{at}variants[{variant.code}]"
        yield from _basis(f"{where}.basis", variant.basis, catalogue)
        others = [code for code in variants if code != variant.code]
        yield from _unknown(
            f"{where}.preparation", "preparation", variant.preparation, catalogue.vocabulary.preparation
        )
        yield from _unknown(
            f"{where}.smaller_crew_of",
            "other variant",
            [variant.smaller_crew_of] if variant.smaller_crew_of else [],
            others,
        )
        if variant.same_as:
            rows = [code for code, other in variants.items() if other.steps]
            yield from _unknown(f"{where}.same_as", "variant with steps", [variant.same_as], rows)
        else:
            yield from _of_steps(variant, catalogue, where)


def _of_steps(variant: VariantShape, catalogue: Catalogue, where: str) -> Iterator[str]:
    words = catalogue.vocabulary
    yield from _unknown(f"{where}.room", "room", [variant.room or ""], words.rooms)
    yield from _twice(f"{where}.steps", [step.code for step in variant.steps])
    if not any(step.patient and step.offset == 0 for step in variant.steps):
        yield f"{where}.steps: none begins with the patient at offset 0"
    for step in variant.steps:
        at = f"{where}.steps[{step.code}]"
        yield from _unknown(at, "step", [step.code], words.steps)
        yield from _unknown(f"{at}.equipment", "scarce equipment", step.equipment, words.scarce_equipment)
        yield from _unknown(f"{at}.crew", "role", [crew.role for crew in step.crew], words.roles)
        yield from _twice(f"{at}.crew", [crew.role for crew in step.crew])


def _of_texts(catalogue: Catalogue) -> Iterator[str]:
    for language, texts in catalogue.texts.items():
        where = f"texts.{language}.yaml"
        yield from _unknown(where, "therapy", texts, catalogue.therapies)
        for code, text in texts.items():
            preparation = catalogue.vocabulary.preparation
            yield from _unknown(
                f"{where}: {code}.preparation_replaces", "preparation", text.preparation_replaces, preparation
            )
    for code in catalogue.therapies:
        if code not in catalogue.texts["en"]:
            yield f"texts.en.yaml: {code}: is missing"


def _names(catalogue: Catalogue) -> set[str]:
    """Everything that a question or a rule may name."""
    names = {*catalogue.therapies, *catalogue.vocabulary.groups, *catalogue.vocabulary.events}
    for therapy in catalogue.therapies.values():
        for variant in therapy.variants:
            names |= {variant.code, f"{therapy.code}_{variant.code}"}
    return names


def _of_question(question: QuestionShape, catalogue: Catalogue) -> Iterator[str]:
    at, names = f"questions.yaml: {question.code}", _names(catalogue)
    yield from _unknown(f"{at}.rule.terms", "term", question.rule.terms, catalogue.terms)
    yield from _unknown(f"{at}.rule.applies_to", "therapy or group", question.rule.applies_to, names)
    yield from _unknown(f"{at}.rule.applies_to_variants", "variant", question.rule.applies_to_variants, names)
    yield from _unknown(f"{at}.rule.effect_overrides", "therapy", question.rule.effect_overrides, catalogue.therapies)
    yield from _unknown(f"{at}.sources", "source", question.sources, catalogue.sources)
    questions = {row.code for row in catalogue.questions}
    yield from _unknown(f"{at}.rule.replaced_by", "question", question.rule.replaced_by, questions)
    if question.urgency in (EMERGENCY_NOW, SAME_DAY_DOCTOR) and question.rule.lifted_with == OWN_EXAMINATION:
        yield f"{at}.rule.lifted_with: a sign for a doctor the same day is lifted only with a report"
    if "en" not in question.text:
        yield f"{at}.text.en: is missing"
    if question.urgency == "emergency_now" and "en" not in question.sign:
        yield f"{at}.sign.en: an emergency needs its sign"


def _as_codes(value: JsonValue) -> list[str]:
    return [str(code) for code in value] if isinstance(value, list) else [str(value)]


def _of_rule(rule: RuleShape, catalogue: Catalogue) -> Iterator[str]:
    at, names = f"rules.yaml: {rule.code}", _names(catalogue)
    yield from _unknown(f"{at}.sources", "source", rule.sources, catalogue.sources)
    yield from _basis(f"{at}.basis", rule.basis, catalogue)
    if rule.kind in ("definition", "schedule", "conflict"):
        return
    for key in NAMING:
        if key in rule.rule:
            yield from _unknown(
                f"{at}.rule.{key}", "therapy, group, variant or event", _as_codes(rule.rule[key]), names
            )
    if rule.kind == DESK_FLAG:
        yield from _of_desk_flag(rule, catalogue, f"desk_flags.yaml: {rule.code}.rule")
    if "term" in rule.rule:
        yield from _unknown(f"{at}.rule.term", "term", _as_codes(rule.rule["term"]), catalogue.terms)
    if rule.kind in KINDS:
        yield from _of_booking_rule(rule, catalogue, f"{at}.rule")


def _of_desk_flag(rule: RuleShape, catalogue: Catalogue, at: str) -> Iterator[str]:
    yield from _unknown(f"{at}.terms", "term", _as_codes(rule.rule.get("terms", [])), catalogue.terms)
    yield from _unknown(f"{at}", "cause", rule.rule.keys() - {"says"}, ("terms", "age_from", "waits_for"))
    says = rule.rule.get("says")
    for language in {"en", "hi"} - (says.keys() if isinstance(says, dict) else set()):
        yield f"{at}.says.{language}: is missing"


def _of_booking_rule(rule: RuleShape, catalogue: Catalogue, at: str) -> Iterator[str]:
    """A rule that bookings are held against must be understood here, not when somebody wants to book."""
    try:
        rule_of(rule.code, kind=rule.kind, is_hard=rule.hard, data=rule.rule, sources=rule.sources)
    except RuleUnclear as unclear:
        yield from (f"{at}: {problem}" for problem in unclear.problems)
        return
    needs = rule.rule.get("first", [])
    for need in needs if isinstance(needs, list) else []:
        named = need if isinstance(need, dict) else {}
        yield from _unknown(f"{at}.first.of", "therapy or group", _as_codes(named.get("of", [])), _names(catalogue))
        yield from _unknown(f"{at}.first.steps", "step", _as_codes(named.get("steps", [])), catalogue.vocabulary.steps)


def _of_vocabulary(catalogue: Catalogue) -> Iterator[str]:
    words = catalogue.vocabulary
    for group, sources in words.groups.items():
        yield from _unknown(f"vocabulary.yaml: groups.{group}", "source", sources, catalogue.sources)
    yield from _unknown("vocabulary.yaml: scarce_equipment", "equipment", words.scarce_equipment, words.equipment)
