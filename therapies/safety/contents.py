"""What a Vaidya reviews: questions, rules, contraindications, texts and consents, each with a mark, and by whom.

Read in as many queries however many there are.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _

from clinic.compiled_query import MOMENT, CompiledQuery
from clinic.field_words import NOTHING, FieldChange, differences
from clinic.premises.editions import of_edition
from therapies.consent_texts import ConsentText, reviewed_texts
from therapies.models import Contraindication, Question, Review, ReviewedKind, Rule, TherapyText

from .words import sentence_of, vocabulary

QUESTION = ("texts", "signs", "answer_type", "effect", "urgency", "data")
RULE = ("kind", "is_hard", "data")
CONTRAINDICATION = ("level", "variants", "note")
GENERAL = "general"
"""The group of the consent that is no procedure's."""
TEXT = ("summary", "what_happens", "preparation", "aftercare", "not_given")


@dataclass(frozen=True)
class Content:
    """One thing to review. `values` is what it says, by the names of its fields; `mark` changes with it."""

    kind: ReviewedKind
    key: str
    group: str
    row: Model | ConsentText
    values: Mapping[str, Any]
    reviews: tuple[Review, ...] = ()

    @property
    def mark(self) -> str:
        """A short name of exactly this content."""
        return mark_of_values(self.values)

    @property
    def is_reviewed(self) -> bool:
        """By somebody whose account is known, or by the name that stands beside a text."""
        return bool(self.reviews) or bool(getattr(self.row, "reviewed_on", None))

    @property
    def title(self) -> str:
        return str(self.row)

    @property
    def about(self) -> str:
        """What it says, where its name is only a code."""
        return "" if isinstance(self.row, ConsentText) else sentence_of(self.row)

    def lines(self, words: Mapping[str, str]) -> list[FieldChange]:
        """What it says, value by value in words."""
        if isinstance(self.row, ConsentText):
            return [FieldChange(label, NOTHING, said) for label, said in _consent_lines(self.row)]
        values = {name: value for name, value in self.values.items() if name != "labels"}
        return differences(type(self.row), {}, values, words)


def _consent_lines(text: ConsentText) -> Iterator[tuple[str, str]]:
    """As the form shows it: sentence by sentence, then what is usual and what may go wrong."""
    yield from ((_("Sentence %(number)s") % {"number": n}, point) for n, point in enumerate(text.points, start=1))
    yield text.expected_title, "; ".join(text.expected)
    yield text.signs_title, "; ".join(text.signs)


@dataclass(frozen=True)
class ContentGroup:
    """What is reviewed on one page."""

    kind: ReviewedKind
    code: str
    title: str
    contents: tuple[Content, ...]

    @property
    def reviewed(self) -> int:
        return sum(content.is_reviewed for content in self.contents)

    @property
    def is_complete(self) -> bool:
        return self.reviewed == len(self.contents)


def mark_of_values(values: Mapping[str, Any]) -> str:
    text = json.dumps(values, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def content_groups(kind: str = "", code: str = "") -> list[ContentGroup]:
    """All of them, or those of one kind and group, in the order of the catalogue."""
    contents = [row for row in _contents(kind) if not code or row.group == code]
    groups: dict[tuple[ReviewedKind, str], list[Content]] = defaultdict(list)
    for content in _with_reviews(contents):
        groups[content.kind, content.group].append(content)
    words = vocabulary()
    return [
        ContentGroup(each, group, words.get(group) or _titles().get(group, group), tuple(rows))
        for (each, group), rows in groups.items()
    ]


def unreviewed(edition: str) -> int:
    """How many of them nobody has reviewed as they stand now.

    What an edition holds is read once for it; rules and reviews are no part of one.
    """
    of_pages = of_edition(edition, "content-marks", lambda: _marks(_contents(but=ReviewedKind.RULE)))
    rows = of_pages | _marks_of_rules(tuple(_rule_values().rows(now=MOMENT)))
    return len(rows - {*_reviews().rows(now=MOMENT)})


@cache
def _rule_values() -> CompiledQuery:
    return CompiledQuery.of(Rule.objects.order_by().values_list("code", *RULE))


@cache
def _reviews() -> CompiledQuery:
    return CompiledQuery.of(Review.objects.order_by().values_list("kind", "key", "version"))


@lru_cache(maxsize=4)
def _marks_of_rules(rows: tuple[tuple[Any, ...], ...]) -> frozenset[tuple[str, str, str]]:
    """By the whole content of the rules, JSON as text: a change counts at once."""
    fields = [dict(zip(RULE, values, strict=True)) for _code, *values in rows]
    return frozenset(
        (ReviewedKind.RULE.value, code, mark_of_values({**values, "data": json.loads(values["data"])}))
        for (code, *_values), values in zip(rows, fields, strict=True)
    )


def _marks(contents: Iterable[Content]) -> frozenset[tuple[str, str, str]]:
    """As reviews name them; not those beside which a reviewer's name stands already."""
    return frozenset((each.kind.value, each.key, each.mark) for each in contents if not each.is_reviewed)


def _titles() -> dict[str, str]:
    """Groups of rules that have no word among the codes."""
    return {
        "frequency": _("How often"),
        "gap": _("Days between therapies"),
        "same_day": _("On one day"),
        "sequence": _("What comes first"),
        "session": _("During a session"),
        "stop": _("When to stop"),
        "vitals": _("Measured values"),
        "schedule": _("Courses and diets"),
        "definition": _("Numbers"),
        "conflict": _("Where sources differ"),
        GENERAL: _("Treatment in general"),
    }


def _with_reviews(contents: Iterable[Content]) -> Iterator[Content]:
    by_mark: dict[tuple[str, str, str], list[Review]] = defaultdict(list)
    for review in Review.objects.select_related("by").order_by("at", "pk"):
        by_mark[review.kind, review.key, review.version].append(review)
    for each in contents:
        reviews = tuple(by_mark[each.kind, each.key, each.mark])
        yield Content(each.kind, each.key, each.group, each.row, each.values, reviews)


def _contents(kind: str = "", *, but: str = "") -> Iterator[Content]:
    """In the order of the pages; what is not asked for is not read."""
    readers: dict[ReviewedKind, Callable[[], Iterator[Content]]] = {
        ReviewedKind.QUESTION: _questions,
        ReviewedKind.RULE: _rules,
        ReviewedKind.CONTRAINDICATION: _contraindications,
        ReviewedKind.TEXT: _texts,
        ReviewedKind.CONSENT: _consents,
    }
    for each, read in readers.items():
        if each != but and (not kind or each == kind):
            yield from read()


def _questions() -> Iterator[Content]:
    for question in Question.objects.filter(is_active=True).order_by("position", "pk"):
        yield Content(ReviewedKind.QUESTION, question.code, question.group, question, _values(question, QUESTION))


def _rules() -> Iterator[Content]:
    for rule in Rule.objects.order_by("kind", "code"):
        yield Content(ReviewedKind.RULE, rule.code, rule.kind, rule, _values(rule, RULE))


def _contraindications() -> Iterator[Content]:
    """Each therapy and term is read once: hundreds of rows share them, and a therapy holds a dozen documents."""
    rows = Contraindication.objects.filter(therapy__is_active=True).prefetch_related("therapy", "term")
    for row in rows.order_by("therapy__position", "therapy__code", "term__code"):
        values = _values(row, CONTRAINDICATION) | {"labels": row.term.labels}
        key = f"{row.therapy.code}/{row.term.code}"
        yield Content(ReviewedKind.CONTRAINDICATION, key, row.therapy.code, row, values)


def _texts() -> Iterator[Content]:
    texts = TherapyText.objects.filter(therapy__is_active=True).prefetch_related("therapy")
    for text in texts.order_by("therapy__position", "therapy__code", "language"):
        key = f"{text.therapy.code}/{text.language}"
        yield Content(ReviewedKind.TEXT, key, text.therapy.code, text, _values(text, TEXT))


def _consents() -> Iterator[Content]:
    for code, text in reviewed_texts():
        group = code or GENERAL
        yield Content(ReviewedKind.CONSENT, f"{group}/{text.language}", group, text, text.words)


def _values(row: Model, names: Iterable[str]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}
