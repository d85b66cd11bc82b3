"""A mail's HTML in a frame of its own: its inline style is allowed there, and nothing else is."""

from django.http import HttpResponse

POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none';"
    " frame-ancestors 'self'; sandbox"
)


def framed(html: str) -> HttpResponse:
    """The mail as a document that can run, load, send and reach nothing, not even when opened by itself."""
    response = HttpResponse(html)
    response["Content-Security-Policy"] = POLICY
    response["X-Frame-Options"] = "SAMEORIGIN"
    response["Referrer-Policy"] = "no-referrer"
    return response
