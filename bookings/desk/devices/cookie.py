"""The cookie that makes a browser a device of the clinic."""

from typing import TypeVar

from django.conf import settings
from django.http import HttpResponse

LASTS_SECONDS = 400 * 86_400  # browsers keep none longer

R = TypeVar("R", bound=HttpResponse)


def remember_device(response: R, token: str) -> R:
    """Give the browser the token of its device."""
    response.set_cookie(
        settings.CLINIC_DEVICE_COOKIE_NAME,
        token,
        max_age=LASTS_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response
