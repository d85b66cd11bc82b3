"""What an address of the desk asks for and nobody understands is said: nothing else is shown in silence."""

import re
from pathlib import Path

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from clinic.people.models import Patient, User
from clinic.premises.models import Clinic
from tests import factories
from tests.desk.conftest import Enter, MakeVisit, at
from therapies.models import Practitioner

HERE = Path(__file__).parents[2] / "bookings" / "desk"
READ = re.compile(r'(?:GET(?:\.get|\.getlist)?[(\[]|asked_date\((?:self\.)?request, )"(\w+)"')
SAID_OTHERWISE = {
    "seen": "a version that the page wrote itself",
    "since": "a version that the page wrote itself",
    "list": "404",
    "to": "404",
    "all": "nothing but 1 is written anywhere",
    "member": "404",
    "number": "only fills in a field",
    "colleague": "only fills in a field",
}


def test_each_parameter_that_the_desk_reads_is_tried_below_or_says_so_by_itself() -> None:
    found = {name for path in HERE.rglob("*.py") for name in READ.findall(path.read_text())}

    tried = {name for _page, names in PAGES for name in names}
    assert found - SAID_OTHERWISE.keys() == tried


SENTENCE = "“2026-13-40” in the address of this page is not understood. Shown instead: "
PAGES = [
    ("day", ["date", "by", "who"]),
    ("week", ["date"]),
    ("own_day", ["date"]),
    ("own_week", ["date"]),
    ("preparation", ["date"]),
    ("openings", ["page"]),
    ("letters", ["page"]),
    ("move", ["from_on"]),
    ("follow_up", ["from_on"]),
    ("timeline", ["kind"]),
    ("give_consent", ["language"]),
    ("assess", ["visit"]),
    ("prescription_sheet", ["language"]),
    ("prescribe", ["replaces"]),
]


def test_what_an_address_asks_and_nobody_understands_is_said(
    enter: Enter, clinic: Clinic, vaidya: Practitioner, vaidya_user: User, patient: Patient, visit_at: MakeVisit
) -> None:
    for role in ("front_desk", "manager"):
        factories.make_member(clinic, role, user=vaidya_user)
    factories.make_consultation("follow_up", follow_up=True)
    client, visit = enter(vaidya_user), visit_at(at(12))
    order = factories.make_order(patient, visit.bookings.get().variant, clinic=clinic, by=vaidya_user)
    prescription = order.prescription
    examination = [patient.public_id, prescription.assessment.public_id]
    where = {
        "move": [visit.public_id],
        **{name: [patient.public_id] for name in ("follow_up", "timeline", "give_consent", "assess")},
        "prescribe": examination,
        "prescription_sheet": [patient.public_id, prescription.public_id],
    }

    said = {}
    for page, names in PAGES:
        for name in names:
            answer = client.get(reverse(f"desk:{page}", args=where.get(page, [])), {name: "2026-13-40"})
            words = [str(message) for message in get_messages(answer.wsgi_request)]
            said[page, name] = sum(each.startswith(SENTENCE) for each in words)

    assert said == {(page, name): 1 for page, names in PAGES for name in names}


@pytest.mark.parametrize("words", ["", "?date=2026-03-03&by=room&who=all"])
def test_address_that_is_understood_says_nothing(enter: Enter, front_desk: User, words: str) -> None:
    answer = enter(front_desk).get(reverse("desk:day") + words)

    assert [str(message) for message in get_messages(answer.wsgi_request)] == []
