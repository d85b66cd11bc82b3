"""Devices that signed in wholly before: a signed cookie says to which accounts. It opens nothing.

It separates a member's own browser from strangers when passwords are guessed, and says whether a sign-in is news.
"""

import secrets
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponseBase

from clinic.people.models import User

SALT = "clinic.people.devices"
MOST_ACCOUNTS = 20
YEAR_SECONDS = 365 * 86_400


def known_device(request: HttpRequest, user: User) -> str:
    """The device's own name if this account signed in on it before, else ""."""
    device = _device(request)
    return str(device["id"]) if user.pk in device["of"] else ""


def remember(request: HttpRequest, response: HttpResponseBase, user: User) -> None:
    """From now on this device is known for the account."""
    device = _device(request)
    accounts = [user.pk, *(pk for pk in device["of"] if pk != user.pk)][:MOST_ACCOUNTS]
    response.set_cookie(
        settings.DEVICE_COOKIE_NAME,
        signing.dumps({"id": device["id"], "of": accounts}, salt=SALT),
        max_age=YEAR_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _device(request: HttpRequest) -> dict[str, Any]:
    try:
        rows = signing.loads(request.COOKIES.get(settings.DEVICE_COOKIE_NAME, ""), salt=SALT, max_age=YEAR_SECONDS)
    except signing.BadSignature:
        rows = {"id": secrets.token_urlsafe(16), "of": []}
    return dict(rows)


def device_in_words(agent: str) -> str:
    """A browser's own name of itself, in words that people know: "Firefox, Windows"."""
    browser = next((name for mark, name in BROWSERS if mark in agent), "")
    system = next((name for mark, name in SYSTEMS if mark in agent), "")
    return ", ".join(part for part in (browser, system) if part)


# The order matters: most browsers also name those that they look like.
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)
