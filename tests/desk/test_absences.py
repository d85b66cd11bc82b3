"""Entering who is away, and seeing whom that hits."""

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from clinic.people.models import Patient, Read, User
from clinic.premises.models import Absence, Clinic, Room
from tests import factories
from tests.desk.conftest import Enter, MakeVisit, at
from therapies.models import Practitioner, Variant

ABSENCES = "/desk/absences/"


def whole_day(resource: object, **said: str) -> dict[str, object]:
    return {"resource": resource.pk, "from_on": "2026-03-03", "until_on": "2026-03-03", **said}  # type: ignore[attr-defined]


def page(absence: Absence) -> str:
    return reverse("desk:absence", args=[absence.pk])


def test_absence_without_times_is_the_whole_day(enter: Enter, front_desk: User, vaidya: Practitioner) -> None:
    response = enter(front_desk).post(ABSENCES, whole_day(vaidya, reason="Fever"))

    absence = Absence.objects.get()
    assert response.headers["Location"] == page(absence)
    assert (absence.during.lower, absence.during.upper) == (at(0, day=3), at(0, day=4))
    assert (absence.reason, absence.by) == ("Fever", front_desk)


def test_absence_with_times(enter: Enter, front_desk: User, vaidya: Practitioner) -> None:
    enter(front_desk).post(ABSENCES, whole_day(vaidya, from_at="13:00", until_at="15.30"))

    absence = Absence.objects.get()
    assert (absence.during.lower, absence.during.upper) == (at(13, day=3), at(15, 30, day=3))


def test_absence_whose_end_nobody_knows_lasts_to_the_end_of_the_calendar(
    enter: Enter, front_desk: User, vaidya: Practitioner
) -> None:
    enter(front_desk).post(ABSENCES, whole_day(vaidya, until_on="31/12/2199"))

    assert Absence.objects.get().during.upper.year == 2199
    assert [enter(front_desk).get(path).status_code for path in (ABSENCES, "/desk/", "/book/")] == [200, 200, 200]


def test_absence_that_is_entered_twice_is_refused_with_the_one_that_stands(
    enter: Enter, front_desk: User, vaidya: Practitioner
) -> None:
    client = enter(front_desk)
    client.post(ABSENCES, whole_day(vaidya))

    response = client.post(ABSENCES, whole_day(vaidya, from_at="13:00", until_at="15:00"))

    assert (response.status_code, Absence.objects.count()) == (422, 1)
    assert response.context["form"].non_field_errors() == [
        f"{vaidya} is already recorded as absent: Tue 3 Mar 2026. Withdraw that absence first, or choose other times."
    ]
    assert client.post(ABSENCES, whole_day(vaidya, from_on="2026-03-04", until_on="2026-03-05")).status_code == 302


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"from_at": "13:00", "until_at": "12:00"}, "until_on"),
        ({"until_on": "2026-03-01"}, "until_on"),
        ({"from_at": "one"}, "from_at"),
        ({"from_on": ""}, "from_on"),
        ({"until_on": "31/12/9999"}, "until_on"),
        ({"from_on": "0001-01-01"}, "from_on"),
        ({"resource": "987654"}, "resource"),
    ],
)
def test_absence_with_a_mistake_says_which(
    enter: Enter, front_desk: User, vaidya: Practitioner, said: dict[str, str], field: str
) -> None:
    response = enter(front_desk).post(ABSENCES, whole_day(vaidya) | said)

    assert (response.status_code, list(response.context["form"].errors)) == (422, [field])
    assert Absence.objects.count() == 0


def test_absence_tells_whom_it_hits(
    enter: Enter, front_desk: User, vaidya: Practitioner, visit_at: MakeVisit, patient: Patient
) -> None:
    hit = visit_at(at(11, day=3))
    visit_at(at(11, day=4), patient=factories.make_patient("Uma", phone="+919847000009"))
    client = enter(front_desk)

    response = client.post(ABSENCES, whole_day(vaidya))
    shown = client.get(page(Absence.objects.get()))

    assert [str(message) for message in get_messages(response.wsgi_request)] == [
        "The absence has been recorded. 1 visit is affected."
    ]
    assert [visit for visit, _bookings in shown.context["hit"]] == [hit]
    assert reverse("desk:move", args=[hit.public_id]) in shown.content.decode()
    assert reverse("desk:reassign", args=[hit.public_id, 0]) in shown.content.decode()
    assert list(Read.objects.values_list("door", "patients")) == [("desk:absence", [patient.pk])]


def test_during_an_absence_nothing_is_offered(
    enter: Enter, front_desk: User, patient: Patient, consultation: Variant, vaidya: Practitioner, room: Room
) -> None:
    client = enter(front_desk)
    client.post(ABSENCES, whole_day(vaidya))

    shown = client.get(reverse("desk:choose", args=[patient.public_id]), {"what": consultation.pk})

    assert [bool(day["times"]) for day in shown.context["offer"].week.days] == [
        True,
        False,
        True,
        True,
        True,
        True,
        True,
    ]


def test_absence_is_taken_back(enter: Enter, front_desk: User, vaidya: Practitioner) -> None:
    client = enter(front_desk)
    client.post(ABSENCES, whole_day(vaidya))

    client.post(reverse("desk:end_absence", args=[Absence.objects.get().pk]))

    assert Absence.objects.count() == 0


def test_absences_to_come_are_listed(enter: Enter, front_desk: User, vaidya: Practitioner, room: Room) -> None:
    over = factories.make_absence(vaidya, at(8, day=1), at(12, day=1), by=front_desk)
    broken = factories.make_absence(room, at(8), at(12), by=front_desk)
    leave = factories.make_absence(vaidya, at(8, day=9), at(12, day=9), by=front_desk)

    assert over not in (away := enter(front_desk).get(ABSENCES).context["away"])
    assert away == [broken, leave]


def test_absence_of_another_clinic_is_not_found(
    enter: Enter, front_desk: User, other_front_desk: User, clinic: Clinic, vaidya: Practitioner
) -> None:
    absence = factories.make_absence(vaidya, at(8, day=3), at(12, day=3), by=front_desk)
    client = enter(other_front_desk)

    assert client.get(page(absence)).status_code == 404
    assert client.post(reverse("desk:end_absence", args=[absence.pk])).status_code == 404
    assert list(client.get(ABSENCES).context["away"]) == []
    assert Absence.objects.count() == 1


@pytest.mark.parametrize("role", ["therapist", "vaidya", "nurse", "attendant"])
def test_only_the_desk_enters_absences(enter: Enter, clinic: Clinic, role: str) -> None:
    assert enter(factories.make_member(clinic, role)).get(ABSENCES).status_code == 403
