"""What a browser posts from a form of the admin."""

from django.forms import BoundField, MultiWidget
from django.test import Client


def form_of(client: Client, url: str) -> dict[str, object]:
    """What the browser would post if nothing was changed."""
    page = client.get(url)
    forms = [
        page.context["adminform"].form,
        *(
            form
            for inline in page.context["inline_admin_formsets"]
            for form in [inline.formset.management_form, *inline.formset.forms]
        ),
    ]
    data: dict[str, object] = {}
    for form in forms:
        for field in form:
            data |= values_of_field(field)
    return data


def values_of_field(field: BoundField) -> dict[str, object]:
    """What a browser sends of one field as it stands; of words by language, an input for each."""
    value, widget = field.value(), field.field.widget
    if isinstance(widget, MultiWidget):
        boxes = value if isinstance(value, list) else widget.decompress(value)
        parts = zip(widget.widgets_names, boxes, strict=True)
        return {f"{field.html_name}{suffix}": part for suffix, part in parts}
    nothing: object = [] if getattr(widget, "allow_multiple_selected", False) else ""
    return {field.html_name: nothing if value is None or value is False else value}
