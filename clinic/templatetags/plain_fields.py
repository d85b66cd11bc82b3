"""A field of a form as crispy's pack of Bootstrap shows it, without a dozen templates for each. For pages that are hot.

Built in: templates load nothing.
"""

from typing import Any

from django import forms, template
from django.forms.boundfield import BoundField
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

register = template.Library()

NOTHING = SafeString("")
KINDS = ("text", "email", "date", "time", "number", "input", "password", "checkbox")
INPUTS = frozenset(f"django/forms/widgets/{kind}.html" for kind in KINDS)
SELECT, CHOICE = "django/forms/widgets/select.html", "django/forms/widgets/select_option.html"
OPTION = '<option value="{}"{}>{}</option>'
TEXTAREA = "django/forms/widgets/textarea.html"
LABEL = '<label for="{}" class="form-label{}">{}{}</label>'
LEGEND = '<legend class="form-label{} fs-6">{}{}</legend>'
STAR = SafeString('<span class="asteriskField">*</span>')
RADIO = (
    '<div class="form-check"><input type="radio" class="form-check-input{}" name="{}" value="{}" id="{}"{}>'
    '<label for="{}" class="form-check-label">{}</label>{}</div>'
)


@register.simple_tag
def plain_field(bound: BoundField) -> SafeString:
    """Label, input, help and errors; several answers to choose one from are a group with a legend."""
    if isinstance(bound.field.widget, forms.RadioSelect):
        return _radios(bound)
    name, required = _name(bound)
    label = format_html(LABEL, bound.id_for_label, required, name, STAR if required else NOTHING)
    is_select = isinstance(bound.field.widget, forms.Select)
    classes = f"{'form-select' if is_select else 'form-control'}{' is-invalid' if bound.errors else ''}"
    about = _described_by(bound)
    attributes: dict[str, str | bool] = {"class": classes}
    attributes |= {"aria-describedby": about} if about else {}
    parts = (label, _widget(bound, attributes), _errors(bound), _help(bound))
    return format_html('<div id="div_{}" class="mb-3">{}</div>', bound.auto_id, _joined(parts))


def _widget(bound: BoundField, attributes: dict[str, str | bool]) -> SafeString:
    """What `as_widget` says, without a template for each input and one for its attributes."""
    widget = bound.field.widget
    if type(widget).render is not forms.Widget.render or getattr(widget, "option_template_name", CHOICE) != CHOICE:
        return bound.as_widget(attrs=attributes)
    made = bound.build_widget_attrs(dict(attributes), widget)
    if bound.auto_id:
        made.setdefault("id", bound.auto_id)
    parts: dict[str, Any] = widget.get_context(bound.html_name, bound.value(), made)["widget"]
    words, value = _attributes(parts["attrs"]), parts["value"]
    if widget.template_name in INPUTS:
        is_filled = NOTHING if value is None else format_html(' value="{}"', value)
        return format_html('<input type="{}" name="{}"{}{}>', parts["type"], parts["name"], is_filled, words)
    if widget.template_name == TEXTAREA:
        return format_html('<textarea name="{}"{}>\n{}</textarea>', parts["name"], words, value or "")
    if widget.template_name == SELECT and not any(name for name, *_rest in parts["optgroups"]):
        rows = (row for _name, options, _place in parts["optgroups"] for row in options)
        options = format_html_join("", OPTION, ((r["value"], _attributes(r["attrs"]), r["label"]) for r in rows))
        return format_html('<select name="{}"{}>{}</select>', parts["name"], words, options)
    return bound.as_widget(attrs=attributes)


def _attributes(attributes: dict[str, Any]) -> SafeString:
    shown = ((name, value) for name, value in attributes.items() if value is not False)
    rows = ((name, NOTHING if value is True else format_html('="{}"', value)) for name, value in shown)
    return format_html_join("", " {}{}", rows)


def _radios(bound: BoundField) -> SafeString:
    name, required = _name(bound)
    chosen = str(bound.value() if bound.value() is not None else "")
    invalid, about = " is-invalid" if bound.errors else "", _described_by(bound)
    rows = list(bound.field.choices)  # type: ignore[attr-defined]
    errors = [NOTHING] * (len(rows) - 1) + [_errors(bound)]  # beside the last, so that it is seen
    radios = format_html_join(
        "",
        RADIO,
        (
            (
                invalid,
                bound.html_name,
                value,
                f"{bound.auto_id}_{place}",
                _state(bound, str(value) == chosen),
                f"{bound.auto_id}_{place}",
                label,
                error,
            )
            for place, ((value, label), error) in enumerate(zip(rows, errors, strict=True))
        ),
    )
    legend = format_html(LEGEND, required, name, STAR if required else NOTHING)
    described = format_html(' aria-describedby="{}"', about) if about else NOTHING
    inside = format_html("<fieldset{}>{}<div>{}</div>{}</fieldset>", described, legend, radios, _help(bound))
    return format_html('<div id="div_{}" class="mb-3">{}</div>', bound.auto_id, inside)


def _state(bound: BoundField, is_chosen: bool) -> SafeString:  # noqa: FBT001 - of one radio
    marks = [
        " checked" if is_chosen else "",
        " required" if bound.field.required and bound.form.use_required_attribute else "",
        ' aria-invalid="true"' if bound.errors else "",
    ]
    return SafeString("".join(marks))


def _name(bound: BoundField) -> tuple[Any, str]:
    return bound.label, " requiredField" if bound.field.required else ""


def _described_by(bound: BoundField) -> str:
    ids = [f"{bound.auto_id}_helptext"] if bound.help_text else []
    return " ".join([*ids, *([f"{bound.auto_id}_error"] if bound.errors else [])])


def _help(bound: BoundField) -> SafeString:
    text = bound.help_text
    return format_html('<div id="{}_helptext" class="form-text">{}</div>', bound.auto_id, text) if text else NOTHING


def _errors(bound: BoundField) -> SafeString:
    if not bound.errors:
        return NOTHING
    words = format_html_join("", "<span><strong>{}</strong></span>", ((error,) for error in bound.errors))
    return format_html('<div id="{}_error" class="invalid-feedback">{}</div>', bound.auto_id, words)


def _joined(parts: tuple[SafeString, ...]) -> SafeString:
    return format_html_join("", "{}", ((part,) for part in parts))
