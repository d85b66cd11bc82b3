"""What axe says against a page, as a list: also against one whose scripts are off."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import CDPSession, Page

NO_TIMERS = "self.setTimeout = (act, wait, ...said) => { if (!wait) queueMicrotask(() => act(...said)); return 0; }"
"""Where scripts are off no timer ever fires; axe only wants "as soon as possible" of them."""
LOOK = """axe.run({resultTypes: ["violations"]}).then((found) =>
    found.violations.map((rule) => [rule.id, rule.nodes.map((node) => node.html.slice(0, 200))]))"""


def violations(page: Page, *, scripts: bool) -> list[list[Any]]:
    """Each broken rule with the elements that break it.

    A world of its own runs axe: it works where the page's scripts are off, and beside a page whose clock is a toy.
    """
    page.wait_for_load_state()
    devtools = page.context.new_cdp_session(page)
    frame = devtools.send("Page.getFrameTree")["frameTree"]["frame"]["id"]
    world = devtools.send("Page.createIsolatedWorld", {"frameId": frame})["executionContextId"]
    for words in ("" if scripts else NO_TIMERS, Axe().axe_script):
        _say(devtools, world, words)
    found: list[list[Any]] = _say(devtools, world, LOOK)
    devtools.detach()
    return found


def _say(devtools: CDPSession, world: int, words: str) -> Any:
    """Run it in that world; the value that comes out."""
    asked = {"expression": words, "contextId": world, "awaitPromise": True, "returnByValue": True}
    answer = devtools.send("Runtime.evaluate", asked)
    assert "exceptionDetails" not in answer, answer
    return answer["result"].get("value")
