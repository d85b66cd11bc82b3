"""The day on one sheet: by person or by room, with boxes, and as a file that opens without the server."""

import re
from pathlib import Path

from django.test import Client

from bookings.desk.paper import kept_file
from bookings.desk.paper.day_sheet import DaySheet
from bookings.models import CancelledBy, Status
from clinic.people.models import Read, User
from clinic.premises.models import Clinic
from tests import factories
from tests.desk.conftest import Enter, MakeVisit, at
from therapies.models import Practitioner

SHEET = "/desk/sheet/"


def lines(sheet: DaySheet) -> list[tuple[str, list[tuple[str, str, bool, int | None]]]]:
    """By person or room: who, with whom or where, whether there are boxes, and the year that tells two apart."""
    return [
        (group.name, [(line.patient.full_name, line.others, line.has_boxes, line.tells_apart) for line in group.lines])
        for group in sheet.groups
    ]


def sheet(client: Client, **asked: str) -> DaySheet:
    shown: DaySheet = client.get(SHEET, asked).context["sheet"]
    return shown


def test_each_visit_stands_under_its_person_or_its_room(
    enter: Enter, front_desk: User, visit_at: MakeVisit, vaidya: Practitioner
) -> None:
    visit = visit_at(at(9))
    visit_at(at(11), status=Status.CANCELLED, ended_by=CancelledBy.CLINIC)
    client = enter(front_desk)

    name = visit.patient.full_name
    by_person, by_room = sheet(client), sheet(client, by="room")
    assert lines(by_person)[0][0] == vaidya.name
    assert [each[0] for each in lines(by_person)[0][1]] == [name]
    assert {each[1] for _group, rows in lines(by_room) for each in rows} == {vaidya.name}
    assert by_person.visits == by_room.visits == 1


def test_two_of_one_name_are_told_apart_and_a_consultation_has_no_boxes(
    enter: Enter, front_desk: User, visit_at: MakeVisit, clinic: Clinic
) -> None:
    for hour, year in ((9, 1961), (11, 1980)):
        patient = factories.make_patient("Sunil", phone=f"+9198470{year:05}", birth_date=f"{year}-02-03")
        patient.refresh_from_db()
        visit_at(at(hour), patient=patient)

    ((_name, rows),) = lines(sheet(enter(front_desk)))

    assert [(boxes, year) for _who, _where, boxes, year in rows] == [(False, 1961), (False, 1980)]


def test_sheet_is_a_read_of_everybody_on_it(enter: Enter, front_desk: User, visit_at: MakeVisit) -> None:
    visit = visit_at(at(9))
    client = enter(front_desk)

    client.get(SHEET)
    client.get(f"{SHEET}file/")

    doors = list(Read.objects.order_by("pk").values_list("door", "patients"))
    assert doors == [("desk:day_sheet", [visit.patient_id]), ("desk:day_sheet_file", [visit.patient_id])]


def test_file_names_no_other_file_and_no_address(enter: Enter, front_desk: User, visit_at: MakeVisit) -> None:
    visit = visit_at(at(9))

    answer = enter(front_desk).get(f"{SHEET}file/")

    words = answer.content.decode()
    assert visit.patient.full_name in words
    assert "break-inside: avoid" in words
    assert re.findall(r"(?:src|href)\s*=|url\((?!data:)", words) == []
    assert answer.headers["Content-Disposition"] == 'attachment; filename="shanti-2026-03-02-person.html"'


def test_kept_files_are_private_and_those_of_earlier_days_go(
    tmp_path: Path, visit_at: MakeVisit, clinic: Clinic
) -> None:
    visit = visit_at(at(9))
    folder = tmp_path / "sheets"
    kept_file.keep_sheets(folder, now=at(8))
    old = folder / "shanti-2026-03-01-room.html"
    old.touch()

    kept_file.keep_sheets(folder, now=at(9))

    files = {path.name: path for path in folder.iterdir()}
    assert sorted(files) == ["shanti-2026-03-02-person.html", "shanti-2026-03-02-room.html"]
    assert {path.stat().st_mode & 0o777 for path in files.values()} == {0o600}
    assert all(visit.patient.full_name in path.read_text() for path in files.values())
