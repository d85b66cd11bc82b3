"""Reads the environment and says loudly, by the variable's name, what is wrong with it."""

import os
import re
from typing import Literal, cast

import environ
from django.core.exceptions import ImproperlyConfigured

Mode = Literal["local", "production"]
Process = Literal["web", "worker", "command"]

env = environ.Env()


def one_of(name: str, choices: tuple[str, ...], default: str) -> str:
    """The variable's value, which must be one of `choices`."""
    value = os.environ.get(name, "") or default
    if value not in choices:
        raise ImproperlyConfigured(f"{name} is {value!r}; it must be one of: {', '.join(choices)}.")
    return value


def mode() -> Mode:
    """Production unless the launcher or the tests say otherwise."""
    return cast(Mode, one_of("MODE", ("local", "production"), "production"))


def process() -> Process:
    """Which kind of process this is; it chooses pool and time-outs."""
    return cast(Process, one_of("PROCESS", ("web", "worker", "command"), "command"))


def required(name: str) -> str:
    """A variable without which the program does not start."""
    value = os.environ.get(name, "").strip()
    if not value:
        raise ImproperlyConfigured(f"{name} is not set. See .env.example for what it means.")
    return value


def seconds(name: str, default: float) -> float:
    """A length of time above nothing."""
    value = os.environ.get(name, "").strip()
    try:
        found = float(value) if value else default
    except ValueError:
        found = 0.0
    if not 0 < found < float("inf"):
        raise ImproperlyConfigured(f"{name} is {value!r}; it must be a number of seconds.")
    return found


def count(name: str, default: int) -> int:
    """A whole number, nought or more."""
    value = os.environ.get(name, "").strip() or str(default)
    if not value.isascii() or not value.isdigit():
        raise ImproperlyConfigured(f"{name} is {value!r}; it must be a whole number.")
    return int(value)


def yes(name: str, *, default: bool) -> bool:
    """1 or 0."""
    value = one_of(name, ("0", "1"), "1" if default else "0")
    return value == "1"


def secret_key() -> str:
    """At least 50 characters, as Django's own check asks."""
    value = required("SECRET_KEY")
    if len(value) < 50:
        raise ImproperlyConfigured("SECRET_KEY is too short: give at least 50 random characters.")
    return value


def site_url(current: Mode) -> str:
    """The address people type, without a slash at its end; https in production."""
    value = required("SITE_URL").rstrip("/")
    if not re.fullmatch(r"https?://[A-Za-z0-9.-]+(:\d+)?", value):
        raise ImproperlyConfigured(f"SITE_URL is {value!r}; it must be an address such as https://booking.example.org.")
    if current == "production" and not value.startswith("https://"):
        raise ImproperlyConfigured("SITE_URL must begin with https:// in production.")
    return value


def database() -> dict[str, object]:
    """PostgreSQL only: the promises rest on its constraints."""
    required("DATABASE_URL")
    try:
        config = dict(env.db("DATABASE_URL"))
    except (environ.ImproperlyConfigured, ValueError) as error:
        raise ImproperlyConfigured(f"DATABASE_URL cannot be read: {error}") from error
    if config.get("ENGINE") != "django.db.backends.postgresql":
        raise ImproperlyConfigured("DATABASE_URL must name a PostgreSQL database: postgres://user:password@host/name.")
    return config


def redis_url() -> str:
    """Redis or Valkey: the broker; nothing of value is kept in it."""
    value = required("REDIS_URL")
    if not value.startswith(("redis://", "rediss://", "unix://")):
        raise ImproperlyConfigured("REDIS_URL must begin with redis://, rediss:// or unix://.")
    return value


def email(current: Mode) -> dict[str, object]:
    """How mail leaves: by EMAIL_URL; without one, local mode keeps it for the mailbox page."""
    if current == "local" and not os.environ.get("EMAIL_URL"):
        return {"EMAIL_BACKEND": "bookings.letters.mailbox.EmailBackend"}
    url = required("EMAIL_URL")
    if provider := re.fullmatch(r"anymail\+([a-z_]+)://", url):
        return {"EMAIL_BACKEND": f"anymail.backends.{provider[1]}.EmailBackend"}
    try:
        return dict(env.email_url("EMAIL_URL"))
    except (environ.ImproperlyConfigured, ValueError, KeyError) as error:
        raise ImproperlyConfigured(f"EMAIL_URL cannot be read: {error}") from error


def web_address(name: str) -> str:
    """An address on the web, or nothing."""
    value = os.environ.get(name, "").strip()
    if value and not value.startswith(("http://", "https://")):
        raise ImproperlyConfigured(f"{name} is {value!r}; it must begin with https://.")
    return value


def anymail() -> dict[str, object]:
    """What a mail provider other than SMTP needs, as JSON, and the secret that signs its reports."""
    try:
        said = dict(env.json("ANYMAIL", default={}))
    except (ValueError, TypeError) as error:
        raise ImproperlyConfigured(f"ANYMAIL is not a JSON object: {error}") from error
    return {"REQUESTS_TIMEOUT": (5, 5), "WEBHOOK_SECRET": os.environ.get("MAIL_REPORTS_SECRET", ""), **said}


def trusted_proxies() -> int:
    """How many proxies stand before us and set X-Forwarded-For; 0 when none."""
    value = os.environ.get("TRUSTED_PROXY", "") or "0"
    if not value.isdigit():
        raise ImproperlyConfigured(f"TRUSTED_PROXY is {value!r}; it must be the number of proxies before us, or 0.")
    return int(value)
