"""The front desk sees who acts for a patient in the portal, and ends it with a reason."""

import datetime as dt

from django.urls import reverse

from clinic.people.models import Patient, User
from tests.desk.conftest import Enter


def test_desk_ends_an_access_with_a_reason(
    enter: Enter, front_desk: User, relative: User, patient: Patient, now: dt.datetime
) -> None:
    client, access = enter(front_desk), relative.accesses.get()
    page = reverse("desk:end_access", args=[patient.public_id, access.pk])
    assert page in client.get(reverse("desk:patient", args=[patient.public_id])).content.decode()

    unsaid = client.post(page, {"reason": ""})
    answer = client.post(page, {"reason": "patient_asked"})

    access.refresh_from_db()
    assert (unsaid.status_code, answer.headers["Location"]) == (422, reverse("desk:patient", args=[patient.public_id]))
    assert (access.ends_on, access.end_reason) == (dt.date(2026, 3, 1), "patient_asked")
    assert list(Patient.objects.of(relative, now.date())) == []
    assert client.get(page).status_code == 404  # it has ended
