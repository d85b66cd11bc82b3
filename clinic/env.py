"""Reads the environment and says loudly, by the variable's name, what is wrong with it."""

import ipaddress
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
        number = float(value) if value else default
    except ValueError:
        number = 0.0
    if not 0 < number < float("inf"):
        raise ImproperlyConfigured(f"{name} is {value!r}; it must be a number of seconds.")
    return number


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


def secret_key(current: Mode) -> str:
    """At least 50 characters, as Django's own check asks; in production not a few letters again and again."""
    value = required("SECRET_KEY")
    if reason := _why_weak(value, least=50, distinct=10 if current == "production" else 1):
        raise ImproperlyConfigured(f"SECRET_KEY is {reason}")
    return value


def older_secret_keys(current: Mode) -> list[str]:
    """Keys of before, by which links of letters and sessions are still read; new ones are signed by SECRET_KEY."""
    keys = [key.strip() for key in os.environ.get("SECRET_KEY_FALLBACKS", "").split(",") if key.strip()]
    for key in keys:
        if reason := _why_weak(key, least=50, distinct=10 if current == "production" else 1):
            raise ImproperlyConfigured(f"SECRET_KEY_FALLBACKS has a key that is {reason}")
    return keys


def secret(name: str, current: Mode, *, least: int) -> str:
    """A token that may be missing; one that is there is not to be guessed."""
    value = os.environ.get(name, "").strip()
    if value and current == "production" and (reason := _why_weak(value, least=least, distinct=8)):
        raise ImproperlyConfigured(f"{name} is {reason}")
    return value


PLAIN = re.compile(r"^django-insecure-|(.)\1{7}|^(.{1,32})\2+.{0,31}$", re.DOTALL)
"""A key of `startproject`, one with a run of the same letter (as our own for tools and tests), or one that repeats."""


def _why_weak(value: str, *, least: int, distinct: int) -> str:
    """ "" or what is wrong with a secret; it is not shown."""
    if len(value) < least:
        return f"too short: give at least {least} random characters."
    if len(set(value)) < distinct or (distinct > 1 and PLAIN.search(value)):
        return f"too plain: give at least {least} random characters."
    return ""


def allowed_hosts(current: Mode, own: str) -> list[str]:
    """The names that the site answers to; its own where none is said. Production answers to no wildcard."""
    names = [name.strip() for name in os.environ.get("ALLOWED_HOSTS", "").split(",") if name.strip()] or [own]
    if current == "production" and any("*" in name or name.startswith(".") for name in names):
        raise ImproperlyConfigured("ALLOWED_HOSTS has a wildcard; name each host of the site.")
    return names


def site_url(current: Mode) -> str:
    """The address people type, without a slash at its end; https in production."""
    value = required("SITE_URL").rstrip("/")
    if not re.fullmatch(r"https?://[A-Za-z0-9.-]+(:\d+)?", value):
        raise ImproperlyConfigured(f"SITE_URL is {value!r}; it must be an address such as https://booking.example.org.")
    if current == "production" and not value.startswith("https://"):
        raise ImproperlyConfigured("SITE_URL must begin with https:// in production.")
    return value


def database_url() -> dict[str, object]:
    """PostgreSQL only: the promises rest on its constraints."""
    return _postgresql("DATABASE_URL")


def database_owner(current: Mode, kind: Process) -> dict[str, object]:
    """How the owner of the tables logs in, for migrations; {} where it is who serves too."""
    if not os.environ.get("OWNER_DATABASE_URL", "").strip():
        return {}
    if current == "production" and kind != "command":
        raise ImproperlyConfigured("OWNER_DATABASE_URL is for commands only; take it from processes that serve.")
    config = _postgresql("OWNER_DATABASE_URL")
    if not config["USER"] or not database_url()["USER"]:
        raise ImproperlyConfigured("DATABASE_URL and OWNER_DATABASE_URL must both name their user.")
    return {name: config[name] for name in ("USER", "PASSWORD", "HOST", "PORT")}


def listener_database() -> dict[str, object]:
    """Where senders listen, for a house whose DATABASE_URL leads to a pooler; {} where that is PostgreSQL itself."""
    if not os.environ.get("LISTENER_DATABASE_URL", "").strip():
        return {}
    config = _postgresql("LISTENER_DATABASE_URL")
    names = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}
    return {param: config[name] for name, param in names.items() if config.get(name)}


def _postgresql(name: str) -> dict[str, object]:
    required(name)
    try:
        config = dict(env.db(name))
    except (environ.ImproperlyConfigured, ValueError) as error:
        raise ImproperlyConfigured(f"{name} cannot be read: {error}") from error
    if config.get("ENGINE") != "django.db.backends.postgresql":
        raise ImproperlyConfigured(f"{name} must name a PostgreSQL database: postgres://user:password@host/name.")
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
        return {"EMAIL_BACKEND": "bookings.messages.outbox.mailbox.EmailBackend"}
    url = required("EMAIL_URL")
    if provider := re.fullmatch(r"anymail\+([a-z_]+)://", url):
        return {"EMAIL_BACKEND": f"anymail.backends.{provider[1]}.EmailBackend"}
    try:
        config = dict(env.email_url("EMAIL_URL"))
    except (environ.ImproperlyConfigured, ValueError, KeyError) as error:
        raise ImproperlyConfigured(f"EMAIL_URL cannot be read: {error}") from error
    if current == "production" and (reason := _why_not_mail(config)):
        raise ImproperlyConfigured(reason)
    return config


def _why_not_mail(config: dict[str, object]) -> str:
    """ "" or why production does not send by this: letters carry names, and codes that open accounts."""
    if config.get("EMAIL_BACKEND") != "django.core.mail.backends.smtp.EmailBackend":
        return "EMAIL_URL must name a mail server in production: smtp+tls://user:password@host:587."
    encrypted = config.get("EMAIL_USE_TLS") or config.get("EMAIL_USE_SSL")
    if not encrypted and not is_near(str(config.get("EMAIL_HOST") or "")):
        return "EMAIL_URL must be encrypted in production: smtp+tls:// or smtp+ssl://, except to this machine."
    return ""


def is_near(host: str) -> bool:
    """Whether what is sent there does not leave this machine: a socket or a loopback address."""
    if host in {"", "localhost"} or host.startswith("/"):
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def is_private(host: str) -> bool:
    """Whether the address is one of this machine or of a private network; a name without a dot is one of those too."""
    if is_near(host) or ("." not in host.strip("[]") and ":" not in host):
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_private
    except ValueError:
        return False


def web_address(name: str) -> str:
    """An address on the web, or nothing."""
    value = os.environ.get(name, "").strip()
    if value and not value.startswith(("http://", "https://")):
        raise ImproperlyConfigured(f"{name} is {value!r}; it must begin with https://.")
    return value


def anymail() -> dict[str, object]:
    """What a mail provider other than SMTP needs, as JSON, and the secret that signs its reports."""
    try:
        options = dict(env.json("ANYMAIL", default={}))
    except (ValueError, TypeError) as error:
        raise ImproperlyConfigured(f"ANYMAIL is not a JSON object: {error}") from error
    return {"REQUESTS_TIMEOUT": (5, 5), "WEBHOOK_SECRET": os.environ.get("MAIL_REPORTS_SECRET", ""), **options}


def trusted_proxies() -> int:
    """How many proxies stand before us and set X-Forwarded-For; 0 when none."""
    value = os.environ.get("TRUSTED_PROXY", "") or "0"
    if not value.isdigit():
        raise ImproperlyConfigured(f"TRUSTED_PROXY is {value!r}; it must be the number of proxies before us, or 0.")
    return int(value)
