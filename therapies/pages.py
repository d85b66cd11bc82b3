"""What a therapy's page shows, from rows that were read with it (`Therapy.objects.with_page()`)."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from therapies.models import (
    BookingMode,
    Level,
    Needs,
    Presence,
    Source,
    Step,
    Therapy,
    TherapyKind,
    TherapyText,
    Variant,
)
from therapies.shape import WATCH_PLACE

UNSOURCED = "clinic_default"
MOST_MINUTES = 120
"""Beyond it people think in hours."""
ANY_AGE = (0, 120)
"""The limits of a variant that its therapy's do not bind."""


@dataclass(frozen=True)
class Card:
    """A therapy in a list."""

    therapy: Therapy
    summary: str
    length: str
    """From the start of the treatment to the end of rest and bath; empty where it takes no time here."""


@dataclass(frozen=True)
class TherapyPart:
    """A stretch of the patient's visit: minutes from arrival, and how long it lasts. `place` paints it."""

    name: str
    begins: int
    minutes: int
    place: str

    @property
    def length(self) -> str:
        return in_words(self.minutes)


@dataclass(frozen=True)
class CourseOutline:
    """What happens from arrival to leaving, for one way to give the therapy."""

    variant: Variant
    parts: list[TherapyPart]
    crew: list[str]

    @property
    def minutes(self) -> int:
        return max(part.begins + part.minutes for part in self.parts)

    @property
    def length(self) -> str:
        return in_words(self.minutes)


@dataclass(frozen=True)
class NotGiven:
    """The terms of one level, with a heading that says what follows from them."""

    level: str
    heading: str
    terms: list[str]


def in_words(minutes: int) -> str:
    """45 minutes, 4 hours 30 minutes; nothing for none."""
    hours, rest = divmod(minutes, 60) if minutes > MOST_MINUTES else (0, minutes)
    parts = [ngettext("%(count)s hour", "%(count)s hours", hours) % {"count": hours}] if hours else []
    parts += [ngettext("%(count)s minute", "%(count)s minutes", rest) % {"count": rest}] if rest else []
    return " ".join(parts)


def text_of(therapy: Therapy) -> TherapyText | None:
    """The text in the reader's language, else the English one."""
    texts = {text.language: text for text in therapy.texts.all()}
    return texts.get((get_language() or "en").split("-")[0]) or texts.get("en")


def cards(therapies: Iterable[Therapy]) -> list[Card]:
    """Reads what `with_texts()` brought."""
    return [_card(therapy) for therapy in therapies]


def _card(therapy: Therapy) -> Card:
    text = text_of(therapy)
    usual = next((variant for variant in therapy.variants.all() if variant.is_default), None)
    present = [step for step in usual.steps.all() if step.patient_present] if usual else []
    minutes = max((step.offset + step.minutes for step in present), default=0) - _first(present)
    return Card(therapy, text.summary if text else therapy.description, in_words(minutes))


def own_preparation(therapy: Therapy, text: TherapyText | None) -> list[tuple[Variant, list[str]]]:
    """The variants that ask for more before than the therapy's text says, with their sentences in its language."""
    language = text.language if text else "en"
    rows = [(each, each.preparation.get(language, [])) for each in therapy.variants.all()]
    return [(each, lines) for each, lines in rows if lines]


def courses(therapy: Therapy) -> list[CourseOutline]:
    """One for each variant that differs: variants with the same parts and crew are told once, under the first."""
    result: list[CourseOutline] = []
    for variant in therapy.variants.all():
        steps = list(variant.steps.all())
        course = CourseOutline(variant, _parts(therapy, steps), _crew(therapy, steps))
        if all((course.parts, course.crew) != (other.parts, other.crew) for other in result):
            result.append(course)
    return result


def _parts(therapy: Therapy, steps: Iterable[Step]) -> list[TherapyPart]:
    """Arrival first; then what happens with the patient, as it follows."""
    lead, talk = therapy.arrival_lead_minutes, therapy.kind == TherapyKind.CONSULTATION
    words = _("You arrive and check in") if talk else _("You arrive and change, and we ask how you are today")
    arrival = [TherapyPart(words, 0, lead, "arrival")] if lead else []
    present = sorted((step for step in steps if step.patient_present), key=lambda step: step.offset)
    begun = _first(present)
    return arrival + [
        TherapyPart(str(step), lead + step.offset - begun, step.minutes, _place(step)) for step in present
    ]


def _first(present: Iterable[Step]) -> int:
    """When the patient's part begins, in minutes from the treatment's start: preparation lies before it."""
    return min((step.offset for step in present), default=0)


def _place(step: Step) -> str:
    """Treated, at rest in the room, or elsewhere in the house."""
    if any(crew.presence == Presence.PERFORMS for crew in step.crews.all()):
        return "treatment"
    return "rest" if step.room_kept else "elsewhere"


def _crew(therapy: Therapy, steps: Sequence[Step]) -> list[str]:
    """Who is there while the patient is treated, in sentences."""
    people: dict[str, tuple[int, str]] = {}
    if therapy.kind == TherapyKind.CONSULTATION:
        return []
    for step in steps:
        for crew in step.crews.all():
            if step.patient_present:
                known, crew_count = people.get(crew.role, (0, "")), (crew.count, crew.presence)
                people[crew.role] = min(known, crew_count, key=_closeness)  # who prepares may be fewer, or only near
    rows = [_person(role, count, presence) for role, (count, presence) in sorted(people.items(), key=_hands_first)]
    if any(WATCH_PLACE in step.equipment for step in steps):
        rows.append(_("Afterwards someone from the clinic watches over you, and perhaps over others at the same time."))
    if therapy.same_gender:
        rows.append(_("You choose whether a woman or a man may treat you."))
    return [sentence for sentence in rows if sentence]


def _closeness(item: tuple[int, str]) -> tuple[int, int]:
    """Who gives it, who is with the patient, who is in the house; the fuller crew first."""
    count, presence = item
    order: list[str] = [Presence.PERFORMS, Presence.PRESENT, Presence.ON_SITE, ""]
    return (order.index(presence), -count)


def _hands_first(item: tuple[str, tuple[int, str]]) -> int:
    """Who gives it, who helps, and who is near."""
    role, (_count, presence) = item
    if role == "vaidya":
        return 1 if presence == Presence.PERFORMS else 4
    return {"therapist": 0, "attendant": 2, "nurse": 3}.get(role, 5)


def _person(role: str, count: int, presence: str) -> str:
    vaidya = {
        Presence.PERFORMS: _("A Vaidya gives this treatment."),
        Presence.PRESENT: _("A Vaidya is with you during the treatment."),
        Presence.ON_SITE: _("A Vaidya is at the clinic during the treatment."),
    }
    pair = _("Two trained therapists work together.")
    several = ngettext(
        "One trained therapist gives the treatment.", "%(count)s trained therapists work together.", count
    )
    if role == "vaidya":
        return vaidya[Presence(presence)]
    if role == "therapist":
        return pair if count == 2 else several % {"count": count}
    return {"attendant": _("An attendant helps."), "nurse": _("A nurse looks after you.")}.get(role, "")


def not_given(therapy: Therapy) -> list[NotGiven]:
    """What speaks against it, by what follows: not at all, the Vaidya decides, another day."""
    headings = {
        Level.ABSOLUTE: _("Not suitable with:"),
        Level.RELATIVE: _("A Vaidya decides first with:"),
        Level.DEFER: _("We choose another day with:"),
    }
    against = list(therapy.contraindications.all())
    rows = [
        NotGiven(level.value, heading, [str(each.term) for each in against if each.level == level])
        for level, heading in headings.items()
    ]
    return [each for each in rows if each.terms]


def advice_before_booking(therapy: Therapy) -> str:
    """What must come first, in a sentence; empty where nothing must."""
    if therapy.kind == TherapyKind.CONSULTATION:
        return ""
    if therapy.booking_mode == BookingMode.NONE:
        return _("Ask the Vaidya about it at your next consultation.")
    return {
        Needs.NOTHING: "",
        Needs.ASSESSMENT: _("A Vaidya examines you first."),
        Needs.PRESCRIPTION: _("A Vaidya examines you first and prescribes this treatment if it is right for you."),
        Needs.DAY_CHECK: _(
            "A Vaidya examines you first, prescribes this treatment if it is right for you, and "
            "checks you again on the day."
        ),
    }[Needs(therapy.needs)]


def facts(therapy: Therapy) -> list[tuple[str, str]]:
    """The plain facts as pairs of name and value; what is not known is left out."""
    rows = [
        (_("Last meal"), _of_variants(therapy, lambda given: _hours(given.fasting_hours))),
        (_("Age"), _of_variants(therapy, lambda given: _ages(given.youngest, given.oldest))),
        (_("Frequency"), _sessions(therapy)),
        (_("Your day"), _("Keep the whole day free.") if therapy.whole_day else ""),
        (_("Price"), " · ".join(f"{price.clinic}: {price.text}" for price in therapy.prices.all())),
    ]
    return [(name, value) for name, value in rows if value]


def _hours(hours: int | None) -> str:
    if not hours:
        return ""
    return ngettext("at least %(hours)s hour before", "at least %(hours)s hours before", hours) % {"hours": hours}


def _of_variants(therapy: Therapy, words: Callable[[Variant], str]) -> str:
    """What holds for all variants once; else each sentence with the names of those it holds for."""
    variants = list(therapy.variants.all()) or [Variant(therapy=therapy)]
    names: dict[str, list[str]] = {}
    for variant in variants:
        names.setdefault(words(variant), []).append(str(variant))
    if len(names) == 1:
        return next(iter(names))
    return " · ".join(f"{', '.join(named)}: {text}" for text, named in names.items() if text)


def _ages(youngest: int | None, oldest: int | None) -> str:
    if (youngest, oldest) == ANY_AGE:
        return _("at any age")
    if youngest is not None and oldest is not None:
        return _("from %(youngest)s to %(oldest)s years") % {"youngest": youngest, "oldest": oldest}
    if youngest is not None:
        return _("from %(youngest)s years") % {"youngest": youngest}
    return ""


def _sessions(therapy: Therapy) -> str:
    course = therapy.facts.get("course")
    if not course or therapy.kind == TherapyKind.HOME:
        return ""
    usual = course["sessions_default"]
    if usual == 1:
        return _("Usually once; the Vaidya decides.")
    if course["usual_spacing_days"] == 1:
        return _("Usually %(count)s days in a row; the Vaidya decides.") % {"count": usual}
    return _("Usually %(count)s times, with rest days in between; the Vaidya decides.") % {"count": usual}


def sources_of_page(therapy: Therapy) -> list[Source]:
    """What the page rests on, best first; working values without a source are told apart by `has_unsourced`."""
    codes = [code for code in therapy.sources if code != UNSOURCED]
    tiers = ["house", "1", "2", "3"]
    sources = Source.objects.filter(code__in=codes)
    return sorted(sources, key=lambda source: (tiers.index(source.tier) if source.tier in tiers else 9, source.title))


def has_unsourced(therapy: Therapy) -> bool:
    return UNSOURCED in therapy.sources
