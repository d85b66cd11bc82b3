"""Payments at the desk: a receipt number each, reversed by a counter row, the total of a day, and what is open."""

import datetime as dt
import uuid
from decimal import Decimal

import pytest
from django.test import Client

from bookings.models import Booking, History, Payment, Status, Visit
from clinic.people.models import User
from clinic.premises.models import Clinic
from tests import factories
from tests.desk.conftest import Enter, MakeVisit, at
from tests.visible import visible_words


@pytest.fixture
def visit(visit_at: MakeVisit) -> Visit:
    """Here since half past nine; ₹ 700 were agreed."""
    visit = visit_at(at(9, 45), status=Status.CHECKED_IN, arrived_at=at(9, 30))
    Booking.objects.filter(visit=visit).update(plan={"price": "₹ 700"})
    return visit


def pay(client: Client, visit: Visit, amount: str = "700", method: str = "cash", key: str = "") -> int:
    said = {"amount": amount, "method": method, "key": key or str(uuid.uuid4())}
    return client.post(f"/desk/visits/{visit.public_id}/payments/", said).status_code


def rows() -> list[tuple[str, str, Decimal, str]]:
    return [(row.receipt, row.method, row.amount, row.reason) for row in Payment.objects.order_by("pk")]


def test_payment_is_a_row_with_a_receipt_number_by_whom_and_when(
    enter: Enter, front_desk: User, visit: Visit, now: dt.datetime
) -> None:
    assert pay(enter(front_desk), visit, "300") == 302
    assert pay(enter(front_desk), visit, "400", "upi") == 302

    assert rows() == [("2026-00001", "cash", 300, ""), ("2026-00002", "upi", 400, "")]
    assert {(row.by, row.at, row.on) for row in Payment.objects.all()} == {(front_desk, now, dt.date(2026, 3, 2))}
    assert [act.detail for act in History.objects.filter(verb="pay").order_by("pk")] == [
        {"payment": row.pk} for row in Payment.objects.order_by("pk")
    ]


def test_second_press_of_the_same_form_is_no_second_payment(enter: Enter, front_desk: User, visit: Visit) -> None:
    key, client = str(uuid.uuid4()), enter(front_desk)

    assert [pay(client, visit, key=key), pay(client, visit, key=key)] == [302, 302]
    assert pay(client, visit, "500", key=key) == 422
    assert rows() == [("2026-00001", "cash", 700, "")]


@pytest.mark.parametrize(
    ("amount", "method"), [("0", "cash"), ("-5", "cash"), ("1e9", "cash"), ("7.005", "cash"), ("x", "cash"), ("7", "")]
)
def test_amount_that_cannot_be_is_refused_beside_its_field(
    enter: Enter, front_desk: User, visit: Visit, amount: str, method: str
) -> None:
    assert pay(enter(front_desk), visit, amount, method) == 422
    assert rows() == []


def test_payment_is_reversed_by_a_counter_row_with_its_reason_and_only_once(
    enter: Enter, front_desk: User, manager: User, visit: Visit
) -> None:
    pay(enter(front_desk), visit)
    address = f"/desk/payments/{Payment.objects.get().pk}/reverse/"

    assert enter(front_desk).post(address, {"reason": ""}).status_code == 422
    assert enter(manager).post(address, {"reason": "Paid by card in the end"}).status_code == 302
    assert enter(manager).post(address, {"reason": "Once more"}).status_code == 422

    assert rows() == [("2026-00001", "cash", 700, ""), ("2026-00002", "cash", -700, "Paid by card in the end")]
    assert Payment.objects.get(number=2).reverses == Payment.objects.get(number=1)


def test_desk_does_not_reverse_what_a_colleague_took(
    enter: Enter, front_desk: User, clinic: Clinic, visit: Visit
) -> None:
    pay(enter(front_desk), visit)
    other = factories.make_member(clinic, "front_desk")

    answer = enter(other).post(f"/desk/payments/{Payment.objects.get().pk}/reverse/", {"reason": "Wrong"})

    assert answer.status_code == 422
    assert "Only a manager can reverse" in visible_words(answer)
    assert len(rows()) == 1


@pytest.mark.parametrize("role", ["therapist", "vaidya", "nurse"])
def test_who_treats_sees_no_money(enter: Enter, clinic: Clinic, visit: Visit, front_desk: User, role: str) -> None:
    user = factories.make_member(clinic, role)

    assert pay(enter(user), visit) == 403
    assert enter(user).get("/desk/payments/").status_code == 403
    assert "₹ 700" not in visible_words(enter(user).get(f"/desk/visits/{visit.public_id}/"))
    assert "₹ 700" not in visible_words(enter(user).get("/desk/"))


def test_visit_and_row_of_the_day_say_what_is_open_and_then_what_is_paid(
    enter: Enter, front_desk: User, visit: Visit
) -> None:
    client = enter(front_desk)
    shown = [visible_words(client.get(address)) for address in (f"/desk/visits/{visit.public_id}/", "/desk/")]
    assert ["Open ₹ 700" in shown[0], "₹ 700 open" in shown[1]] == [True, True]

    pay(client, visit)

    shown = [visible_words(client.get(address)) for address in (f"/desk/visits/{visit.public_id}/", "/desk/")]
    assert ["Paid ₹ 700 Open –" in shown[0], "₹ 700 paid" in shown[1]] == [True, True]


def test_board_hears_of_a_payment(enter: Enter, front_desk: User, visit: Visit) -> None:
    client = enter(front_desk)
    etag = client.get("/desk/changes/").headers["ETag"]

    pay(client, visit)

    assert "₹ 700 paid" in visible_words(client.get("/desk/changes/", headers={"If-None-Match": etag}))


def test_day_has_a_total_for_each_way_to_pay_and_lists_what_is_open(
    enter: Enter, front_desk: User, manager: User, visit: Visit, visit_at: MakeVisit
) -> None:
    client = enter(front_desk)
    ahead = visit_at(at(15), patient=factories.make_patient("Uma", phone="+919847000031"))
    Booking.objects.filter(visit=ahead).update(plan={"price": "₹ 900"})
    pay(client, visit, "300")
    pay(client, visit, "100", "upi")
    enter(manager).post(f"/desk/payments/{Payment.objects.get(number=2).pk}/reverse/", {"reason": "Wrong"})

    day = enter(front_desk).get("/desk/payments/").context["day"]

    assert day.sums == [("Cash", "₹ 300"), ("UPI", "₹ 0"), ("Card", "₹ 0"), ("Total", "₹ 300")]
    assert [(money.visit, money.words) for money in day.to_pay] == [(visit, "₹ 400 open")]  # not who is still to come
    assert enter(front_desk).get("/desk/payments/?date=2026-03-01").context["day"].payments == ()


def test_file_of_the_day_has_each_payment_and_the_totals_and_no_formula(
    enter: Enter, front_desk: User, manager: User, visit: Visit
) -> None:
    pay(enter(front_desk), visit)
    enter(manager).post(f"/desk/payments/{Payment.objects.get().pk}/reverse/", {"reason": "=1+1"})

    answer = enter(front_desk).get("/desk/payments/day.csv?date=2026-03-02")

    lines = [line.split(",") for line in answer.content.decode("utf-8-sig").splitlines()]
    name = visit.patient.full_name if visit.patient else ""
    assert lines[1:] == [
        ["2026-00001", "10:00", name, "Cash", "700.0", str(front_desk), "", ""],
        ["2026-00002", "10:00", name, "Cash", "-700.0", str(manager), "2026-00001", "'=1+1"],
        ["Total", "", "", "Cash", "0.0", "", "", ""],
        ["Total", "", "", "UPI", "0.0", "", "", ""],
        ["Total", "", "", "Card", "0.0", "", "", ""],
        ["Total", "", "", "", "0.0", "", "", ""],
    ]


def test_receipt_names_no_therapy(enter: Enter, front_desk: User, visit: Visit) -> None:
    pay(enter(front_desk), visit)

    page = visible_words(enter(front_desk).get(f"/desk/payments/{Payment.objects.get().pk}/receipt/"))

    assert "Receipt 2026-00001" in page
    assert str(visit.bookings.get().variant.therapy) not in page


def test_receipt_of_a_reversed_payment_says_that_it_is_no_longer_valid(
    enter: Enter, front_desk: User, manager: User, visit: Visit
) -> None:
    pay(enter(front_desk), visit)
    payment = Payment.objects.get()
    before = visible_words(enter(front_desk).get(f"/desk/payments/{payment.pk}/receipt/"))
    enter(manager).post(f"/desk/payments/{payment.pk}/reverse/", {"reason": "Wrong person"})

    after = visible_words(enter(front_desk).get(f"/desk/payments/{payment.pk}/receipt/"))

    words = "No longer valid Reversed by 2026-00002"
    assert [words in before, words in after] == [False, True]


def test_visit_says_how_much_more_than_the_price_was_paid(enter: Enter, front_desk: User, visit: Visit) -> None:
    pay(enter(front_desk), visit)
    exact = visible_words(enter(front_desk).get(f"/desk/visits/{visit.public_id}/payments/"))
    pay(enter(front_desk), visit, "400", "upi")

    more = visible_words(enter(front_desk).get(f"/desk/visits/{visit.public_id}/payments/"))

    assert ["Paid too much" in exact, "Paid ₹ 1,100 Open – Paid too much ₹ 400" in more] == [False, True]


def test_no_column_can_hold_a_number_of_a_card() -> None:
    texts = {
        field.name for field in Payment._meta.concrete_fields if field.get_internal_type() in ("CharField", "TextField")
    }

    assert texts == {"method", "reason"}
