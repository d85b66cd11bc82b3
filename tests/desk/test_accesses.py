"""The front desk sees who acts for a patient in the portal, and ends it with a reason."""

import datetime as dt

import pytest
import time_machine
from django.urls import reverse

from clinic.people.access import CannotJoin, join
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


def test_codes_that_are_handed_out_are_listed_and_withdrawn(
    enter: Enter, front_desk: User, patient: Patient, stranger: User, now: dt.datetime
) -> None:
    page = reverse("desk:patient", args=[patient.public_id])
    client = enter(front_desk)
    blank = client.post(reverse("desk:invite", args=[patient.public_id]), {"relation": "", "width": ""})
    slip = client.post(reverse("desk:invite", args=[patient.public_id]), {"relation": "child", "width": "full"})
    listed = client.get(page)

    (code,) = listed.context["codes"]
    with time_machine.travel(now + dt.timedelta(minutes=1), tick=False):
        client.post(reverse("desk:withdraw_code", args=[patient.public_id, code.pk]))
        after = list(client.get(page).context["codes"])

    assert (blank.status_code, "My child" in slip.content.decode()) == (302, True)
    assert f"made by {front_desk}, valid until" in " ".join(listed.content.decode().split())
    assert after == []
    with pytest.raises(CannotJoin):
        join(
            user=stranger,
            code=slip.context["code"],
            birth_date=patient.birth_date,
            now=now + dt.timedelta(minutes=1),
        )
