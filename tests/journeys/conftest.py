"""A real browser before a real server on a real database: one browser for the whole run."""

import re
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect, sync_playwright

from bookings.models import Message
from clinic.premises.models import Clinic
from tests import chromium, factories
from tests.eventually import eventually
from tests.journeys.axe import violations

PATIENCE = 120_000
"""Milliseconds until a page counts as broken: waiting ends when it is there, so this is long for slow machines."""
CHANGED_BY_SCRIPTS = (
    ".countdown, [hx-get], [data-passkey], [data-print], [data-draft], [data-hits-url], [data-watch], [data-changes], "
    "noscript"
)
"""What `static/js/` and htmx take hold of before anything is sent; `test_accessible` counts the scripts."""
ONE_TIME_VALUE = re.compile(r"\b[A-Za-z0-9]{64}\b|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
"""Tokens against forged requests, and public ids."""
PHONE = ViewportSize(width=390, height=844)
HIDDEN_UNTIL_SCRIPTS_RAN = """
new MutationObserver((_, observer) => {
  observer.disconnect();
  const page = document.documentElement;
  page.style.visibility = "hidden";
  document.addEventListener("DOMContentLoaded", () => page.style.removeProperty("visibility"));
}).observe(document, {childList: true});
"""
"""A test presses faster than a person: what a script takes hold of is shown to it once the page's scripts have run."""


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Two of them at once would fight for the thread's event loop."""
    path = chromium.executable()
    if path is None:
        pytest.fail(chromium.ADVICE)
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=path, headless=True, args=chromium.ARGUMENTS)
        yield found
        found.close()


class RequestCount:
    """The server's application, and how many requests it is answering."""

    def __init__(self, application: Any) -> None:
        self.application, self.open, self._change = application, 0, threading.Lock()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        self._add(1)
        try:
            return self.application(environ, start_response)
        finally:
            self._add(-1)

    def _add(self, number: int) -> None:
        with self._change:
            self.open += number


@pytest.fixture(scope="session")
def requests_open(live_server: Any) -> Callable[[], int]:
    """How many requests the server is answering now."""
    server = live_server.thread.httpd
    count = RequestCount(server.get_app())
    server.set_app(count)
    return lambda: count.open


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def scripts(request: pytest.FixtureRequest) -> bool:
    return request.param


@pytest.fixture
def complaints() -> list[str]:
    """What the browser had to say: broken scripts, refused styles, missing files."""
    return []


@pytest.fixture
def context(
    browser: Browser,
    live_server: Any,
    requests_open: Callable[[], int],
    scripts: bool,
    complaints: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[BrowserContext]:
    """A fresh browser session on a phone, of somebody who asked for still pages: no scrolling need be waited for.

    The server's threads keep their connections to the database for as long as the browser keeps its own to them. Pages
    ask for more when they are there: the tables are emptied when all is answered, or the next test finds those rows.
    """
    monkeypatch.setitem(connection.settings_dict, "CONN_MAX_AGE", 600)
    fresh = browser.new_context(
        base_url=live_server.url,
        viewport=PHONE,
        java_script_enabled=scripts,
        locale="en-GB",
        reduced_motion="reduce",
    )
    fresh.set_default_timeout(PATIENCE)
    fresh.add_init_script(HIDDEN_UNTIL_SCRIPTS_RAN)
    fresh.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
    fresh.on("weberror", lambda error: complaints.append(str(error.error)))
    yield fresh
    fresh.close()
    assert eventually(lambda: not requests_open())


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


@pytest.fixture(scope="session")
def seen_by_axe() -> set[str]:
    """The elements of each page that axe found nothing against, in this run."""
    return set()


@pytest.fixture
def accessible(scripts: bool, seen_by_axe: set[str]) -> Callable[[Page], None]:
    """Fails with what axe says against the page as it stands.

    Axe takes longer than all the rest of a page. So it looks at every page with scripts, and without them at those that
    scripts change: the others are the same elements twice. So is a page that several journeys come by.
    """

    def check(page: Page) -> None:
        if not scripts and not page.locator(CHANGED_BY_SCRIPTS).count():
            return
        page.wait_for_load_state()
        elements = elements_of(page, scripts=scripts)
        if elements not in seen_by_axe:
            assert violations(page, scripts=scripts) == [], page.url
            if elements_of(page, scripts=scripts) == elements:  # nothing moved while axe looked
                seen_by_axe.add(elements)

    return check


def elements_of(page: Page, *, scripts: bool) -> str:
    """The page as it stands without its one-time values; what `noscript` holds are elements only without scripts."""
    content = ONE_TIME_VALUE.sub("", page.content())
    return f"{scripts and 'noscript' in content} {content}"


@pytest.fixture
def code_for(transactional_db: None) -> Callable[[str], str]:
    """The code that was mailed last to this address, read where the sender would find it."""

    def read(email: str) -> str:
        letter = Message.objects.filter(recipient=email).order_by("pk").last()
        assert letter is not None
        found = re.search(r"[A-Z0-9-]{6,}", str(letter.secret["code"]))
        assert found is not None
        return found.group()

    return read


@pytest.fixture
def consulting_clinic(transactional_db: None) -> Clinic:
    """A clinic with one Vaidya who gives first consultations every day from 08:00 to 11:00."""
    clinic = factories.make_clinic()
    factories.make_room(clinic, "Consulting room", features=["consultation_room"])
    variant = factories.make_consultation()
    factories.make_practitioner(clinic, "Dr Asha Menon", works=("08:00", "11:00"), qualified=[variant.therapy])
    return clinic
