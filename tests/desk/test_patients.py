"""Finding, registering and inviting patients, and writing down what was done on paper."""

import datetime as dt

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from bookings.models import Booking, Message, Status, Visit
from clinic.people.access import join
from clinic.people.models import Access, Invitation, Patient, PossibleTwin, Read, User
from clinic.premises.models import Clinic, Room
from tests import factories
from tests.desk.conftest import Enter, MakeVisit, at
from therapies.models import Practitioner, Variant

FIND = "/desk/patients/"
NEW = "/desk/patients/new/"
PHONE = "+919847000001"


def search(client: Client, words: str = "", birth_date: str = "") -> tuple[list[str], list[str]]:
    """Who is found here, and who elsewhere, by first name."""
    found = client.post(FIND, {"words": words, "birth_date": birth_date}).context["found"]
    return [patient.given_name for patient in found.here], [patient.given_name for patient in found.elsewhere]


def reads() -> list[tuple[str, list[int]]]:
    return list(Read.objects.order_by("pk").values_list("door", "patients"))


# --- find -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", ["meer", "NAIR", "meera nair", "nair meera", "98470 00001", "+91 9847000001", "0001"])
def test_find_by_a_part_of_name_or_phone(enter: Enter, front_desk: User, patient: Patient, words: str) -> None:
    assert search(enter(front_desk), words) == (["Meera"], [])


@pytest.mark.parametrize("words", ["zara", "meera das", "98470 99999"])
def test_find_nobody(enter: Enter, front_desk: User, patient: Patient, words: str) -> None:
    assert search(enter(front_desk), words) == ([], [])


def test_birth_date_narrows(enter: Enter, front_desk: User, clinic: Clinic, patient: Patient) -> None:
    factories.make_patient("Meenakshi", clinics=[clinic], birth_date=dt.date(1960, 1, 1), phone="+919847000002")
    client = enter(front_desk)

    assert search(client, "mee") == (["Meera", "Meenakshi"], [])
    assert search(client, "mee", "1988-05-17") == (["Meera"], [])
    assert search(client, "", "1960-01-01") == (["Meenakshi"], [])


@pytest.mark.parametrize(
    ("words", "birth_date", "found"),
    [
        (PHONE, "1988-05-17", ["Meera"]),
        ("98470 00001", "1988-05-17", ["Meera"]),
        (PHONE, "1988-05-18", []),
        (PHONE, "", []),
        ("9847", "1988-05-17", []),
        ("Meera", "1988-05-17", []),
    ],
)
def test_patient_of_another_clinic_by_exact_phone_and_birth_date_only(
    enter: Enter, other_front_desk: User, patient: Patient, words: str, birth_date: str, found: list[str]
) -> None:
    assert search(enter(other_front_desk), words, birth_date) == ([], found)


def test_who_is_not_found_is_registered_with_what_was_typed(enter: Enter, front_desk: User) -> None:
    client = enter(front_desk)
    page = client.post(FIND, {"words": "savitri devi 98470 00077", "birth_date": "1950-02-01"})
    assert 'name="from_search"' in page.content.decode()

    typed = {"words": "savitri devi 98470 00077", "birth_date": "1950-02-01", "from_search": "1"}
    form = client.post(NEW, typed).context["form"]
    assert {name: form[name].value() for name in ("given_name", "family_name", "phone", "birth_date", "email")} == {
        "given_name": "Savitri",
        "family_name": "Devi",
        "phone": "9847000077",
        "birth_date": dt.date(1950, 2, 1),
        "email": "",
    }
    assert (form.errors, Patient.objects.count()) == ({}, 0)


def test_found_patients_are_a_read(enter: Enter, front_desk: User, patient: Patient) -> None:
    client = enter(front_desk)

    search(client, "meera")
    search(client, "nobody")

    assert reads() == [("desk:find", [patient.pk])]


@pytest.mark.parametrize("words", ["", "m"])
def test_find_asks_for_more(enter: Enter, front_desk: User, words: str) -> None:
    response = enter(front_desk).post(FIND, {"words": words})

    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["words"]


def test_patient_of_another_clinic_is_welcomed(
    enter: Enter, other_front_desk: User, other_clinic: Clinic, patient: Patient
) -> None:
    said = {"patient": patient.public_id, "words": PHONE, "birth_date": "1988-05-17"}

    response = enter(other_front_desk).post("/desk/patients/welcome/", said)

    assert response.headers["Location"] == reverse("desk:choose", args=[patient.public_id])
    assert patient.clinics.filter(pk=other_clinic.pk).exists()


@pytest.mark.parametrize(
    "said", [{"words": "98470 00002"}, {"birth_date": "1988-05-18"}, {"words": "", "birth_date": ""}]
)
def test_knowing_the_id_alone_opens_nothing(
    enter: Enter, other_front_desk: User, patient: Patient, said: dict[str, str]
) -> None:
    usual = {"patient": patient.public_id, "words": PHONE, "birth_date": "1988-05-17"}

    assert enter(other_front_desk).post("/desk/patients/welcome/", usual | said).status_code == 404
    assert patient.clinics.count() == 1


# --- register ---------------------------------------------------------------------------------------------------------


def as_said(**said: str) -> dict[str, str]:
    usual = {
        "given_name": "Uma",
        "birth_date": "1970-01-31",
        "phone": "98470 00077",
        "channel": "call",
        "language": "hi",
    }
    return usual | said


def test_register(enter: Enter, front_desk: User, clinic: Clinic) -> None:
    response = enter(front_desk).post(NEW, as_said())

    patient = Patient.objects.get()
    assert response.headers["Location"] == reverse("desk:choose", args=[patient.public_id])
    assert (patient.given_name, str(patient.phone), patient.registered_by) == ("Uma", "+919847000077", front_desk)
    assert list(patient.clinics.all()) == [clinic]


@pytest.mark.parametrize(
    ("said", "channel"),
    [
        ({}, "call"),
        ({"email": "uma@example.org"}, "email"),
        ({"email": "uma@example.org", "phone": ""}, "email"),
        ({"phone": ""}, "paper"),
    ],
)
def test_register_without_choosing_a_way_of_contact_takes_what_was_typed(
    enter: Enter, front_desk: User, said: dict[str, str], channel: str
) -> None:
    client = enter(front_desk)
    assert '<option value="" selected>' in client.get(NEW).content.decode()

    client.post(NEW, as_said(channel="", **said))

    assert Patient.objects.get().channel == channel


def test_birth_date_is_typed_day_before_month(enter: Enter, front_desk: User) -> None:
    enter(front_desk).post(NEW, as_said(birth_date="05/06/1980"))

    assert Patient.objects.get().birth_date == dt.date(1980, 6, 5)


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"given_name": ""}, "given_name"),
        ({"birth_date": "31.31.1970"}, "birth_date"),
        ({"birth_date": "2026-03-03"}, "birth_date"),
        ({"birth_date": "9999-12-31"}, "birth_date"),
        ({"birth_date": "0024-05-05"}, "birth_date"),
        ({"birth_date": "1780-01-01"}, "birth_date"),
        ({"birth_date": "06/13/1980"}, "birth_date"),
        ({"phone": "12"}, "phone"),
        ({"birth_date": ""}, "age"),
        ({"birth_date": "", "age": "121"}, "age"),
        ({"age": "20"}, "age"),
        ({"channel": "email"}, "email"),
        ({"phone": ""}, "phone"),
        ({"kinship": "wife"}, "__all__"),
    ],
)
def test_register_with_a_mistake_keeps_what_was_typed(
    enter: Enter, front_desk: User, said: dict[str, str], field: str
) -> None:
    response = enter(front_desk).post(NEW, as_said(family_name="Pillai", **said))

    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert 'value="Pillai"' in response.content.decode()
    assert Patient.objects.count() == 0


def test_register_shows_who_has_this_phone_and_birth_date(enter: Enter, front_desk: User, patient: Patient) -> None:
    client = enter(front_desk)
    said = as_said(phone=PHONE, birth_date="1988-05-17")

    assert [twin.patient for twin in client.post(NEW, said).context["twins"]] == [patient]
    assert reads() == [("desk:register", [patient.pk])]
    assert Patient.objects.count() == 1

    client.post(NEW, said | {"anyway": "1", "denied": str(patient.public_id)})
    assert Patient.objects.count() == 2


# --- the page ---------------------------------------------------------------------------------------------------------


def page_of(patient: Patient, name: str = "patient") -> str:
    return reverse(f"desk:{name}", args=[patient.public_id])


def test_page_tells_visits_to_come_and_past(
    enter: Enter, front_desk: User, patient: Patient, visit_at: MakeVisit
) -> None:
    coming = visit_at(at(11, day=4))
    past = visit_at(at(9, day=1), status=Status.COMPLETED)

    page = enter(front_desk).get(page_of(patient))

    assert (page.context["coming"], page.context["past"]) == ([coming], [past])
    assert reads() == [("desk:patient", [patient.pk])]


def test_visits_at_other_clinics_are_left_out(
    enter: Enter, front_desk: User, patient: Patient, other_clinic: Clinic, visit_at: MakeVisit
) -> None:
    visit_at(at(11, day=4), clinic=other_clinic)

    assert enter(front_desk).get(page_of(patient)).context["coming"] == []


@pytest.mark.parametrize("name", ["patient", "change", "write_down", "choose"])
def test_page_of_another_clinics_patient_is_not_found(
    enter: Enter, other_front_desk: User, patient: Patient, name: str
) -> None:
    assert enter(other_front_desk).get(page_of(patient, name)).status_code == 404
    assert reads() == []


def test_therapist_reads_and_changes_nothing(enter: Enter, therapist_user: User, patient: Patient) -> None:
    client = enter(therapist_user)

    assert client.get(page_of(patient)).status_code == 200
    assert [client.get(page_of(patient, name)).status_code for name in ("change", "write_down")] == [403, 403]


def test_change(enter: Enter, front_desk: User, patient: Patient) -> None:
    enter(front_desk).post(page_of(patient, "change"), as_said(given_name="Meera", needs="Wheelchair"))

    patient.refresh_from_db()
    assert (patient.needs, patient.channel, patient.email) == ("Wheelchair", "call", "")


# --- invite -----------------------------------------------------------------------------------------------------------


def test_slip_lets_an_account_in(enter: Enter, front_desk: User, patient: Patient, now: dt.datetime) -> None:
    slip = enter(front_desk).post(page_of(patient, "invite"), {"relation": "self", "width": "full"})

    account = factories.make_user("new@example.org")
    join(user=account, code=slip.context["code"], birth_date=patient.birth_date, now=now)

    assert slip.context["code"] in slip.content.decode()
    assert Access.objects.get().user == account
    assert reads() == [("desk:invite", [patient.pk])]


def test_slip_is_made_by_pressing_only(enter: Enter, front_desk: User, patient: Patient) -> None:
    client = enter(front_desk)

    assert client.get(page_of(patient, "invite")).status_code == 405
    assert client.post(page_of(patient, "invite"), {"relation": "boss"}).status_code == 302
    assert Invitation.objects.count() == 0


# --- from paper -------------------------------------------------------------------------------------------------------


@pytest.fixture
def on_paper(consultation: Variant, vaidya: Practitioner, room: Room) -> dict[str, object]:
    return {"what": consultation.pk, "on": "2026-03-01", "at": "09:30", "who": [vaidya.pk], "room": room.pk}


def test_paper_is_written_down(
    enter: Enter, front_desk: User, patient: Patient, on_paper: dict[str, object], vaidya: Practitioner, room: Room
) -> None:
    enter(front_desk).post(page_of(patient, "write_down"), on_paper)

    booking = Visit.objects.get().bookings.get()
    assert (booking.status, booking.paper, booking.starts_at) == (Status.COMPLETED, True, at(9, 30, day=1))
    assert {row.resource_id for row in booking.occupancies.filter(patient=None)} == {vaidya.pk, room.pk}
    assert Message.objects.count() == 0


def test_paper_that_broke_rules_shows_on_its_page_what_was_found_and_who_has_the_task(
    enter: Enter, front_desk: User, patient: Patient, on_paper: dict[str, object], clinic: Clinic
) -> None:
    variant = factories.make_abhyanga()
    therapist = factories.make_practitioner(clinic, "Latha", roles=["therapist"], qualified=[variant.therapy])
    on_paper |= {"what": variant.pk, "who": [therapist.pk]}

    page = enter(front_desk).post(page_of(patient, "write_down"), on_paper, follow=True).content.decode()

    assert "was recorded afterwards. By the rules this was missing:" in page
    assert "No prescription covers it" in page
    assert "No consent was signed" in page
    assert "A Vaidya has the task to review it in To do." in page


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"on": "2026-03-09"}, "__all__"),
        ({"at": "25:00"}, "at"),
        ({"at": ""}, "at"),
        ({"who": []}, "who"),
        ({"what": ""}, "what"),
    ],
)
def test_paper_with_a_mistake_says_which(
    enter: Enter, front_desk: User, patient: Patient, on_paper: dict[str, object], said: dict[str, object], field: str
) -> None:
    response = enter(front_desk).post(page_of(patient, "write_down"), on_paper | said)

    assert (response.status_code, list(response.context["form"].errors)) == (422, [field])
    assert Visit.objects.count() == 0


def test_paper_that_was_written_down_by_mistake_is_taken_back_the_same_day_and_can_be_written_again(
    enter: Enter, front_desk: User, patient: Patient, on_paper: dict[str, object]
) -> None:
    client = enter(front_desk)
    client.post(page_of(patient, "write_down"), on_paper)
    visit = Visit.objects.get()
    undo = reverse("desk:undo", args=[visit.public_id])

    offered = undo in client.get(reverse("desk:visit", args=[visit.public_id])).content.decode()
    client.post(undo, {"shown": "completed"})
    again = client.post(page_of(patient, "write_down"), on_paper)

    booking = visit.bookings.get()
    assert (offered, booking.status, booking.reason) == (True, Status.CANCELLED, "entered_by_mistake")
    assert (booking.gaps, booking.occupancies.count(), Message.objects.count()) == ([], 0, 0)
    act = visit.history.get(verb="undo")
    assert (act.by, act.was, act.became) == (front_desk, Status.COMPLETED, Status.CANCELLED)
    assert (again.status_code, Visit.objects.count()) == (302, 2)


def test_paper_is_taken_back_by_the_desk_only_and_on_the_same_day(
    enter: Enter, front_desk: User, vaidya_user: User, patient: Patient, on_paper: dict[str, object]
) -> None:
    enter(front_desk).post(page_of(patient, "write_down"), on_paper)
    visit = Visit.objects.get()

    enter(vaidya_user).post(reverse("desk:undo", args=[visit.public_id]), {"shown": "completed"})
    with time_machine.travel(at(9, day=3), tick=False):
        enter(front_desk).post(reverse("desk:undo", args=[visit.public_id]), {"shown": "completed"})

    assert visit.bookings.get().status == Status.COMPLETED


def test_paper_twice_is_refused(enter: Enter, front_desk: User, patient: Patient, on_paper: dict[str, object]) -> None:
    client = enter(front_desk)

    client.post(page_of(patient, "write_down"), on_paper)
    second = client.post(page_of(patient, "write_down"), on_paper)

    assert second.status_code == 422
    assert Visit.objects.count() == 1


def test_session_from_paper_counts_as_one_of_the_order(
    enter: Enter, front_desk: User, clinic: Clinic, patient: Patient
) -> None:
    oil = factories.make_abhyanga()
    order = factories.make_order(patient, oil, clinic=clinic, sessions=3)
    person = factories.make_practitioner(clinic, "Sunita", roles=["therapist"], qualified=[oil.therapy])
    said = {"what": oil.pk, "on": "2026-03-01", "at": "11:00", "who": [person.pk]}

    done = enter(front_desk).post(reverse("desk:write_down", args=[patient.public_id]), said)

    assert done.status_code == 302
    assert Booking.objects.get().item == order


# --- registering in few fields ----------------------------------------------------------------------------------------


def test_four_fields_register_somebody(enter: Enter, front_desk: User) -> None:
    said = {"given_name": "Kamla", "phone": "98470 00077", "age": "62", "gender": "female", "language": "hi"}

    enter(front_desk).post(NEW, said)

    patient = Patient.objects.get()
    assert (patient.birth_date, patient.birth_is_approximate) == (dt.date(1964, 3, 2), True)
    assert (patient.gender, patient.channel, patient.language) == ("female", "call", "hi")


def test_date_of_birth_beside_a_fitting_age_is_exact(enter: Enter, front_desk: User) -> None:
    enter(front_desk).post(NEW, as_said(birth_date="1970-01-31", age="56"))

    assert Patient.objects.get().birth_is_approximate is False


def test_husband_and_village_are_kept_and_told_apart(enter: Enter, front_desk: User) -> None:
    client = enter(front_desk)
    client.post(NEW, as_said(kinship="wife", kin_name="Ramesh  Rawat", village="Sanganer"))

    patient = Patient.objects.get()
    page = client.get(page_of(patient)).content.decode()

    assert (patient.kin_name, patient.village) == ("Ramesh Rawat", "Sanganer")
    assert "W/o Ramesh Rawat" in page
    assert "· Sanganer" in page


def test_page_says_honestly_that_only_an_age_is_known(enter: Enter, front_desk: User, clinic: Clinic) -> None:
    patient = factories.make_patient(clinics=[clinic], birth_date=dt.date(1964, 3, 2), birth_is_approximate=True)

    page = " ".join(enter(front_desk).get(page_of(patient)).content.decode().split())

    assert "about 62 years old (born about 1964; the date of birth is not known)" in page


def test_code_for_the_portal_waits_for_the_date_of_birth(enter: Enter, front_desk: User, clinic: Clinic) -> None:
    patient = factories.make_patient(clinics=[clinic], birth_is_approximate=True)

    enter(front_desk).post(page_of(patient, "invite"), {"relation": "self", "width": "full"})

    assert Invitation.objects.count() == 0


def test_words_typed_in_the_head_come_along_with_an_age(enter: Enter, front_desk: User) -> None:
    form = enter(front_desk).post(NEW, {"words": "kamla devi 62", "from_search": "1"}).context["form"]

    assert [form[name].value() for name in ("given_name", "family_name", "age")] == ["Kamla", "Devi", "62"]


def test_same_name_and_birth_date_with_another_phone_is_shown_first(
    enter: Enter, front_desk: User, patient: Patient
) -> None:
    said = as_said(given_name="Mira", family_name="Nair", birth_date="1988-05-17")
    client = enter(front_desk)

    page = client.post(NEW, said)

    assert [twin.patient for twin in page.context["twins"]] == [patient]
    assert "No, register a new patient" in page.content.decode()
    assert Patient.objects.count() == 1


def test_one_of_the_family_is_registered_in_one_press_from_the_page_of_a_patient(
    enter: Enter, front_desk: User, patient: Patient
) -> None:
    client = enter(front_desk)
    form = client.get(page_of(patient, "family")).context["form"]
    assert (form["family_name"].value(), str(form["phone"].value())) == ("Nair", "+919847000001")

    page = client.post(NEW, as_said(given_name="Govind", family_name="Nair", phone=PHONE))
    assert "Register as another family member" in page.content.decode()

    client.post(NEW, as_said(given_name="Govind", phone=PHONE, anyway="1", denied=str(patient.public_id)))
    assert Patient.objects.count() == 2


def test_possible_double_stands_on_both_pages_and_in_the_audit_until_somebody_says_no(
    enter: Enter, front_desk: User, clinic: Clinic, patient: Patient, now: dt.datetime
) -> None:
    later = factories.make_patient("Mira", clinics=[clinic], phone="+919847000002")
    pair = PossibleTwin.objects.create(patient=later, other=patient, found_at=now)
    client = enter(front_desk)

    shown = [[twin for _pair, twin in client.get(page_of(row)).context["twins"]] for row in (patient, later)]
    task = "Possible double: is this one patient?" in client.get("/desk/todo/").content.decode()
    client.post(reverse("desk:different", args=[patient.public_id, pair.pk]))

    assert (shown, task) == ([[later], [patient]], True)
    assert ("desk:patient", sorted([patient.pk, later.pk])) in reads()
    assert client.get(page_of(patient)).context["twins"] == []
    assert "Possible double" not in client.get("/desk/todo/").content.decode()
