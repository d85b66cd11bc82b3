"""Each field of a form of crispy's, in one go: the pack's own template takes a dozen smaller ones for each.

`templates/bootstrap5/field.html` calls it. What is seldom is left to the pack's. Built in: templates load nothing.
"""

from functools import cache
from pathlib import Path
from typing import Any

import crispy_bootstrap5
from django import forms, template
from django.forms.boundfield import BoundField
from django.template.base import Template as Compiled
from django.template.context import Context
from django.template.engine import Engine
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString

from .plain_fields import LABEL, LEGEND, NOTHING, STAR, _attributes, _widget

register = template.Library()

SELDOM = ("tag", "label_class", "field_class", "help_text_inline", "inline_class", "flat_attrs")
"""What a layout may ask for, and ours do not."""
OPTION = (
    '<div class="form-check"><input type="{}" class="form-check-input{}" name="{}" value="{}"{}>'
    '<label for="{}" class="form-check-label">{}</label>{}</div>'
)
CHECK_LABEL = '<label for="{}" class="form-check-label{}">{}{}</label>'
ROW = '<div id="div_{}" class="{}{}">{}</div>'


@register.simple_tag(takes_context=True)
def flat_field(context: Context) -> SafeString:
    """Label, input, errors and help of the field that crispy renders."""
    bound: BoundField = context["field"]
    if _is_seldom(context, bound):
        return SafeString(_of_the_pack().render(context))
    if bound.is_hidden:
        return SafeString(bound)
    classes = [str(context.get("wrapper_class") or ""), bound.css_classes()]
    more = "".join(f" {each}" for each in classes if each)
    widget = bound.field.widget
    if isinstance(widget, forms.CheckboxInput):
        row = format_html(ROW, bound.auto_id, "form-check", more, _checkbox(context, bound))
        return format_html('<div class="mb-3">{}</div>', row)
    is_group = isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple)
    inside = _options(bound) if is_group else _input(context, bound)
    return format_html(ROW, bound.auto_id, "mb-3", more, _labelled(bound, inside))


def _is_seldom(context: Context, bound: BoundField) -> bool:
    widget = bound.field.widget
    return (
        any(context.get(name) for name in SELDOM)
        or "form-horizontal" in str(context.get("form_class") or "")
        or not (context.get("form_show_labels") and context.get("form_show_errors"))
        or bound.field.show_hidden_initial
        or isinstance(widget, forms.FileInput | forms.MultiWidget | forms.SelectDateWidget)
        or hasattr(widget, "widget")
    )


@cache
def _of_the_pack() -> Compiled:
    """The template in whose place ours stands."""
    path = Path(crispy_bootstrap5.__file__).parent / "templates" / "bootstrap5" / "field.html"
    return Engine.get_default().from_string(path.read_text())


def _labelled(bound: BoundField, inside: SafeString) -> SafeString:
    if not bound.label:
        return inside
    required, star = _required(bound)
    if not bound.use_fieldset:
        target = bound.id_for_label
        label = format_html(LABEL, target, required, bound.label, star)
        if not target:
            label = format_html('<label class="form-label{}">{}{}</label>', required, bound.label, star)
        return format_html("{}\n{}", label, inside)
    legend = format_html(LEGEND, required, bound.label, star)
    about = bound.aria_describedby
    described = format_html(' aria-describedby="{}"', about) if about else NOTHING
    return format_html("<fieldset{}>{}\n{}</fieldset>", described, legend, inside)


def _required(bound: BoundField) -> tuple[str, SafeString]:
    return (" requiredField", STAR) if bound.field.required else ("", NOTHING)


def _input(context: Context, bound: BoundField) -> SafeString:
    kind = "form-select" if isinstance(bound.field.widget, forms.Select) else "form-control"
    return format_html("{}\n{}{}", _classed(bound, kind), _errors(context, bound), _help(bound))


def _checkbox(context: Context, bound: BoundField) -> SafeString:
    required, star = _required(bound)
    label = format_html(CHECK_LABEL, bound.id_for_label, required, bound.label, star)
    parts = _classed(bound, "form-check-input"), label, _errors(context, bound), _help(bound)
    return format_html("{}\n{}\n{}{}", *parts)


def _classed(bound: BoundField, kind: str) -> SafeString:
    """The input with the classes that `crispy_field` gives it: the name of its widget and what Bootstrap asks for."""
    widget = bound.field.widget
    name, classes = type(widget).__name__.lower(), str(widget.attrs.get("class") or "")
    if name not in classes:
        classes = f"{classes} {name}".strip()
    words = classes.split()
    missing = [word for word in (kind, *(["is-invalid"] if bound.errors else [])) if word not in words]
    attributes: dict[str, str | bool] = {"class": " ".join([classes, *missing])}
    return _widget(bound, attributes)


def _options(bound: BoundField) -> SafeString:
    """Answers to choose from, each beside its label; the errors stand beside the last, so that they are seen."""
    widget: Any = bound.field.widget
    id_ = widget.attrs.get("id") or bound.auto_id
    attributes = bound.build_widget_attrs({"id": id_} if id_ else {})
    groups = widget.optgroups(bound.html_name, widget.format_value(bound.value()), attributes)
    invalid, last = " is-invalid" if bound.errors else "", len(groups) - 1
    parts: list[SafeString] = []
    for place, (group, options, _index) in enumerate(groups):
        if group:
            parts.append(format_html("<strong>{}</strong>", group))
        for option in options:
            is_last = place == last and option is options[-1]
            label_and_error = conditional_escape(str(option["label"])), _block(bound) if is_last else NOTHING
            about = option["type"], invalid, bound.html_name, str(option["value"]), _attributes(option["attrs"])
            parts.append(format_html(OPTION, *about, option["attrs"].get("id", ""), *label_and_error))
    return format_html("<div>{}</div>\n{}", format_html_join("\n", "{}", ((part,) for part in parts)), _help(bound))


def _help(bound: BoundField) -> SafeString:
    if not bound.help_text:
        return NOTHING
    name = format_html('id="{}_helptext" ', bound.auto_id) if bound.auto_id else NOTHING
    return format_html('\n<div {}class="form-text">{}</div>', name, SafeString(bound.help_text))


def _errors(context: Context, bound: BoundField) -> SafeString:
    return _block(bound, "span" if context.get("error_text_inline") else "p")


def _block(bound: BoundField, tag: str = "p") -> SafeString:
    if not bound.errors:
        return NOTHING
    rows = ((SafeString(tag), place, bound.auto_id, error) for place, error in enumerate(bound.errors, start=1))
    words = format_html_join("", '<{0} id="error_{1}_{2}"><strong>{3}</strong></{0}>', rows)
    return format_html('\n<div id="{}_error" class="invalid-feedback">{}</div>', bound.errors.field_id or "", words)  # type: ignore[attr-defined]
