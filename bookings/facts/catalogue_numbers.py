"""Numbers that the catalogue's rules say, each with its source there. A rule that cannot be read blocks and says so."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from bookings.errors import PolicyRefused
from therapies.models import Rule

Rules = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class CatalogueNumber:
    """A whole number: the code of the rule that says it, and under which name."""

    rule: str
    name: str

    def in_rules(self, rules: Rules) -> int | None:
        """What these rules (data by code) say; None where there is no such number."""
        value = rules.get(self.rule, {}).get(self.name)
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    @property
    def why_unreadable(self) -> str:
        """What refuses while there is no such number."""
        return _("The rule “%(code)s” cannot be read. Please tell the manager.") % {"code": self.rule}

    def read(self) -> int:
        """What the catalogue says now. Raises PolicyRefused where there is no such number."""
        value = self.in_rules(rules_by_code([self]))
        if value is None:
            raise PolicyRefused(self.why_unreadable)
        return value


ASSESSMENT_DAYS = CatalogueNumber("fr_assessment_validity", "assessment_valid_days")
"""How many days an examination holds."""
GUARDIAN_BELOW = CatalogueNumber("df_guardian_consent_below_years", "value")
"""Below which age, in years, a guardian consents."""
MINIMUM_AGE = CatalogueNumber("df_minimum_age_years_default", "value")
"""From which age, in years, a therapy is given that names no age of its own."""
QUESTIONNAIRE_DAYS = CatalogueNumber("fr_screening_validity", "full_questionnaire_days")
"""How many days the answers to the whole questionnaire count."""


def rules_by_code(numbers: Iterable[CatalogueNumber]) -> Rules:
    """The data of the rules that say these numbers; one query."""
    return dict(Rule.objects.filter(code__in=[number.rule for number in numbers]).values_list("code", "data"))
