"""Rows edited in a list on the page of their parent: an older list does not undo a newer change unseen."""

import copy
import re
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.forms import BaseInlineFormSet
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from clinic.people.versioned_forms import VersionedForm, VersionField
from clinic.people.versions import ChangedMeanwhile, changed_since, mark_of, marks_in, version_of

if TYPE_CHECKING:
    FormSet = BaseInlineFormSet[Any, Any, Any]
else:
    FormSet = BaseInlineFormSet


class RowForm(VersionedForm):
    """One row of the list. A new row has the column of the version too, empty."""

    changed_meanwhile: list[str]
    """The fields that somebody else changed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.changed_meanwhile = []
        self.stored = copy.copy(self.instance)
        self.fields.setdefault("version", VersionField())

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        version = self.cleaned_data.get("version", "")
        if self.instance.pk is None or not version:
            return
        self.changed_meanwhile = changed_since(self.stored, version, self._names())
        if self.changed_meanwhile:
            self.tell_changes(ChangedMeanwhile(self.stored, self.changed_meanwhile))

    def was_touched(self) -> bool:
        """Whether what was sent differs from what was shown."""
        self.errors  # noqa: B018 - cleans the form
        marks = marks_in(self.data.get(self.add_prefix("version"), "")[:4000])
        names = {field.name for field in self.instance._meta.concrete_fields}
        return any(mark_of(self.instance, name) != mark for name, mark in marks.items() if name in names)


class VersionedFormSet(FormSet):
    """The rows are read under a lock, and shown as they are now when the list is no longer the one that was sent.

    Rows that came meanwhile join the list; a row that is gone leaves it, or becomes a new row where somebody was
    changing it. Saving once more is then on purpose.
    """

    editable = True
    """Whether the rows may be changed at all; else the page sends none of their values."""
    gone = came = rewritten = False

    @cached_property
    def forms(self) -> Any:
        if self.is_bound and self.editable and not self.save_as_new and self.management_form.is_valid():
            self._bring_up_to_date()
        return super().forms

    def _bring_up_to_date(self) -> None:
        rows = list(super().get_queryset().select_for_update(of=("self",)))
        sent = {i: self._row_sent(i, rows) for i in self._numbers_of_rows()}
        missing = [i for i, row in sent.items() if row is None]
        came = [row for row in rows if row not in sent.values()]
        self._queryset = rows
        self.stored = [copy.copy(row) for row in rows]
        if not (missing or came):
            self._queryset = list(sent.values())
            return
        self._object_dict: dict[Any, Model] = {row.pk: row for row in rows}
        forms = {i: self._construct_form(i) for i in missing}  # type: ignore[attr-defined]
        touched = [i for i, form in forms.items() if form.was_touched() and not self._is_ticked(form)]
        self.gone = any(not self._is_ticked(form) for form in forms.values())
        self.came, self.rewritten = bool(came), bool(touched)
        places: dict[Any, Any] = {row.pk: i for i, row in sent.items() if row is not None}
        self._rewrite([places.get(row.pk, row) for row in rows], touched)

    def _numbers_of_rows(self) -> range:
        return range(min(self.initial_form_count(), self.total_form_count()))

    def _row_sent(self, i: int, rows: list[Any]) -> Any:
        key = f"{self.add_prefix(i)}-{self.model._meta.pk.name}"  # type: ignore[union-attr]
        return next((row for row in rows if str(row.pk) == self.data.get(key)), None)

    def _is_ticked(self, form: RowForm) -> bool:
        return bool(self.can_delete and self._should_delete_form(form))  # type: ignore[attr-defined]

    def _rewrite(self, initial: list[Any], touched: list[int]) -> None:
        """Number what was sent anew: the rows there are (by their old number, or new to the page), then new ones."""
        order = [*initial, *touched, *range(len(self._numbers_of_rows()), self.total_form_count())]
        pattern = re.compile(rf"{re.escape(self.prefix or '')}-(\d+)-(.+)")
        sent: dict[int, dict[str, list[str]]] = {}
        for key in [key for key in self.data if pattern.fullmatch(key)]:
            number, name = pattern.fullmatch(key).groups()  # type: ignore[union-attr]
            sent.setdefault(int(number), {})[name] = self.data.pop(key)  # type: ignore[attr-defined]
        for i, old in enumerate(order):
            values = sent.get(old, {}) if isinstance(old, int) else self._as_shown(old)
            if old in touched:
                values |= {self.model._meta.pk.name: [""], "version": [""]}  # type: ignore[union-attr]
            for name, value in values.items():
                self.data.setlist(f"{self.prefix}-{i}-{name}", value)  # type: ignore[attr-defined]
        self.data[f"{self.prefix}-INITIAL_FORMS"] = str(len(initial))  # type: ignore[index]
        self.data[f"{self.prefix}-TOTAL_FORMS"] = str(len(order))  # type: ignore[index]
        self.__dict__.pop("management_form", None)

    def _as_shown(self, row: Model) -> dict[str, list[str]]:
        """What a page sends of a row that nobody touched."""
        form = self.form(instance=row, prefix="row")
        self.add_fields(form, None)
        form.initial = {**form.initial, self.fk.name: self.instance.pk, row._meta.pk.name: row.pk}
        form.initial["version"] = version_of(row, form._names())
        values = {field.name: field.value() for field in form}
        many = {name: value if isinstance(value, list) else [value] for name, value in values.items()}
        return {
            name: [str(each) for each in value if each is not None and each is not False]
            for name, value in many.items()
        }

    def get_queryset(self) -> Any:
        """Once the page was sent: the rows in the order in which it has them."""
        return self._queryset if hasattr(self, "_queryset") else super().get_queryset()

    def clean(self) -> None:
        super().clean()
        words = []
        if self.gone:
            words.append(_("Someone else removed rows from this list in the meantime."))
        if self.rewritten:
            words.append(
                _("Your changes to them are shown below as new rows. If you save again, they will be added again.")
            )
        if self.came and (self.gone or self.has_changed()):
            words.append(_("Someone else added rows to this list in the meantime. They are shown below."))
        for form in self.initial_forms:
            if form.changed_meanwhile and self._is_ticked(form):
                words += [f"{form.stored}: {error}" for error in form.non_field_errors()]
        if words:
            raise ValidationError([*words, _("Please check the list and save again.")])
