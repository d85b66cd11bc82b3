"""What a browser posts from a form of the admin."""

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
            value = field.value()
            data[field.html_name] = "" if value is None or value is False else value
    return data
