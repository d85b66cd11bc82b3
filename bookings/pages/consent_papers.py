"""The photo of a signed paper as an answer to whoever may see it: shown, never run."""

from django.http import HttpResponse

from bookings.models import ConsentPaper

ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp"}
POLICY = (
    "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none';"
    " frame-ancestors 'none'; sandbox"
)
"""The browser puts an image that is opened by itself into a page of its own, with a style of its own."""


def shown_inline(paper: ConsentPaper) -> HttpResponse:
    """What was uploaded was a picture by its first bytes; the browser is told to believe that and nothing else."""
    response = HttpResponse(bytes(paper.content), content_type=paper.content_type)
    response["Content-Disposition"] = f'inline; filename="consent.{ENDINGS[paper.content_type]}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = POLICY
    return response
