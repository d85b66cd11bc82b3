"""The preparation sheet: what to set out for each session, how much, and when it must be warm."""

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from bookings.desk.sessions.preparation_sheet import MaterialTotal, PreparationLine, totals_of
from bookings.models import Booking, Status
from clinic.people.models import Patient, Read, User
from tests.desk.conftest import Enter, at
from therapies.amounts import Amount

from .conftest import MakeSession

PAGE = "/desk/preparation/"


@pytest.fixture
def therapist(enter: Enter, therapist_user: User) -> Client:
    return enter(therapist_user)


def lines(client: Client, query: str = "") -> list[PreparationLine]:
    return client.get(reverse("desk:preparation") + query).context["lines"]  # type: ignore[no-any-return]


def test_sheet_names_material_room_and_moment_as_ordered(therapist: Client, session_at: MakeSession) -> None:
    session_at(11)

    (line,) = lines(therapist)

    assert (line.materials, line.note, line.people, line.ready_at) == (
        "Ksheerabala oil",
        "Left side first",
        "Sunita",
        at(11),
    )
    assert line.has_order


def test_what_is_over_called_off_or_of_another_day_needs_no_preparation(
    therapist: Client, session_at: MakeSession
) -> None:
    session_at(9, status=Status.COMPLETED)
    session_at(12, status=Status.NO_SHOW)
    session_at(11, day=3)

    assert lines(therapist) == []
    assert [line.ready_at for line in lines(therapist, "?date=2026-03-03")] == [at(11, day=3)]


def test_sheet_is_a_read_of_every_patient_on_it(therapist: Client, session_at: MakeSession, patient: Patient) -> None:
    session_at(11)

    therapist.get(PAGE)

    assert list(Read.objects.values_list("door", "patients")) == [("desk:preparation", [patient.pk])]


def line(materials: str, dose: Amount | None) -> PreparationLine:
    return PreparationLine(Booking(), Patient(), "", "", at(9), at(9), materials, "", dose, None, has_order=True)


@pytest.mark.parametrize(
    ("doses", "amount"),
    [
        ([("150", "250", "ml"), ("100", "100", "ml")], "250–350 ml"),
        ([("2", "2", "drops")], "2 drops"),
        ([("150", "250", "ml"), ("2", "2", "drops")], "as written for each session"),
        ([("150", "250", "ml"), None], "as written for each session"),
    ],
)
def test_day_total_adds_only_what_can_be_added(doses: list[tuple[str, str, str] | None], amount: str) -> None:
    amounts = [Amount(Decimal(row[0]), Decimal(row[1]), row[2]) if row else None for row in doses]

    (total,) = totals_of([line("Sesame oil", dose) for dose in amounts] + [line("", None)])

    assert (total.materials, total.sessions, str(total.amount)) == ("Sesame oil", len(doses), amount)
    assert isinstance(total, MaterialTotal)
