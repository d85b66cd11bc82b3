"""Questions, rules, terms and sources. Facts that rest on no source are marked for the clinic's Vaidya to confirm."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from clinic.field_words import spelled
from clinic.people.history_admin import RecordedHistory
from clinic.people.scoped_admin import OfTheOrganisation
from clinic.premises.choices import spoken
from therapies.admin.proposals import REASON, Proposing
from therapies.admin.safety_forms import QuestionForm, RuleForm
from therapies.models import Question, Rule, Source, Term
from therapies.pages import UNSOURCED
from therapies.safety.words import sentence_of, vocabulary
from therapies.wording_fields import Worded


class Unconfirmed(admin.SimpleListFilter):
    """Facts that rest on no source are for the clinic's own Vaidya to confirm."""

    title = _("to be confirmed")
    parameter_name = "unsourced"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:  # noqa: ARG002
        return [("yes", _("To be confirmed by your Vaidya"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:  # noqa: ARG002
        return queryset.filter(sources__contains=[UNSOURCED]) if self.value() == "yes" else queryset


@admin.display(description=_("sourced"))
def patient_facts(row: Any) -> str:
    """Whether a fact rests on sources alone."""
    return str(_("to be confirmed by your Vaidya")) if UNSOURCED in row.sources else str(_("sourced"))


@admin.register(Question)
class QuestionAdmin(Proposing, RecordedHistory, Worded, OfTheOrganisation):
    form = QuestionForm
    worded = ("texts", "signs")
    long_words = True
    list_display = ["__str__", "group", "effect", "urgency", patient_facts, "is_active"]
    list_filter = ["group", "effect", Unconfirmed, "is_active"]
    search_fields = ["code", "texts"]
    readonly_fields = ["code", "sources", patient_facts, "from_catalogue", "waiting"]  # type: ignore[list-item]
    fields = [
        "code",
        "group",
        "texts",
        "signs",
        "answer_type",
        "effect",
        "urgency",
        "data",
        "position",
        "is_active",
        "sources",
        patient_facts,  # type: ignore[list-item]
        "from_catalogue",
        "waiting",
        REASON,
    ]

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return False


@admin.register(Rule)
class RuleAdmin(Proposing, RecordedHistory, OfTheOrganisation):
    form = RuleForm
    list_display = ["in_a_sentence", "kind", "is_hard", patient_facts, "code"]
    list_filter = ["kind", "is_hard", Unconfirmed]
    search_fields = ["code"]
    readonly_fields = ["code", "kind", "in_words", "sources", patient_facts, "from_catalogue", "waiting"]  # type: ignore[list-item]
    fields = ["code", "kind", "is_hard", "in_words", "data", *readonly_fields[3:], REASON]

    @admin.display(description=_("rule"), ordering="code")
    def in_a_sentence(self, rule: Rule) -> str:
        """What it says to people; else its code, without the underscores."""
        return sentence_of(rule) or spoken(rule.code.partition("_")[2])

    @admin.display(description=_("in words"))
    def in_words(self, rule: Rule) -> str:
        """All that the data says, as people say it."""
        return "\n".join([self.in_a_sentence(rule), spelled(rule.data, vocabulary())])

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return False


@admin.register(Term)
class TermAdmin(Proposing, RecordedHistory, Worded, OfTheOrganisation):
    worded = ("labels",)
    list_display = ["__str__", "code", "group"]
    list_filter = ["group"]
    search_fields = ["code", "labels"]
    readonly_fields = ["from_catalogue", "waiting"]
    fields = ["code", "group", "labels", "from_catalogue", "waiting", REASON]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """Questions, rules and the catalogue name a term by its code."""
        fixed = super().get_readonly_fields(request, obj)
        return [*fixed, "code"] if obj and "code" not in fixed else fixed

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        """Questions name it, and what was told before."""
        return False


@admin.register(Source)
class SourceAdmin(OfTheOrganisation):
    list_display = ["title", "code", "tier", "url"]
    list_filter = ["tier"]
    search_fields = ["code", "title"]
