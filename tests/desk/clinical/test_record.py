"""Who sees the record of a patient, what it shows, and that each look is written down."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from bookings.models import Assessment, Prescription
from clinic.people.models import Patient, Read, User
from clinic.premises.models import Clinic
from tests import factories
from tests.bookings.clinical import make_assessment, make_consent, make_prescription
from tests.desk.conftest import Enter
from therapies.models import Variant


def page_of(patient: Patient) -> str:
    return reverse("desk:record", args=[patient.public_id])


def shown(client: Client, patient: Patient) -> str:
    answer = client.get(page_of(patient))
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("vaidya", 200),
        ("therapist", 200),
        ("attendant", 200),
        ("nurse", 200),
        ("front_desk", 403),
        ("manager", 403),
    ],
)
def test_record_is_for_those_who_treat(
    role: str, status: int, enter: Enter, clinic: Clinic, patient: Patient, order: Prescription
) -> None:
    user = factories.make_member(clinic, role)
    factories.make_treatment(user, patient, clinic)
    client = enter(user)
    pages = [
        page_of(patient),
        reverse("desk:assessment", args=[patient.public_id, order.assessment.public_id]),
        reverse("desk:prescription", args=[patient.public_id, order.public_id]),
        reverse("desk:give_consent", args=[patient.public_id]),
    ]

    assert [client.get(page).status_code for page in pages] == [status] * 4


WRITING = ["assess", "change_assessment", "prescribe", "sign_assessment", "end_prescription"]


@pytest.mark.parametrize("role", ["therapist", "nurse", "front_desk", "manager"])
def test_only_a_vaidya_writes_and_signs(
    role: str, enter: Enter, clinic: Clinic, patient: Patient, draft: Assessment, order: Prescription
) -> None:
    client = enter(factories.make_member(clinic, role))
    rows = {"assess": [], "end_prescription": [order.public_id]}
    pages = [reverse(f"desk:{name}", args=[patient.public_id, *rows.get(name, [draft.public_id])]) for name in WRITING]

    answers = [ask(page).status_code for page in pages for ask in (client.get, client.post)]

    assert answers == [403] * 10
    assert not Assessment.objects.get(pk=draft.pk).is_signed


def test_record_of_a_stranger_is_not_found(
    enter: Enter, far_vaidya: User, patient: Patient, order: Prescription
) -> None:
    client = enter(far_vaidya)
    pages = [
        page_of(patient),
        reverse("desk:assess", args=[patient.public_id]),
        reverse("desk:assessment", args=[patient.public_id, order.assessment.public_id]),
        reverse("desk:sign_assessment", args=[patient.public_id, order.assessment.public_id]),
        reverse("desk:prescription", args=[patient.public_id, order.public_id]),
        reverse("desk:give_consent", args=[patient.public_id]),
    ]

    assert [client.get(page).status_code for page in pages] == [404] * 6


def test_rows_of_another_patient_are_not_found_below_this_one(
    vaidya_client: Client, clinic: Clinic, vaidya_user: User, order: Prescription, patient: Patient
) -> None:
    """Both patients are hers; the addresses are still wrong."""
    other = factories.make_patient("Arun", clinics=[clinic])
    consent = make_consent(patient, clinic, vaidya_user)
    pages = [
        reverse("desk:assessment", args=[other.public_id, order.assessment.public_id]),
        reverse("desk:prescription", args=[other.public_id, order.public_id]),
        reverse("desk:withdraw_consent", args=[other.public_id, consent.pk]),
        reverse("desk:consent_paper", args=[other.public_id, consent.pk]),
    ]

    assert [vaidya_client.get(page).status_code for page in pages] == [404] * 4


def test_record_shows_what_is_ordered_booked_given_and_left(
    vaidya_client: Client, patient: Patient, clinic: Clinic, order: Prescription, kati_basti: Variant, now: dt.datetime
) -> None:
    item = order.items.get()
    for day, status in enumerate(["completed", "completed", "booked", "cancelled", "held"]):
        said = {"cancelled": {"ended_by": "patient"}, "held": {"expires_at": now + dt.timedelta(minutes=15)}}
        start = now + dt.timedelta(days=day)
        factories.make_visit(
            clinic=clinic,
            variant=kati_basti,
            start=start,
            patient=patient,
            status=status,
            item=item,
            **said.get(status, {}),
        )

    found = vaidya_client.get(page_of(patient)).context["prescribed"]

    assert [(row.item.sessions, row.given, row.booked, row.left) for row in found[0].orders] == [(7, 2, 1, 4)]
    assert (found[0].state, found[0].in_force) == ("In force", True)


def test_drafts_are_seen_by_vaidyas_only(
    enter: Enter, clinic: Clinic, patient: Patient, therapist_user: User, colleague: User, draft: Assessment
) -> None:
    factories.make_treatment(therapist_user, patient, clinic)
    page = reverse("desk:assessment", args=[patient.public_id, draft.public_id])

    assert "Unsigned" in shown(enter(colleague), patient)
    assert enter(colleague).get(page).status_code == 200
    assert "Unsigned" not in shown(enter(therapist_user), patient)
    assert enter(therapist_user).get(page).status_code == 404


def test_signature_is_on_every_page(
    vaidya_client: Client, patient: Patient, order: Prescription, vaidya_user: User
) -> None:
    pages = [
        reverse("desk:assessment", args=[patient.public_id, order.assessment.public_id]),
        reverse("desk:prescription", args=[patient.public_id, order.public_id]),
    ]
    words = f"Signed by {vaidya_user} on 2 March 2026, 10:00, Shanti Clinic. Version 1."

    assert [words in vaidya_client.get(page).content.decode() for page in pages] == [True, True]


@pytest.mark.parametrize(
    ("change", "state"),
    [({"valid_until": dt.date(2026, 3, 1)}, "No longer valid"), ({"signed": False}, "Unsigned"), ({}, "In force")],
)
def test_state_of_a_prescription_is_told(
    change: dict[str, object],
    state: str,
    vaidya_client: Client,
    patient: Patient,
    examination: Assessment,
    kati_basti: Variant,
) -> None:
    make_prescription(examination, kati_basti, **change)  # type: ignore[arg-type]

    assert [row.state for row in vaidya_client.get(page_of(patient)).context["prescribed"]] == [state]


def test_each_look_is_written_down(vaidya_client: Client, patient: Patient, order: Prescription) -> None:
    ids = [patient.public_id]
    pages = {
        "record": ids,
        "assess": ids,
        "give_consent": ids,
        "prescription": [*ids, order.public_id],
        "assessment": [*ids, order.assessment.public_id],
        "end_prescription": [*ids, order.public_id],
    }

    for name, args in pages.items():
        assert vaidya_client.get(reverse(f"desk:{name}", args=args)).status_code == 200

    assert list(Read.objects.order_by("pk").values_list("door", "patients")) == [
        (f"desk:{name}", [patient.pk]) for name in pages
    ]


def test_tab_is_for_those_who_treat(enter: Enter, patient: Patient, vaidya_user: User, front_desk: User) -> None:
    page = reverse("desk:patient", args=[patient.public_id])

    assert page_of(patient) in enter(vaidya_user).get(page).content.decode()
    assert page_of(patient) not in enter(front_desk).get(page).content.decode()


def test_record_asks_as_often_for_three_as_for_one(
    vaidya_client: Client,
    patient: Patient,
    clinic: Clinic,
    order: Prescription,
    vaidya_user: User,
    kati_basti: Variant,
    django_assert_max_num_queries: object,
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def queries() -> int:
        vaidya_client.get(page_of(patient))
        with CaptureQueriesContext(connection) as asked:
            vaidya_client.get(page_of(patient))
        return len(asked)

    make_consent(patient, clinic, vaidya_user)
    few = queries()
    for number in range(2):
        make_prescription(make_assessment(patient, clinic, vaidya_user), kati_basti)
        therapy = factories.make_therapy(f"procedure-{number}", consent="procedure_specific")
        make_consent(patient, clinic, vaidya_user, therapy=therapy)

    assert queries() == few
