"""Headers that Django and django-csp do not send."""

from collections.abc import Callable, MutableMapping

from django.http import HttpRequest, HttpResponse

PERMISSIONS = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer",
        "browsing-topics",
        "camera",
        "display-capture",
        "geolocation",
        "gyroscope",
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "usb",
    )
)


SIGN_OUTS = {"account_logout", "admin:logout"}
"""Views after which nothing of this person's pages may stay in the browser."""


class HeadersMiddleware:
    """Closes the browser's doors, and keeps pages of people who are signed in out of every cache."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.setdefault("Permissions-Policy", PERMISSIONS)
        # Only when somebody has asked already who it is: with the database away, asking would fail here.
        user = getattr(request, "_cached_user", None)
        if user is not None and user.is_authenticated:
            response["Cache-Control"] = "no-store"
        if request.method == "POST" and request.resolver_match and request.resolver_match.view_name in SIGN_OUTS:
            response["Clear-Site-Data"] = '"cache", "storage"'  # cookies stay: the next page's message is in one
        return response


def on_static_file(headers: MutableMapping[str, str], path: str, url: str) -> None:  # noqa: ARG001
    """Static files leave before the middleware above sees them."""
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
