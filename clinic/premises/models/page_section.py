"""What a clinic says on its public pages, as rows that it edits: notices, terms, answers."""

import re

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from clinic.history import recorded

from .edition import new_edition

PLACEHOLDERS = ("{clinic}", "{contact}", "{late_change}")
"""What a text may leave to the clinics' own pages: their name, how they are reached, what a late change costs."""
LONGEST_TEXT = 4000


def validate_placeholders(text: str) -> None:
    """Refuses a word in braces that nothing stands for."""
    unknown = [word for word in re.findall(r"\{[^}]*\}?", text) if word not in PLACEHOLDERS]
    if unknown:
        raise ValidationError(
            _("%(word)s stands for nothing. You can use %(words)s."),
            params={"word": unknown[0], "words": ", ".join(PLACEHOLDERS)},
        )


class PublicPage(models.TextChoices):
    """Whose sections they are."""

    VISIT = "visit", _("Before you come")
    FAQ = "faq", _("Questions and answers")
    PRIVACY = "privacy", _("Privacy notice")
    TERMS = "terms", _("Terms")
    ACCESSIBILITY = "accessibility", _("Accessibility")


@recorded()
class PageSection(models.Model):
    """A heading and its text in one language. An empty line begins a paragraph; lines with "- " are a list."""

    page = models.CharField(_("page"), max_length=20, choices=PublicPage)
    language = models.CharField(_("language"), max_length=5)
    position = models.PositiveSmallIntegerField(
        _("order on the page"), default=100, validators=[MinValueValidator(1), MaxValueValidator(999)]
    )
    heading = models.CharField(_("heading"), max_length=160)
    text = models.TextField(
        _("text"),
        max_length=LONGEST_TEXT,
        validators=[validate_placeholders],
        help_text=_("An empty line begins a new paragraph. Lines that begin with a hyphen and a space become a list."),
    )

    is_shown = models.BooleanField(_("shown"), default=True, db_default=True)

    class Meta:
        verbose_name = _("text of a public page")
        verbose_name_plural = _("texts of public pages")
        ordering = ["page", "language", "position", "pk"]
        triggers = new_edition("page_section")
        constraints = [
            models.CheckConstraint(condition=models.Q(page__in=PublicPage.values), name="page_section_page_known"),
        ]

    def __str__(self) -> str:
        return self.heading
