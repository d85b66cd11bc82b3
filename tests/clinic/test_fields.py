"""Dates, numbers and texts that come from outside: bounded, and refused in words."""

import datetime as dt
from collections.abc import Iterator
from contextlib import suppress

import pytest
from django import forms
from django.conf import settings
from django.contrib import admin
from django.test import RequestFactory
from django.urls import get_resolver
from django.utils import translation

from clinic import fields
from clinic.people.models import User
from tests import factories
from tests.all_views import places

ROOMS = ("clinic.", "bookings.", "therapies.")
TODAY = dt.date(2026, 3, 2)


def errors(field: forms.Field, value: str) -> list[str]:
    try:
        field.clean(value)
    except forms.ValidationError as refusal:
        return list(refusal.messages)
    return []


@pytest.mark.parametrize("language", ["en", "hi"])
@pytest.mark.parametrize("typed", ["05/06/1980", "05-06-1980", "5.6.1980", "1980-06-05"])
def test_typed_date_is_read_day_before_month(typed: str, language: str) -> None:
    with translation.override(language):
        assert fields.BirthDateField().clean(typed) == dt.date(1980, 6, 5)


def test_date_in_american_order_is_refused() -> None:
    assert errors(fields.BirthDateField(), "06/13/1980") == ["Enter a date like 31/12/1980."]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("2026-03-03", "The date of birth cannot be in the future."),
        ("9999-12-31", "The date of birth cannot be in the future."),
        ("1905-12-31", "Please check the year."),
        ("0024-05-05", "Please check the year."),
        ("2026-03-02", ""),
        ("1906-01-01", ""),
    ],
)
def test_birth_date_lies_within_a_life(typed: str, words: str) -> None:
    field = fields.BirthDateField()
    field.knows(TODAY)

    assert "".join(errors(field, typed)) == words


@pytest.mark.parametrize("typed", ["1899-12-31", "0001-01-01", "2200-01-01"])
def test_birth_date_that_is_searched_for_has_bounds_too(typed: str) -> None:
    assert errors(fields.BirthDateField(), typed) == ["Please check the year."]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("31/12/9999", "Choose 31 December 2199 or an earlier date."),
        ("0001-01-01", "Choose 1 January 2000 or a later date."),
        ("31/12/2199", ""),
    ],
)
def test_day_of_the_calendar_is_refused_with_the_nearest_possible(typed: str, words: str) -> None:
    assert "".join(errors(fields.CalendarField(), typed)) == words


@pytest.mark.parametrize("words", ["", "²", "१२", "-1", "+1", "1.0", " 1", "2147483648", "9" * 5000, "1e3", "\x00"])
def test_what_is_no_number_of_the_database_is_none(words: str) -> None:
    assert fields.number_of(words) is None


def test_numbers_of_the_database_are_read() -> None:
    assert [fields.number_of(words) for words in ("0", "12", "2147483647")] == [0, 12, 2147483647]


@pytest.mark.parametrize("words", ["", "0001-01-01", "9999-12-31", "2026-02-30", "nonsense", "\x00", "2200-01-01"])
def test_what_is_no_day_of_the_calendar_is_none(words: str) -> None:
    assert fields.date_in_address(words) is None


@pytest.mark.parametrize(
    "words", ["2026-03-02T10:00", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "2026-03-02T25:00Z", "x"]
)
def test_what_is_no_moment_is_none(words: str) -> None:
    assert fields.moment_of(words) is None
    assert errors(fields.MomentField(), words) == ["Choose one of the times in the list."]


def test_moment_is_read_in_utc() -> None:
    assert fields.moment_of("2026-03-02T10:00:00+05:30") == dt.datetime(2026, 3, 2, 4, 30, tzinfo=dt.UTC)


# --- the house --------------------------------------------------------------------------------------------------------


def unbounded(name: str, field: forms.Field, *, model: bool = False) -> bool:
    """Whether a field of a form takes values that no calendar, number or text of the database holds."""
    for kind, bounded_kind in (
        (forms.DateField, fields.CalendarField | fields.BirthDateField),
        (forms.JSONField, fields.JsonField),
    ):
        if isinstance(field, kind):
            return not isinstance(field, bounded_kind)
    if isinstance(field, forms.DateTimeField | forms.SplitDateTimeField):
        return True
    if isinstance(field, forms.EmailField):
        return (field.max_length or 999) > 254
    # A model bounds its own by the column; a password is hashed and never kept, and bounded by the body of the request.
    bounded = isinstance(field, forms.UUIDField) or isinstance(field.widget, forms.PasswordInput)
    if model or bounded:
        return False
    if isinstance(field, forms.IntegerField):  # decimals too
        return field.min_value is None or field.max_value is None
    return isinstance(field, forms.CharField) and field.max_length is None


def own_forms() -> Iterator[type[forms.BaseForm]]:
    """Every form class of ours that some page of the URLconf can show."""
    assert list(places(get_resolver().url_patterns))  # reads all modules of views
    waiting: list[type[forms.BaseForm]] = [forms.BaseForm]
    while waiting:
        cls = waiting.pop()
        waiting += cls.__subclasses__()
        if cls.__module__.startswith(ROOMS):
            yield cls


def test_no_form_of_ours_has_a_field_without_bounds() -> None:
    found = [
        f"{cls.__module__}.{cls.__name__}.{name}"
        for cls in own_forms()
        for name, field in shown_fields(cls).items()
        if unbounded(name, field, model=name in columns(cls))
    ]

    assert found == []


def shown_fields(cls: type[forms.BaseForm]) -> dict[str, forms.Field]:
    """Of a form that needs nothing or only the moment to be made, those that it shows: a form of a library is bounded
    as it is made."""
    for given in ({}, {"now": factories.NOW}):
        with suppress(KeyError, TypeError, ValueError):
            return cls(**given).fields
    return cls.base_fields


def columns(cls: type[forms.BaseForm]) -> set[str]:
    """The fields that a model form takes from its model, which bounds them."""
    model = getattr(getattr(cls, "_meta", None), "model", None)
    return {field.name for field in model._meta.get_fields()} if model else set()


def test_no_form_of_the_admin_has_a_field_without_bounds(rf: RequestFactory, db: None) -> None:
    request = rf.get("/")
    request.user = User(is_superuser=True, is_staff=True, is_active=True)
    pages = [
        page
        for page in admin.site._registry.values()
        if page.has_add_permission(request) or page.has_change_permission(request)
    ]
    made = [(page, page.get_form(request)) for page in pages]
    made += [
        (inline, inline.get_formset(request).form) for page in pages for inline in page.get_inline_instances(request)
    ]
    found = {
        f"{page.__class__.__name__}.{name}"
        for page, form in made
        for name, field in form.base_fields.items()
        if unbounded(name, field, model=name in columns(form))
    }

    assert len(made) > 20
    assert found == set()


@pytest.mark.parametrize(
    "field",
    [
        forms.DateField(),
        forms.IntegerField(),
        forms.CharField(),
        forms.EmailField(),
        forms.DateTimeField(),
        forms.JSONField(),
    ],
)
def test_field_without_bounds_is_found(field: forms.Field) -> None:
    assert unbounded("field", field)


def test_forms_are_looked_at() -> None:
    assert len(list(own_forms())) > 40
    assert settings.FORMAT_MODULE_PATH == "clinic.formats"
