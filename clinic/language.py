"""Choosing the language of the pages, and the page to come back to."""

from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponseBase
from django.urls import Resolver404, resolve, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.i18n import set_language


def choose_language(request: HttpRequest) -> HttpResponseBase:
    """Django's view, which must not lead to itself."""
    response = set_language(request)
    if _is_here(response.headers.get("Location", "")):
        response.headers["Location"] = reverse("home")
    return response


def language(request: HttpRequest) -> dict[str, object]:
    """A context processor: where the switch of languages leads back to."""
    return {"page_to_return": SimpleLazyObject(lambda: page_to_return(request))}


def page_to_return(request: HttpRequest) -> str:
    """The address to come back to once the language has changed.

    A page that answers a form may have an address that only takes forms: the page with the form is returned to.
    """
    page = request.get_full_path() if request.method in ("GET", "HEAD") else _page_before(request)
    return reverse("home") if _is_here(page) else page


def _page_before(request: HttpRequest) -> str:
    before = request.headers.get("Referer", "")
    here = {request.get_host()}
    if not url_has_allowed_host_and_scheme(before, here, require_https=request.is_secure()):
        return reverse("home")
    parts = urlsplit(before)
    return parts._replace(scheme="", netloc="", fragment="").geturl() or "/"


def _is_here(page: str) -> bool:
    try:
        return resolve(urlsplit(page).path).view_name == "set_language"
    except (Resolver404, ValueError):
        return False
