"""The control of all other journeys: axe, with the page's scripts or without, sees what is wrong."""

from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Page

from tests.journeys.axe import violations

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

BROKEN = """<!doctype html><html lang="en"><head><title>Broken</title></head><body><main><h1>Broken</h1>
<img src="/static/images/mark.svg"><script>document.images[0].alt = "Named by a script"</script>
<p style="color: #aaa">Too pale to be read</p><input id="nameless"></main></body></html>"""


def test_axe_sees_what_is_wrong(page: Page, scripts: bool) -> None:
    page.route("**/broken/", lambda route: route.fulfill(body=BROKEN, content_type="text/html"))
    page.goto("/broken/")

    found = {rule: len(elements) for rule, elements in violations(page, scripts=scripts)}

    assert found == {"color-contrast": 1, "label": 1} | ({} if scripts else {"image-alt": 1})


def test_scripts_are_those_that_the_journeys_know() -> None:
    """Whoever adds one: does it change a page that `CHANGED_BY_SCRIPTS` does not name?"""
    ours = Path(settings.BASE_DIR) / "clinic" / "static" / "js"

    known = {
        "board.js",
        "board-moves.js",
        "countdown.js",
        "draft.js",
        "find.js",
        "idle.js",
        "once.js",
        "passkeys.js",
        "print.js",
        "watch.js",
    }
    assert {path.name for path in ours.iterdir()} == known
