"""The page on security names tests that exist, and each requirement of the standard's levels 1 and 2 once."""

import ast
import re
from collections import Counter
from functools import cache
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)
PAGE = ROOT / "docs" / "security.md"
TEST = re.compile(r"`(tests/[\w/]+\.py(?:::\w+)?)`")
NUMBER = re.compile(r"\d{1,2}\.\d{1,2}\.\d{1,2}")
SHOWN = "Shown by a test"
ASVS = ("Shown by a test", "Met by a document", "Not met yet", "Shown by no test of ours", "Not applicable")
"""The sections that together hold each requirement."""

REQUIREMENTS = {
    "1.1": 2,
    "1.2": 9,
    "1.3": 11,
    "1.4": 3,
    "1.5": 2,
    "2.1": 3,
    "2.2": 3,
    "2.3": 4,
    "2.4": 1,
    "3.2": 2,
    "3.3": 4,
    "3.4": 6,
    "3.5": 5,
    "3.7": 2,
    "4.1": 3,
    "4.2": 1,
    "4.3": 2,
    "4.4": 4,
    "5.1": 1,
    "5.2": 3,
    "5.3": 2,
    "5.4": 3,
    "6.1": 3,
    "6.2": 12,
    "6.3": 4,
    "6.4": 4,
    "6.5": 5,
    "6.6": 3,
    "6.8": 4,
    "7.1": 3,
    "7.2": 4,
    "7.3": 2,
    "7.4": 5,
    "7.5": 2,
    "7.6": 2,
    "8.1": 2,
    "8.2": 3,
    "8.3": 1,
    "8.4": 1,
    "9.1": 3,
    "9.2": 4,
    "10.1": 2,
    "10.2": 2,
    "10.3": 4,
    "10.4": 11,
    "10.5": 5,
    "10.6": 2,
    "10.7": 3,
    "11.1": 2,
    "11.2": 3,
    "11.3": 3,
    "11.4": 4,
    "11.5": 1,
    "11.6": 1,
    "12.1": 3,
    "12.2": 2,
    "12.3": 4,
    "13.1": 1,
    "13.2": 5,
    "13.3": 2,
    "13.4": 5,
    "14.1": 2,
    "14.2": 4,
    "14.3": 3,
    "15.1": 3,
    "15.2": 3,
    "15.3": 7,
    "16.1": 1,
    "16.2": 5,
    "16.3": 4,
    "16.4": 3,
    "16.5": 3,
    "17.1": 1,
    "17.2": 4,
    "17.3": 2,
}
"""How many requirements of levels 1 and 2 each section of ASVS 5.0 has; they are numbered from 1."""

ABOUT_SECURITY = {
    "tests/clinic/people/test_admin_lists.py",
    "tests/clinic/people/test_independence.py",
    "tests/test_answers.py",
    "tests/test_fuzz.py",
    "tests/test_matrix.py",
    "tests/test_scope.py",
    "tests/test_scope_of_forms.py",
    "tests/test_security_controls.py",
    "tests/test_urls.py",
    "tests/bookings/actions/test_photos.py",
    "tests/clinic/people/test_access.py",
    "tests/clinic/people/test_account_scope.py",
    "tests/clinic/people/test_accounts.py",
    "tests/clinic/people/test_admin.py",
    "tests/clinic/people/test_attempts.py",
    "tests/clinic/people/test_audit.py",
    "tests/clinic/people/test_permissions.py",
    "tests/clinic/people/test_email_addresses.py",
    "tests/clinic/people/test_factor_resets.py",
    "tests/clinic/people/test_factors.py",
    "tests/clinic/people/test_notices.py",
    "tests/clinic/people/test_own_sessions.py",
    "tests/clinic/people/test_password_rules.py",
    "tests/clinic/people/test_passwords.py",
    "tests/clinic/people/test_role_offers.py",
    "tests/clinic/people/test_second_step.py",
    "tests/clinic/people/test_security_log.py",
    "tests/clinic/people/test_sessions.py",
    "tests/clinic/test_log_lines.py",
    "tests/clinic/people/test_versions.py",
    "tests/clinic/test_configuration.py",
    "tests/clinic/test_fields.py",
    "tests/clinic/test_headers.py",
    "tests/clinic/test_key_rotation.py",
    "tests/clinic/test_limits.py",
    "tests/clinic/test_look.py",
    "tests/desk/clinical/test_access.py",
    "tests/desk/clinical/test_signatures.py",
    "tests/desk/devices/test_devices.py",
    "tests/desk/test_identity.py",
    "tests/desk/test_safety.py",
    "tests/desk/test_staff.py",
    "tests/messages/test_canary.py",
    "tests/links/test_views.py",
    "tests/messages/test_metrics.py",
    "tests/links/test_move_views.py",
    "tests/messages/test_proof.py",
    "tests/portal/test_access.py",
    "tests/portal/test_appointments_only.py",
    "tests/portal/test_limits.py",
    "tests/portal/test_record.py",
    "tests/storms/test_half_open.py",
    "tests/therapies/test_admin_scope.py",
    "tests/therapies/test_row_history.py",
    "tests/therapies/test_safety_admin.py",
    "tests/therapies/test_safety_decisions.py",
}


def rows(section: str, page: str) -> list[list[str]]:
    """The cells of the table below this heading, without its two first lines."""
    below = page.split(f"\n### {section}\n", 1)[1].split("\n#", 1)[0]
    lines = [line.strip("|").split("|") for line in below.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line] for line in lines[2:]]


def numbers(page: str) -> list[str]:
    """The requirements of all sections, as they stand there."""
    return [number for section in ASVS for row in rows(section, page) for number in row[0].split(", ")]


def missing(page: str) -> list[str]:
    """What the page names and does not exist, and rows that show nothing."""
    lines = [line for line in page.splitlines() if line.startswith("|")]
    named = [test for line in lines for test in TEST.findall(line)]
    without = [row[0] for row in rows(SHOWN, page) if not re.fullmatch(TEST.pattern, row[-1]) or "::" not in row[-1]]
    return without + [test for test in named if not exists(test)]


def exists(test: str) -> bool:
    path, _colons, function = test.partition("::")
    return (ROOT / path).is_file() and (not function or function in functions(ROOT / path))


@cache
def functions(path: Path) -> frozenset[str]:
    """The tests that pytest collects from this file: functions at its top, so nothing inside another one."""
    tree = ast.parse(path.read_text())
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef) and node.name[:5] == "test_")


def test_every_test_that_is_named_exists() -> None:
    page = PAGE.read_text()

    assert missing(page) == []
    assert len(rows(SHOWN, page)) > 80


def test_row_without_its_test_is_found() -> None:
    row = "| 6.5.1 | A code works once | `clinic` | {} |"
    page = f"\n### {SHOWN}\n\n| number | what | how | test |\n|---|---|---|---|\n{row}\n"
    real = "tests/test_security_page.py::test_row_without_its_test_is_found"

    assert missing(page.format(f"`{real}`")) == []
    assert missing(page.format(f"`{real}_again`")) == [f"{real}_again"]
    assert missing(page.format("`tests/test_nowhere.py::test_x`")) == ["tests/test_nowhere.py::test_x"]
    assert missing(page.format("tried by hand")) == ["6.5.1"]
    assert missing(page.format("`tests/test_security_page.py`")) == ["6.5.1"]


def test_each_requirement_stands_once() -> None:
    listed = numbers(PAGE.read_text())

    assert [number for number in listed if not NUMBER.fullmatch(number)] == []
    assert {number: count for number, count in Counter(listed).items() if count > 1} == {}
    assert set(listed) == {f"{of}.{place + 1}" for of, amount in REQUIREMENTS.items() for place in range(amount)}
    assert len(listed) == 253


def test_every_test_about_security_is_named() -> None:
    named = {test.partition("::")[0] for test in TEST.findall(PAGE.read_text())}

    assert named >= ABOUT_SECURITY
    assert {path for path in ABOUT_SECURITY if not exists(path)} == set()


def test_readers_find_the_pages() -> None:
    readme, policy = (ROOT / "README.md").read_text(), (ROOT / "SECURITY.md").read_text()

    assert "(docs/security.md)" in readme
    assert "(SECURITY.md)" in readme
    assert "(docs/security.md)" in policy
    assert "(../SECURITY.md)" in PAGE.read_text()
    assert "@" not in policy
