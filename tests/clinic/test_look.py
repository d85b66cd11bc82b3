"""What holds for every template: no inline style or script, files and icons that exist, errors that need nothing."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string

from clinic import vendor

TEMPLATES = Path(settings.BASE_DIR) / "templates"
# Messages are read in mail programs, which know no style sheets and no policy.
PAGES = sorted(
    path for path in TEMPLATES.rglob("*.html") if path.name != "letter.html" or path.parent.name != "messages"
)
COMPONENTS = sorted((TEMPLATES / "components").glob("*.html"))


def name_of(path: Path) -> str:
    return path.relative_to(TEMPLATES).as_posix()


class Inline(HTMLParser):
    """Collects what the content security policy would refuse."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = {name for name, _ in attrs}
        if tag == "style" or (tag == "script" and "src" not in names):
            self.found.append(tag)
        self.found += [name for name in names if name == "style" or name.startswith(("on", "hx-on"))]


def inline_parts(markup: str) -> list[str]:
    parser = Inline()
    parser.feed(markup)
    return parser.found


@pytest.mark.parametrize(
    ("markup", "found"),
    [
        ('<p class="a">b</p><script src="/a.js" defer></script>', []),
        ("<script>alert(1)</script>", ["script"]),
        ('<p style="color:red">b</p>', ["style"]),
        ('<a onclick="go()">b</a>', ["onclick"]),
    ],
)
def test_inline_parts(markup: str, found: list[str]) -> None:
    assert inline_parts(markup) == found


OF_ONE_PIECE = {"desk/paper/day_sheet_file.html": ["style"]}
"""Files that are kept on the desk's machine and opened without the server; no page of ours, so under no policy."""


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_template_has_nothing_inline(path: Path) -> None:
    assert inline_parts(path.read_text()) == OF_ONE_PIECE.get(name_of(path), [])


def statics() -> Iterator[tuple[str, str]]:
    for path in PAGES:
        for found in re.findall(r"{%\s*static\s+[\"']([^\"']+)[\"']", path.read_text()):
            yield name_of(path), found


def test_static_files_of_templates_exist() -> None:
    named = list(statics())

    assert ("base.html", "css/site.css") in named
    assert [(template, file) for template, file in named if finders.find(file) is None] == []


def icons() -> Iterator[tuple[str, str]]:
    for path in PAGES:
        text = path.read_text()
        for found in re.findall(r"(?:components/icon\.html[\"'] with name=|{% icon )[\"']([\w-]+)[\"']", text):
            yield name_of(path), found
        for found in re.findall(r"\b(?:action_)?icon=[\"']([\w-]+)[\"']", text):
            yield name_of(path), found


def test_icons_of_templates_are_in_the_sprite() -> None:
    sprite = (vendor.VENDOR / "bootstrap-icons" / "icons.svg").read_text()
    drawn = re.findall(r'<symbol id="([\w-]+)"', sprite)
    named = list(icons())

    assert ("components/countdown.html", "clock") in named
    assert [(template, icon) for template, icon in named if icon not in drawn] == []


@pytest.mark.parametrize("path", COMPONENTS, ids=name_of)
def test_component_says_what_it_takes(path: Path) -> None:
    assert path.read_text().startswith("{% comment %}")


@pytest.mark.parametrize("page", ["400.html", "500.html", "503.html"])
def test_error_page_needs_no_request_and_no_database(page: str) -> None:
    shown = render_to_string(page)

    assert shown.count("<h1>") == 1
    assert 'href="tel:112"' in shown


def test_hours_of_one_day_are_joined_by_the_clock_of_the_language() -> None:
    """A dash between two times says बजे twice."""
    joined = re.compile(r"""\|time:"H:i" *}}\s*–""")

    assert [name_of(path) for path in PAGES if joined.search(path.read_text())] == []


def test_hidden_words_in_a_wide_table_scroll_with_it() -> None:
    """Without a place of its own the box lets them widen the whole page of a telephone."""
    rule = re.search(r"^\.table-scroll {([^}]*)}", Path(finders.find("css/site.css") or "").read_text(), re.M)

    assert rule
    assert "position: relative" in rule[1]


@pytest.mark.parametrize("path", [path for path in PAGES if "table-scroll" in path.read_text()], ids=name_of)
def test_box_of_a_table_is_not_called_like_its_section(path: Path) -> None:
    """Who hears the page could not tell two regions of one name apart."""
    places = re.findall(r'<(?:section|div)\b[^>]*?aria-labelledby="([^"]+)"', path.read_text())

    assert sorted(set(places)) == sorted(places)
