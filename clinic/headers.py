"""Headers that neither Django nor a library of ours sends."""

from collections.abc import Callable, MutableMapping

from django.http import HttpRequest, HttpResponse

SIGN_OUTS = {"account_logout", "admin:logout"}
"""Views after which nothing of this person's pages may stay in the browser."""


class HeadersMiddleware:
    """Closes the browser's doors, and keeps errors and what is shown to somebody in particular out of every cache."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if response.status_code >= 400 or _is_personal(request):
            response["Cache-Control"] = "no-store"
        if request.method == "POST" and request.resolver_match and request.resolver_match.view_name in SIGN_OUTS:
            response["Clear-Site-Data"] = '"cache", "storage"'  # cookies stay: that of the device is one
        return response


def _is_personal(request: HttpRequest) -> bool:
    """Whether the browser has a session: of somebody signed in, or of a visitor who has begun to book or to sign in.

    It asks nothing of the database, which may be away. A body that was refused before the session has none.
    """
    session = getattr(request, "session", None)
    return session is not None and not session.is_empty()


STATIC_POLICY = "default-src 'none'; frame-ancestors 'none'"
"""A file that is opened by itself loads nothing and stands in no frame; pages have a policy of their own."""


def on_static_file(headers: MutableMapping[str, str], path: str, url: str) -> None:  # noqa: ARG001
    """Static files leave before the middleware above sees them."""
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    headers["Content-Security-Policy"] = STATIC_POLICY
    headers["X-Frame-Options"] = "DENY"
