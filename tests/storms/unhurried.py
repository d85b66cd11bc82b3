"""The web server for tests that measure no time: on a slow machine it turns nobody away for having waited."""

from clinic.wsgi import application  # first: it sets Django up

# isort: split
from django.conf import settings

from tests.eventually import PATIENCE

__all__ = ["application"]

_milliseconds = int(1000 * PATIENCE)
_options = settings.DATABASES["default"]["OPTIONS"]
_options["options"] = f"-c statement_timeout={_milliseconds} -c lock_timeout={_milliseconds}"
_options["connect_timeout"] = int(PATIENCE)
_options["pool"]["timeout"] = PATIENCE
