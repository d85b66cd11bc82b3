"""A clinic keeps a manager, and the page says what it means to end one's own role or that of the last Vaidya."""

from clinic.people.models import User
from clinic.premises.models import Clinic
from tests import factories
from tests.desk.conftest import Enter

ONLY = "You are the only manager of this clinic. Please make someone else a manager first."


def test_only_manager_cannot_end_himself(enter: Enter, clinic: Clinic, manager: User) -> None:
    own = manager.memberships.get(role="manager")
    page, client = f"/desk/staff/end/?role={own.pk}", enter(manager)

    shown, pressed = client.get(page), client.post(page, follow=True)

    assert [ONLY in answer.content.decode() for answer in (shown, pressed)] == [True, True]
    own.refresh_from_db()
    assert own.ends_on is None

    factories.make_member(clinic, "manager")
    shown, pressed = client.get(page), client.post(page)

    own.refresh_from_db()
    assert "You are ending your own role. You will immediately lose access to this page." in shown.content.decode()
    assert (pressed.headers["Location"], own.ends_on is not None) == ("/signed-in/", True)


def test_both_managers_at_once_are_not_ended_by_one_page(enter: Enter, clinic: Clinic, manager: User) -> None:
    rows = [manager.memberships.get(role="manager"), factories.make_member(clinic, "manager").memberships.get()]

    enter(manager).post("/desk/staff/end/?" + "&".join(f"role={row.pk}" for row in rows))

    for row in rows:
        row.refresh_from_db()
    assert [row.ends_on for row in rows] == [None, None]


def test_manager_whose_own_end_is_set_or_whose_account_is_closed_is_not_counted(
    enter: Enter, clinic: Clinic, manager: User
) -> None:
    leaving, closed = factories.make_member(clinic, "manager"), factories.make_member(clinic, "manager")
    leaving.memberships.update(ends_on="2026-05-01")
    User.objects.filter(pk=closed.pk).update(is_active=False)
    own = manager.memberships.get(role="manager")

    enter(manager).post(f"/desk/staff/end/?role={own.pk}")

    own.refresh_from_db()
    assert own.ends_on is None


def test_last_vaidya_is_warned_of_and_may_be_ended(
    enter: Enter, clinic: Clinic, manager: User, vaidya_user: User
) -> None:
    own = vaidya_user.memberships.get(role="vaidya")
    page, client = f"/desk/staff/end/?role={own.pk}", enter(manager)
    warning = "is the only Vaidya at"
    alone = warning in client.get(page).content.decode()
    factories.make_member(clinic, "vaidya")

    assert (alone, warning in client.get(page).content.decode()) == (True, False)

    client.post(page)
    own.refresh_from_db()
    assert own.ends_on is not None
