"""Two people who answer the same offer, or confirm the same reset, at the same moment: one effect, and one is told."""

import datetime as dt
import itertools
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.db.models import QuerySet

from bookings.actions.identity import TooManyGuesses, same_person
from bookings.models import BirthDateMiss, Message
from clinic.people import factor_resets, members, role_offers, staff
from clinic.people.factor_resets import CannotReset
from clinic.people.members import CannotEnd, CannotGive
from clinic.people.models import FactorReset, RoleOffer, User
from clinic.people.role_offers import OfferOver
from clinic.premises.models import Clinic
from tests import factories
from tests.clinic.people.test_attempts import at_once, write_when_all_have_read
from tests.eventually import PATIENCE
from tests.signing_in import give_factor

pytestmark = pytest.mark.django_db(transaction=True)
OVER = (OfferOver, CannotReset, CannotGive, CannotEnd, IntegrityError)


def both(*acts: Callable[[], object]) -> list[str]:
    """Each on its own connection; "done", or the name of the refusal."""
    answers: list[str] = []

    def press(act: Callable[[], object]) -> None:
        try:
            act()
            answers.append("done")
        except OVER as refusal:
            answers.append(type(refusal).__name__)
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(answers)


@contextmanager
def meeting_after(monkeypatch: pytest.MonkeyPatch, module: Any, name: str, wait: float = 0.3) -> Iterator[None]:
    """Whoever has read waits for the other to have read too: not long, as a lock may make that other one wait."""
    read, met, readers = getattr(module, name), threading.Barrier(2), itertools.count(1)

    def meet(*args: Any, **options: Any) -> Any:
        answer = read(*args, **options)
        if next(readers) <= 2:
            with suppress(threading.BrokenBarrierError):
                met.wait(wait)
        return answer

    with monkeypatch.context() as patch:
        patch.setattr(module, name, meet)
        yield


@contextmanager
def unlocked(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The guard off: rows are read and not locked."""
    with monkeypatch.context() as patch:
        patch.setattr(QuerySet, "select_for_update", lambda rows, **_options: rows)
        yield


class House:
    """A clinic with two Vaidyas and a manager."""

    def __init__(self, now: dt.datetime) -> None:
        self.now = now
        self.clinic = factories.make_clinic()
        self.asha, self.ravi = (factories.make_member(self.clinic, "vaidya") for _number in range(2))
        self.manager = factories.make_member(self.clinic, "manager")

    def offer(self, *, accepted: bool) -> RoleOffer:
        """A new colleague is offered a clinical role."""
        return RoleOffer.objects.create(
            clinic=self.clinic,
            user=factories.make_user(),
            name="Devi",
            role="therapist",
            starts_on=self.clinic.today(self.now),
            made_by=self.manager,
            made_at=self.now,
            expires_at=self.now + dt.timedelta(days=7),
            accepted_at=self.now if accepted else None,
        )

    def acts(self, offer: RoleOffer) -> dict[str, Callable[[], object]]:
        """What different people may do with one offer."""
        moment: dict[str, Any] = {"offer": offer, "now": self.now}
        return {
            "confirm": lambda: role_offers.confirm_offer(by=self.asha, **moment),
            "confirm too": lambda: role_offers.confirm_offer(by=self.ravi, **moment),
            "refuse": lambda: role_offers.refuse_offer(by=self.ravi, reason="Not agreed", **moment),
            "withdraw": lambda: role_offers.withdraw_offer(by=self.manager, **moment),
            "accept": lambda: role_offers.accept_offer(by=offer.user, **moment),
            "decline": lambda: role_offers.decline_offer(by=offer.user, **moment),
        }


@pytest.fixture
def house(now: dt.datetime) -> House:
    return House(now)


def outcome(offer: RoleOffer) -> tuple[int, str, int]:
    """How many roles came of it, how it was closed, and how often the owner was told of a role."""
    offer.refresh_from_db()
    told = Message.objects.filter(recipient=offer.user.email, secret__template="notice_role_given")
    return offer.user.memberships.count(), offer.closing, told.count()


PERSON = [{"email": "devi@shanti.example", "number": ""}, {"email": "", "number": "D1"}]


def invitations(house: House, person: dict[str, str], *clinics: Clinic) -> list[Callable[[], object]]:
    """Somebody is invited to each of these clinics."""
    asked: dict[str, Any] = {"name": "Devi", "roles": ["front_desk"], "starts_on": house.clinic.today(house.now)}
    asked |= {"by": house.manager, "now": house.now} | person
    return [lambda clinic=clinic: staff.invite_staff(clinic=clinic, **asked) for clinic in clinics]  # type: ignore[misc]


@pytest.mark.parametrize("person", PERSON)
def test_two_invitations_of_one_address_or_number_at_once_are_one_account(
    house: House, monkeypatch: pytest.MonkeyPatch, person: dict[str, str]
) -> None:
    with meeting_after(monkeypatch, staff, "_known"):
        answers = both(*invitations(house, person, house.clinic, house.clinic))

    assert answers == ["done", "done"]
    assert RoleOffer.objects.to_answer(house.now).get().user == User.objects.get(name="Devi")


def test_number_that_another_clinic_takes_at_the_same_moment_is_refused_in_words(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    with meeting_after(monkeypatch, staff, "_known"):
        answers = both(*invitations(house, PERSON[1], house.clinic, factories.make_clinic("far")))

    assert answers == ["CannotGive", "done"]


def test_without_the_second_look_one_of_two_invitations_would_fail(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def plain(_clinic: Clinic, name: str, number: str, email: str, by: User) -> User:
        return User.objects.create_user(email=email, name=name, username=number or "D2", created_by=by)

    monkeypatch.setattr(staff, "_open", plain)
    with meeting_after(monkeypatch, staff, "_known", PATIENCE):
        answers = both(*invitations(house, PERSON[0], house.clinic, house.clinic))

    assert answers == ["IntegrityError", "done"]


def test_two_answers_to_one_offer_have_one_effect(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    for first, second, accepted in [
        ("confirm", "confirm too", True),
        ("confirm", "refuse", True),
        ("confirm", "withdraw", True),
        ("confirm", "decline", False),
        ("confirm", "confirm too", False),
        ("withdraw", "refuse", False),
        ("accept", "decline", False),
    ]:
        offer = house.offer(accepted=accepted)
        acts = house.acts(offer)
        with meeting_after(monkeypatch, role_offers, "_locked"):
            answers = both(acts[first], acts[second])
        roles, closing, told = outcome(offer)

        if accepted or second != "decline":  # an offer may be confirmed and then declined
            assert answers == ["OfferOver", "done"], (first, second)
        assert roles == told <= 1, (first, second)
        assert not (roles and closing), (first, second)
        assert roles == int(offer.accepted_at is not None and offer.confirmed_by_id is not None and not closing)


def test_role_begins_when_its_owner_and_the_vaidya_say_yes_together(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    offer = house.offer(accepted=False)
    with meeting_after(monkeypatch, role_offers, "_locked"):
        answers = both(house.acts(offer)["accept"], house.acts(offer)["confirm"])

    assert (answers, outcome(offer)) == (["done", "done"], (1, "", 1))


def test_answers_cross_when_the_offer_is_not_locked(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: both are taken, or both say yes and no role begins."""
    twice, together = house.offer(accepted=True), house.offer(accepted=False)
    with unlocked(monkeypatch), meeting_after(monkeypatch, role_offers, "_locked", PATIENCE):
        answers = both(house.acts(twice)["confirm"], house.acts(twice)["withdraw"])
    with unlocked(monkeypatch), meeting_after(monkeypatch, role_offers, "_locked", PATIENCE):
        both(house.acts(together)["accept"], house.acts(together)["confirm"])

    assert "OfferOver" not in answers
    assert outcome(together)[0] == 0


def reset_of(house: House) -> FactorReset:
    user = factories.make_member(house.clinic, "front_desk")
    give_factor(user)
    return factor_resets.request_reset(user=user, by=house.manager, now=house.now)


def resets_told(reset: FactorReset) -> int:
    return Message.objects.filter(recipient=reset.user.email, secret__template="notice_factor_changed").count()


def confirmed_by_both(
    house: House, reset: FactorReset, monkeypatch: pytest.MonkeyPatch, wait: float = 0.3
) -> list[str]:
    with meeting_after(monkeypatch, factor_resets, "waiting_for", wait):
        return both(
            lambda: factor_resets.confirm_reset(reset=reset, by=house.asha, now=house.now),
            lambda: factor_resets.confirm_reset(reset=reset, by=house.ravi, now=house.now),
        )


def test_two_who_confirm_one_reset_take_the_factor_away_once(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    reset = reset_of(house)

    answers = confirmed_by_both(house, reset, monkeypatch)

    assert (answers, resets_told(reset)) == (["CannotReset", "done"], 1)


def test_both_take_the_factor_away_when_the_reset_is_not_locked(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control."""
    reset = reset_of(house)
    with unlocked(monkeypatch), meeting_after(monkeypatch, factor_resets, "_may_confirm", PATIENCE):
        answers = confirmed_by_both(house, reset, monkeypatch, PATIENCE)

    assert answers == ["done", "done"]


def test_two_managers_who_ask_at_once_ask_for_one_reset(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    other = factories.make_member(house.clinic, "manager")
    user = factories.make_member(house.clinic, "front_desk")
    with meeting_after(monkeypatch, factor_resets, "members_of"):
        answers = both(
            lambda: factor_resets.request_reset(user=user, by=house.manager, now=house.now),
            lambda: factor_resets.request_reset(user=user, by=other, now=house.now),
        )

    assert (answers, FactorReset.objects.count()) == (["done", "done"], 1)


def guesses_at_once(number: int, by: User, clinic: Clinic, now: dt.datetime) -> int:
    """How many wrong birth dates were looked at, of so many typed at once."""
    phone = factories.make_patient(clinics=[factories.make_clinic("far")]).phone

    def guess() -> bool:
        try:
            same_person(phone=str(phone), birth_date=dt.date(1990, 1, 1), clinic=clinic, by=by, now=now)
        except TooManyGuesses:
            return False
        return True

    return at_once(guess, number).count(True)


def test_burst_of_birth_dates_is_looked_at_five_times(house: House, now: dt.datetime) -> None:
    looked_at = guesses_at_once(20, house.manager, house.clinic, now)

    assert (looked_at, BirthDateMiss.objects.count()) == (5, 5)


def test_burst_of_birth_dates_passes_when_the_clinic_is_not_locked(
    house: House, now: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control."""
    write_when_all_have_read(monkeypatch, BirthDateMiss, 6)

    assert guesses_at_once(6, house.manager, house.clinic, now) == 6


def end_each_other(house: House, monkeypatch: pytest.MonkeyPatch, *, wait: float = 0.3) -> tuple[list[str], int]:
    """Two managers end each other's role at the same moment: the answers, and how many managers stay."""
    other = factories.make_member(house.clinic, "manager")
    own, others = (user.memberships.get(role="manager") for user in (house.manager, other))
    with meeting_after(monkeypatch, members, "why_not_end_membership", wait):
        answers = both(
            lambda: members.end_membership(membership=others, by=house.manager, now=house.now),
            lambda: members.end_membership(membership=own, by=other, now=house.now),
        )
    return answers, house.clinic.memberships.holding_at(house.now, "manager").count()


def test_of_two_managers_who_end_each_other_one_stays(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    assert end_each_other(house, monkeypatch) == (["CannotEnd", "done"], 1)


def test_two_managers_would_end_each_other_without_the_lock(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(members, "_lock_role", lambda _membership: None)

    assert end_each_other(house, monkeypatch, wait=PATIENCE) == (["done", "done"], 0)
