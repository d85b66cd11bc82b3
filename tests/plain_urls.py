"""The addresses of the house for walks that read only how a page answers: a refusal draws no page of its own.

What such a page says and shows is tested with the real one; a walk would draw it a thousand times.
"""

from django.http import HttpRequest, HttpResponse

from clinic.urls import handler400, handler500, urlpatterns

__all__ = ["handler400", "handler500", "urlpatterns"]


def handler403(_request: HttpRequest, exception: Exception) -> HttpResponse:
    return HttpResponse(status=403)


def handler404(_request: HttpRequest, exception: Exception) -> HttpResponse:
    return HttpResponse(status=404)
