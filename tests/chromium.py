"""Which browser the tests drive: an installed Chromium, or Playwright's own.

`python -m tests.chromium` installs Debian's when root has none, or says in one line how to get one.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
MAC = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
ADVICE = (
    "The tests need a browser: sudo apt-get install -y chromium, or .venv/bin/python -m playwright install chromium"
)
# Quiet, without a sandbox (root has none), and never calling home.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--in-process-gpu",
]


def executable() -> str | None:
    """The browser to start: CHROMIUM, an installed one, Playwright's own, or None."""
    named = os.environ.get("CHROMIUM")
    found = [named, *(shutil.which(name) for name in NAMES), MAC]
    return next((path for path in found if path and Path(path).exists()), None) or _playwrights_own()


def _playwrights_own() -> str | None:
    from playwright.sync_api import sync_playwright  # starts a process of its own: only when nothing else is found

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def main() -> int:
    if executable() is None and os.geteuid() == 0 and shutil.which("apt-get"):
        quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        for words in ("update -q", "install -q -y --no-install-recommends chromium"):
            subprocess.run(["apt-get", *words.split()], env=quiet, check=False, stdout=subprocess.DEVNULL)
    if executable() is None:
        print(ADVICE, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
