"""Forms of a whole row that say what somebody else changed since they were opened."""

from typing import Any

from django import forms
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from clinic.field_words import spelled
from clinic.people.versions import ChangedMeanwhile, changed_since, mark_of, marks_in, version_of


class VersionField(forms.CharField):
    """Sent along unseen; no change by itself."""

    def __init__(self) -> None:
        super().__init__(required=False, max_length=4000, label="", widget=forms.HiddenInput)

    def has_changed(self, initial: Any, data: Any) -> bool:  # noqa: ARG002
        return False


class VersionedForm(forms.ModelForm):  # type: ignore[type-arg]
    """Carries the version of the row; the action that saves compares it under its lock and raises ChangedMeanwhile."""

    version = VersionField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is None:
            self.fields.pop("version", None)
        else:
            self.initial["version"] = version_of(self.instance, self._names())

    def _names(self) -> list[str]:
        fields = self.instance._meta.concrete_fields
        return [field.name for field in fields if field.name in self.fields and not field.primary_key]

    def tell_changes(self, refusal: ChangedMeanwhile) -> None:
        """Say what changed. What was not touched here shows the newer value; saving once more is then on purpose."""
        self.data = self.data.copy()  # type: ignore[attr-defined]
        shown = marks_in(self.cleaned_data.get("version", ""))
        for name in refusal.names:
            if mark_of(self.instance, name) == shown[name]:
                self._show(name, refusal.row)
        self.data[self.add_prefix("version")] = version_of(refusal.row, self._names())  # type: ignore[index]
        what = ", ".join(self._now(name, refusal.row) for name in refusal.names)
        self.add_error(
            None,
            _("Someone else changed this in the meantime: %(what)s. Please check it and save again.") % {"what": what},
        )

    def _show(self, name: str, row: models.Model) -> None:
        key, data = self.add_prefix(name), self.data
        value = self.fields[name].prepare_value(row._meta.get_field(name).value_from_object(row))  # type: ignore[union-attr]
        data.pop(key, None)  # type: ignore[attr-defined]
        widget = self.fields[name].widget
        if isinstance(widget, forms.MultiWidget):
            parts = widget.decompress(value) or []
            for suffix, part in zip(widget.widgets_names, parts, strict=True):  # type: ignore[attr-defined]
                data[f"{key}{suffix}"] = part  # type: ignore[index]
        elif isinstance(value, list):
            data.setlist(key, value)  # type: ignore[attr-defined]
        elif value is not None and value is not False:
            data[key] = value  # type: ignore[index]

    def _now(self, name: str, row: Any) -> str:
        """A field and its present value, in words."""
        value = getattr(row, f"get_{name}_display", lambda: getattr(row, name))()
        if isinstance(value, dict):
            value = spelled(value, {})
        elif isinstance(value, bool):
            value = _("Yes") if value else _("No")
        elif isinstance(value, int):
            value = self.fields[name].prepare_value(value)
        text = ", ".join(map(str, value)) if isinstance(value, list) else str(value if value is not None else "")
        return _("%(field)s (now: %(value)s)") % {"field": capfirst(self.fields[name].label), "value": text or "–"}


class LockedForm(VersionedForm):
    """For forms that save by themselves inside one transaction, as those of the admin: compares while it is checked."""

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        version = self.cleaned_data.get("version", "")
        if self.instance.pk is None or not version:
            return
        row = type(self.instance)._default_manager.select_for_update().get(pk=self.instance.pk)
        if names := changed_since(row, version, self._names()):
            self.tell_changes(ChangedMeanwhile(row, names))
