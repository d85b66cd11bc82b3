"""The texts of public pages, for managers: each row is a section of a page in one language."""

from django import forms
from django.contrib import admin
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from clinic.people.history_admin import RecordedHistory
from clinic.people.scoped_admin import OfTheOrganisation
from clinic.people.versioned_forms import LockedForm
from clinic.premises import choices
from clinic.premises.models import PageSection


class PageSectionForm(LockedForm):
    language = forms.ChoiceField(choices=choices.languages, label=capfirst(_("language")))


@admin.register(PageSection)
class PageSectionAdmin(RecordedHistory, OfTheOrganisation):
    form = PageSectionForm
    list_display = ["heading", "page", "language", "position", "is_shown"]
    list_filter = ["page", "language", "is_shown"]
    search_fields = ["heading", "text"]
    fields = ["page", "language", "position", "heading", "text", "is_shown"]
