"""Steps that lead to another page. Each ends when that page is there: what follows is never asked of the page before.

A browser answers a press at once and asks for the next page a little later, on a slow machine much later. Words that
stand on both pages would be found too early, and a second step could keep the first from reaching the server.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Locator, Page, expect


@contextmanager
def next_page(page: Page) -> Iterator[None]:
    """What is done inside leads to another page, or to another address that htmx writes into this one."""
    with page.expect_navigation():
        yield


def click(what: Locator) -> None:
    """A button, or a link, that leads on."""
    with next_page(what.page):
        what.click()


def enter(field: Locator, value: str) -> None:
    """Fill the last field of a form and send it by the Enter key."""
    field.fill(value)
    with next_page(field.page):
        field.press("Enter")


def press(page: Page, name: str) -> None:
    click(page.get_by_role("button", name=name, exact=True).first)


def follow(page: Page, name: str) -> None:
    click(page.get_by_role("link", name=name).first)


def choose_day(page: Page, day: int) -> None:
    """Look at the times of a day of the week that is shown."""
    link = page.locator(".day-strip a").nth(day)
    click(link)
    expect(link).to_have_attribute("aria-current", "date")


def choose_first_time(page: Page, *, day: int) -> str:
    """Press the first time of a day of the week (0 is its first); returns what its button says aloud."""
    choose_day(page, day)
    button = page.locator(".day").get_by_role("button").first
    spoken = button.get_attribute("aria-label") or ""
    click(button)
    return spoken
