"""What every page's frame shows: the house's name, its phone, the emergency numbers."""

from django.http import HttpRequest

from clinic.premises.models import Clinic


def house(request: HttpRequest) -> dict[str, object]:  # noqa: ARG001 - context processors get it
    """The first active clinic, read only when a template asks for it."""
    return {"house": Clinic.objects.filter(is_active=True).first}
