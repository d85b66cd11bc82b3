"""Two people who edit the same list on a page of the admin: the older page undoes nothing, and loses nothing typed.

Expectations are data: an inline that has no row here fails.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

import pytest
from django.contrib import admin
from django.db import transaction
from django.db.models import Model
from django.http import HttpResponse
from django.test import Client
from pytest_django import DjangoDbBlocker

from bookings.actions import hours_and_absences
from bookings.errors import PolicyRefused
from clinic.people.versioned_rows import RowForm, VersionedFormSet
from clinic.premises.models import Clinic, Closure, OpeningHours
from tests import factories
from tests.kept import kept
from tests.test_scope import Two, _clock, fingerprint, page, posted, row_of  # noqa: F401
from therapies.models import (
    Contraindication,
    Practitioner,
    Price,
    Qualification,
    SafetyProposal,
    Step,
    StepCrew,
    Therapy,
    TherapyText,
    Variant,
    WorkingHours,
)


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Two]:
    """One manager manages both clinics, and therefore edits what belongs to all.

    Each list of hours has two rows: more only make the pages longer.
    """
    with kept(django_db_blocker):
        two = Two()
        factories.make_member(two.far.clinic, "manager", user=two.here.staff["manager"])
        for hours in (OpeningHours, WorkingHours):
            hours.objects.filter(weekday__gt=1).delete()
        yield two


@pytest.fixture
def two(db: None, world: Two) -> Two:
    return world


@pytest.fixture(scope="module")
def pages() -> dict[type[Model], "Page"]:
    """What was opened once: every test of the module begins with the same rows."""
    return {}


@pytest.fixture
def manager_client(client: Client, two: Two) -> Client:
    client.force_login(two.here.staff["manager"])
    return client


class Change(NamedTuple):
    """What somebody else writes in a row meanwhile, and what this person types: fields and values as they are sent."""

    theirs: tuple[str, Any]
    shown: str
    mine: tuple[str, str]


CHANGES: dict[tuple[type[Model], type[Model]], Change | None] = {
    (Clinic, OpeningHours): Change(("to_minute", 17 * 60), "17:00", ("from_minute", "09:30")),
    (Clinic, Closure): Change(("reason", "Painting"), "Painting", ("to_minute", "10:30")),
    (Practitioner, WorkingHours): Change(("to_minute", 17 * 60), "17:00", ("from_minute", "09:30")),
    (Practitioner, Qualification): Change(("ends_on", dt.date(2027, 1, 1)), "2027-01-01", ("starts_on", "2026-01-05")),
    (Therapy, TherapyText): Change(("summary", "Theirs"), "Theirs", ("what_happens", "Mine")),
    (Therapy, Contraindication): Change(("note", "Theirs"), "Theirs", ("level", "relative")),
    (Therapy, Price): Change(("text", "700"), "700", ("text", "900")),
    (Variant, Step): Change(("minutes", 50), "50", ("name", "Mine")),
    (Step, StepCrew): Change(("count", 2), "2", ("presence", "present")),
    (Therapy, Variant): None,
}
"""None: a list to look at."""
REMOVED = [
    (Clinic, OpeningHours),
    (Clinic, Closure),
    (Practitioner, WorkingHours),
    (Practitioner, Qualification),
    (Therapy, Contraindication),
    (Therapy, Price),
]
"""From these lists a manager also removes rows."""
Each = Callable[..., Iterator["Edited"]]
NO_NUMBERS = ["x" * 300, "²", "9" * 400, "-1", "null"]
EDITED = [key for key, change in CHANGES.items() if change]


class Page:
    """The page of a row as it is opened: what its form would send, and the first row of each list with its prefix."""

    def __init__(self, two: Two, client: Client, parent: type[Model]) -> None:
        self.address = page(parent, "change", row_of(two, parent).pk)
        shown = client.get(self.address)
        self.sent = posted(shown)
        self.rows: dict[type[Model], tuple[str, Model]] = {}
        for inline in shown.context["inline_admin_formsets"]:
            for form in inline.formset.initial_forms:
                self.rows.setdefault(type(form.instance), (form.prefix, form.instance))


@pytest.fixture
def each(two: Two, manager_client: Client, pages: dict[type[Model], Page]) -> Callable[..., Iterator["Edited"]]:
    """Every list in the same world: what is done to one is undone before the next."""

    def edited(among: Iterable[tuple[type[Model], type[Model]]] = EDITED) -> Iterator[Edited]:
        for parent, model in among:
            if parent not in pages:
                pages[parent] = Page(two, manager_client, parent)
            point = transaction.savepoint()
            yield Edited(manager_client, pages[parent], CHANGES[parent, model], model)
            transaction.savepoint_rollback(point)

    return edited


class Edited:
    """A page opened by one person, and a row of one of its lists that somebody else changes."""

    def __init__(self, client: Client, opened: Page, change: Change | None, model: type[Model]) -> None:
        assert change is not None
        self.client, self.model, self.address = client, model, opened.address
        self.prefix, self.row = opened.rows[model]
        self.change, self.older = change, opened.sent
        name, value = change.mine
        self.typed = {f"{self.prefix}-{name}": value}

    def row_now(self) -> dict[str, Any] | None:
        return self.model._default_manager.filter(pk=self.row.pk).values().first()

    def change_meanwhile(self) -> None:
        name, value = self.change.theirs
        self.model._default_manager.filter(pk=self.row.pk).update(**{name: value})

    def has_mine(self) -> bool:
        """Whether a row, or a proposal for a Vaidya, says what was typed."""
        if self.model is Contraindication:
            return SafetyProposal.objects.filter(after__level=self.change.mine[1]).exists()
        name, value = self.change.mine
        typed = self.model._meta.get_field(name).formfield().clean(value)  # type: ignore[union-attr]
        return self.model._default_manager.filter(**{name: typed}).exists()

    def has_both(self) -> bool:
        """What the other person wrote, where this one typed nothing else, is still there too."""
        (theirs, value), now = self.change.theirs, self.row_now() or {}
        both_typed_it = theirs == self.change.mine[0]
        return self.has_mine() and (both_typed_it or now.get(theirs) == value or self.moved_to_a_new_row(value))

    def moved_to_a_new_row(self, value: Any) -> bool:
        name, typed = self.change.mine
        cleaned = self.model._meta.get_field(name).formfield().clean(typed)  # type: ignore[union-attr]
        return self.model._default_manager.filter(**{name: cleaned, self.change.theirs[0]: value}).exists()

    def __str__(self) -> str:
        return self.prefix

    def remove_meanwhile(self) -> None:
        self.model._default_manager.filter(pk=self.row.pk).delete()

    def send(self, **extra: str) -> HttpResponse:
        return self.client.post(self.address, self.older | self.typed | extra)  # type: ignore[return-value]

    def send_again(self, refused: HttpResponse, **extra: str) -> HttpResponse:
        return self.client.post(self.address, posted(refused) | extra)  # type: ignore[return-value]


def errors(answer: HttpResponse) -> Any:
    """For the message of a test that fails."""
    inlines = (answer.context or {}).get("inline_admin_formsets") or []  # type: ignore[attr-defined]
    return [(each.formset.prefix, each.formset.errors, each.formset.non_form_errors()) for each in inlines]


def words(answer: HttpResponse) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def test_every_inline_is_listed_and_carries_the_version() -> None:
    inlines = {(each.model, inline.model): inline for each in admin.site._registry.values() for inline in each.inlines}

    assert inlines.keys() == CHANGES.keys()
    assert {inline.form for inline in inlines.values()} == {RowForm}
    assert [inline for inline in inlines.values() if not issubclass(inline.formset, VersionedFormSet)] == []


def test_row_that_somebody_changed_is_refused_with_words_and_saved_on_purpose(each: Each) -> None:
    for edited in each():
        edited.change_meanwhile()
        before = fingerprint()

        refused = edited.send()
        after_refusal = fingerprint()
        saved = edited.send_again(refused)

        assert (str(edited), refused.status_code, saved.status_code) == (str(edited), 200, 302), errors(saved)
        assert f"(now: {edited.change.shown})" in words(refused)
        assert after_refusal == before
        assert posted(refused)[f"{edited.prefix}-{edited.change.mine[0]}"] == edited.change.mine[1]
        assert edited.has_both()


def test_row_that_nobody_changed_is_saved_at_once(each: Each) -> None:
    """The control: without a change in between nobody is asked twice."""
    saved = [(str(edited), edited.send().status_code, edited.has_mine()) for edited in each()]

    assert saved == [(name, 302, True) for name, _status, _has in saved]
    assert len(saved) == len(EDITED)


def test_row_that_somebody_removed_is_kept_as_typed_and_added_on_purpose(each: Each) -> None:
    for edited in each():
        edited.remove_meanwhile()
        before = fingerprint()

        refused = edited.send()
        after_refusal = fingerprint()
        added = edited.send_again(refused)

        assert (str(edited), refused.status_code, added.status_code) == (str(edited), 200, 302), errors(added)
        assert "Someone else removed rows from this list in the meantime." in words(refused)
        assert edited.change.mine[1] in posted(refused).values()
        assert after_refusal == before
        assert edited.has_mine()


def test_row_that_somebody_changed_is_not_deleted_by_an_older_page(each: Each) -> None:
    for edited in each(REMOVED):
        edited.change_meanwhile()
        before = fingerprint()
        edited.typed = {f"{edited.prefix}-DELETE": "on"}

        refused = edited.send()
        after_refusal = fingerprint()
        saved = edited.send_again(refused, _affected_seen="Save")  # the manager has seen which visits it affects

        assert (str(edited), refused.status_code, saved.status_code) == (str(edited), 200, 302), errors(saved)
        assert f"(now: {edited.change.shown})" in words(refused)
        assert after_refusal == before
        assert edited.row_now() is None or SafetyProposal.objects.exists()


def test_row_that_both_remove_asks_nobody_twice(each: Each) -> None:
    for edited in each(REMOVED):
        edited.remove_meanwhile()
        edited.typed = {f"{edited.prefix}-DELETE": "on"}

        saved = edited.send()

        assert (str(edited), saved.status_code) == (str(edited), 302), errors(saved)


def test_lists_from_which_a_manager_removes_rows_are_known(each: Each) -> None:
    shown = {edited.model for edited in each() if f"{edited.prefix}-DELETE" in edited.older}

    assert shown == {model for _parent, model in REMOVED}


def test_hours_that_somebody_added_meanwhile_stay(two: Two, manager_client: Client) -> None:
    """The action of the hours replaces them as a whole: a list that does not show all of them replaces nothing."""
    clinic: Any = two.here.clinic
    clinic.opening_hours.filter(weekday=0).delete()
    address = page(Clinic, "change", clinic.pk)
    older = posted(manager_client.get(address)) | {"opening_hours-0-to_minute": "17:30"}
    OpeningHours.objects.create(clinic=clinic, weekday=0, from_minute=600, to_minute=660)

    refused = manager_client.post(address, older)
    count_after_refusal = clinic.opening_hours.filter(weekday=0).count()
    saved = manager_client.post(address, posted(refused))  # type: ignore[arg-type]

    assert saved.status_code == 302, errors(saved)  # type: ignore[arg-type]
    assert "Someone else added rows to this list in the meantime" in words(refused)  # type: ignore[arg-type]
    assert count_after_refusal == 1
    assert list(clinic.opening_hours.values_list("weekday", "to_minute")[:2]) == [(0, 660), (1, 17 * 60 + 30)]


def test_rows_that_came_meanwhile_ask_nobody_who_touched_none(two: Two, manager_client: Client) -> None:
    clinic: Any = two.here.clinic
    address = page(Clinic, "change", clinic.pk)
    older = posted(manager_client.get(address)) | {"phone": "+91 98290 12345"}
    Closure.objects.create(clinic=clinic, on=dt.date(2026, 4, 1))

    assert manager_client.post(address, older).status_code == 302
    assert clinic.closures.count() == 2


def test_hours_that_change_between_the_check_and_the_verb_are_not_replaced(two: Two) -> None:
    clinic: Any = two.here.clinic
    seen = list(clinic.opening_hours.all())
    clinic.opening_hours.filter(weekday=1).delete()

    with pytest.raises(PolicyRefused):
        hours_and_absences.change_opening_hours(
            clinic=clinic, hours=[], seen=seen, by=two.here.staff["manager"], now=factories.NOW
        )

    assert clinic.opening_hours.count() == 1


def test_row_that_is_no_number_breaks_no_list(two: Two, manager_client: Client) -> None:
    """Every page with a list is shown again, whatever its rows are said to be: each row each of these.

    A page that is shown was asked for all its lists: they are sent together, each with another one.
    """
    answers = {}
    for parent in {parent for parent, _model in CHANGES}:
        opened = Page(two, manager_client, parent)
        ids = [name for name in opened.sent if name.endswith("-0-id")]
        rows = [*ids, f"{ids[0][:-5]}-1-id"]
        turns = [NO_NUMBERS[turn:] + NO_NUMBERS[:turn] for turn in range(len(NO_NUMBERS))]
        for sent in [*(dict(zip(rows, turn, strict=False)) for turn in turns), *({row: "\x00"} for row in rows)]:
            point = transaction.savepoint()
            status = manager_client.post(opened.address, opened.sent | sent).status_code
            answers[parent.__name__, *sent.items()] = status
            transaction.savepoint_rollback(point)

    assert {sent: status for sent, status in answers.items() if status != (400 if "\x00" in sent[1] else 200)} == {}
    assert len(answers) > 5 * len(NO_NUMBERS) + 10
