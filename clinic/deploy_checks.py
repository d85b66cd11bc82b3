"""What `manage.py check --deploy` says of the servers beside ours, besides what Django asks."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Tags, Warning, register  # noqa: A004 - Django's own name

from clinic.database_roles import missing_limits, powers
from clinic.env import is_private

ENCRYPTED = {"require", "verify-ca", "verify-full"}


@register(Tags.security, deploy=True)
def encrypted_where_others_listen(**_said: Any) -> list[CheckMessage]:
    """Warn where the database or the broker is reached over a public network in clear."""
    database: dict[str, Any] = settings.DATABASES["default"]
    result: list[CheckMessage] = []
    if not is_private(database["HOST"]) and database["OPTIONS"].get("sslmode") not in ENCRYPTED:
        hint = "Add ?sslmode=verify-full to DATABASE_URL, or reach it by a private network."
        result.append(Warning("The database is reached without TLS.", hint=hint, id="clinic.W001"))
    broker = urlsplit(settings.REDIS_URL)
    if broker.scheme == "redis" and not is_private(broker.hostname or ""):
        hint = "Use rediss:// in REDIS_URL, or reach it by a private network."
        result.append(Warning("The broker is reached without TLS.", hint=hint, id="clinic.W002"))
    return result


@register(Tags.security, deploy=True)
def migrated_by_another_role(**_options: Any) -> list[CheckMessage]:
    """Warn where the program serves as the owner of its tables, who can rewrite every log."""
    if settings.DATABASE_OWNER and settings.DATABASE_OWNER["USER"] != settings.SERVING_ROLE:
        return []
    hint = "Set OWNER_DATABASE_URL for `manage.py migrate`, and DATABASE_URL to a role that owns nothing."
    return [Warning("The program serves as the owner of its tables.", hint=hint, id="clinic.W003")]


@register(Tags.database, deploy=True)
def serves_without_power(databases: Sequence[str] | None = None, **_options: Any) -> list[CheckMessage]:
    """Ask the database itself, for `manage.py check --deploy --database default`."""
    hint = "Let the serving role own nothing, and run `manage.py grant_serving_role`."
    reasons = powers() if "default" in (databases or []) else []
    return [Warning(f"The serving role {reason}.", hint=hint, id="clinic.W004") for reason in reasons]


@register(Tags.database, deploy=True)
def waits_no_longer_than_it_may(databases: Sequence[str] | None = None, **_options: Any) -> list[CheckMessage]:
    """Ask the database itself: behind a pooler nothing but the role says how long a statement may last."""
    hint = "Give each kind of process a role of its own in DATABASE_URL, and run `manage.py limit_roles`."
    missing = missing_limits(settings.PROCESS) if "default" in (databases or []) else []
    return [Warning(f"{name} is not what this process needs.", hint=hint, id="clinic.W005") for name in missing]
