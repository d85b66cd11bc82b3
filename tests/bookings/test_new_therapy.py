"""A therapy is data: a file and its texts are enough to offer it, order it, screen for it and book it."""

import datetime as dt
import uuid
from pathlib import Path
from shutil import copytree

import pytest
from django.core.management import call_command

from bookings.actions import confirmation, holds
from bookings.errors import PolicyRefused
from bookings.models import ScreeningState, Status
from bookings.slots.search import starts
from bookings.slots.search_space import SlotRequest
from clinic.people.models import Patient, User
from clinic.premises.models import Clinic
from tests import factories
from tests.factories import NOW
from therapies.catalogue.reader import HOME
from therapies.models import Therapy, Variant

TEXT = """
griva_basti:
  summary: Warm oil is held over the neck.
  what_happens: You sit leaning forward while warm oil rests on your neck.
"""


@pytest.fixture
def griva_basti(tmp_path: Path, clinic: Clinic) -> Variant:
    """A therapy for the neck that the shipped catalogue does not know, loaded from a folder of the clinic's own."""
    folder = Path(copytree(HOME, tmp_path / "catalogue"))
    like = (folder / "therapies" / "kati_basti.yaml").read_text(encoding="utf-8")
    text = like.replace("code: kati_basti", "code: griva_basti").replace("en: Kati Basti", "en: Griva Basti")
    (folder / "therapies" / "griva_basti.yaml").write_text(text, encoding="utf-8")
    for language in ("en", "hi"):
        with (folder / f"texts.{language}.yaml").open("a", encoding="utf-8") as file:
            file.write(TEXT)
    call_command("load_catalogue", path=folder, verbosity=0)
    factories.make_room(clinic)
    for role in ("therapist", "attendant", "vaidya"):
        person = factories.make_practitioner(clinic, roles=[role], gender="female")
        factories.make_qualification(person, Therapy.objects.get(code="griva_basti"))
    return Variant.objects.select_related("therapy").prefetch_related("steps__crews").get(therapy__code="griva_basti")


@pytest.mark.django_db(transaction=True)
def test_therapy_added_as_data_is_ordered_screened_and_booked(
    griva_basti: Variant, clinic: Clinic, patient: Patient, owner: User
) -> None:
    item = factories.make_order(patient, griva_basti, clinic=clinic, sessions=7)
    slot_request = SlotRequest(clinic, (griva_basti,), "female", None, patient.pk, items=(item,))
    factories.tell_all_is_well(patient, clinic, at=NOW - dt.timedelta(hours=2))
    day = clinic.today(NOW) + dt.timedelta(days=1)
    start = starts(slot_request, first=day, last=day, now=NOW)[0].starts[0]
    said = {"holder": "browser", "by": owner, "now": NOW}

    visit = holds.hold(slot_request=slot_request, start=start, key=uuid.uuid4(), **said)  # type: ignore[arg-type]
    confirmation.book(visit=visit, patient=patient, key=uuid.uuid4(), **said)  # type: ignore[arg-type]
    booking = visit.bookings.get()
    assert (booking.status, booking.screening, booking.item) == (Status.BOOKED, ScreeningState.CLEAR, item)

    factories.tell(
        patient, clinic, at=NOW - dt.timedelta(hours=1), bc_numbness="yes"
    )  # a term of its contraindications
    again = start + dt.timedelta(days=1)
    visit = holds.hold(slot_request=slot_request, start=again, key=uuid.uuid4(), **said)  # type: ignore[arg-type]
    with pytest.raises(PolicyRefused, match="a Vaidya must see you first"):
        confirmation.book(visit=visit, patient=patient, key=uuid.uuid4(), **said)  # type: ignore[arg-type]
