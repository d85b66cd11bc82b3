"""`python -m clinic.health.probe`: the check of a container, whether its own web server may be sent visitors."""

import os
import sys
import urllib.error
import urllib.request
from urllib.parse import urlsplit

SECONDS = 4


def probe(address: str, host: str) -> str:
    """ "" where the page says 200, or what is wrong."""
    request = urllib.request.Request(address, headers={"Host": host})  # noqa: S310 - our own address
    try:
        with urllib.request.urlopen(request, timeout=SECONDS):  # noqa: S310
            return ""
    except (urllib.error.URLError, OSError) as error:
        return str(error)


if __name__ == "__main__":
    port = os.environ.get("PORT", "8000")
    host = urlsplit(os.environ["SITE_URL"]).hostname or "localhost"
    sys.exit(probe(f"http://127.0.0.1:{port}/health/ready", host) or 0)
