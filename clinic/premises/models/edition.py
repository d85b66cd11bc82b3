"""The edition of what everybody may read: its number changes with every change, whoever writes it."""

import uuid

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Edition(models.Model):
    """One row. Triggers of the tables that public pages show give it a new number in the same transaction.

    A number at random and not one that rises: after a change that was rolled back the former number means the former
    rows again, and never two states one number.
    """

    number = models.UUIDField(_("number"), default=uuid.uuid4, editable=False)

    class Meta:
        verbose_name = _("edition")
        verbose_name_plural = _("editions")
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="edition_only_one")]

    def __str__(self) -> str:
        return str(self.number)


def new_edition(name: str) -> list[pgtrigger.Trigger]:
    """Triggers for the Meta of a model that public pages show."""
    return [
        pgtrigger.Trigger(
            name=f"{name}_new_edition",
            level=pgtrigger.Statement,
            when=pgtrigger.After,
            operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete | pgtrigger.Truncate,
            func="""
                INSERT INTO premises_edition (id, number) VALUES (1, gen_random_uuid())
                ON CONFLICT (id) DO UPDATE SET number = EXCLUDED.number;
                RETURN NULL;
            """,
        )
    ]
