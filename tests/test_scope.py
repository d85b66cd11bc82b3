"""An id in a POST is held to the scope that offered it: every page, field, inline and action of the admin.

Expectations are data. A page, a field that takes an id, or an action that has no row here fails.
"""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.contrib import admin
from django.db import connection, transaction
from django.db.models import Model
from django.forms import ModelChoiceField
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse
from pytest_django import DjangoDbBlocker

from bookings.models import Booking, History, Message, Occupancy, StoppedAddress, Visit
from clinic.people.models import Membership, Patient, Read, Role, User
from clinic.people.scoped_admin import OperatorsOnly, ScopedAdmin, ScopedInline
from clinic.premises.admin import EquipmentAdmin, RoomAdmin
from clinic.premises.models import Absence, Clinic, Equipment, OpeningHours, PageSection, Room
from tests import factories
from tests.admin_forms import values_of_field
from tests.kept import kept
from therapies.admin.offer import PriceInline
from therapies.models import (
    Contraindication,
    Practitioner,
    Price,
    Question,
    Rule,
    Source,
    Step,
    Term,
    Therapy,
    TherapyText,
    Variant,
    WorkingHours,
)

OF_A_CLINIC: dict[type[Model], str] = {
    User: "change",
    Membership: "look",
    Patient: "look",
    Read: "look",
    Clinic: "change",
    Room: "add change",
    Equipment: "add change",
    Absence: "look",
    Practitioner: "add change",
    Visit: "look act",
    Booking: "look",
    Occupancy: "look",
    History: "look",
    Message: "look",
    StoppedAddress: "look",
}
"""Rows of one clinic: another one's manager does not find them, nor can name them in a form."""
OF_THE_ORGANISATION: dict[type[Model], str] = {
    Therapy: "add change",
    Variant: "change",
    Step: "change",
    Question: "change",
    Rule: "change",
    Term: "add change",
    Source: "add change",
    PageSection: "add change",
}
"""Rows that every clinic shares."""
OF_THE_OPERATOR = {"account.emailaddress", "auth.group"}

TAKES = {
    "premises.clinic": {"opening_hours.id": None, "closures.id": None},
    "premises.room": {"clinic": Clinic},
    "premises.equipment": {"clinic": Clinic},
    "therapies.practitioner": {
        "user": User,
        "home": Clinic,
        "working_hours.id": WorkingHours,
        "working_hours.clinic": Clinic,
        "qualifications.id": None,
        "qualifications.therapy": Therapy,
    },
    "therapies.therapy": {
        "texts.id": None,
        "variants.id": None,
        "contraindications.id": None,
        "contraindications.term": Term,
        "prices.id": Price,
        "prices.clinic": Clinic,
    },
    "therapies.variant": {"steps.id": None},
    "therapies.step": {"crews.id": None},
}
"""Which fields of which page take an id, and of what. None: parts of the row itself, which name nothing else."""
ACTIONS = {
    "people.membership": {"end_now"},
    "people.user": {"send_link"},
    "premises.clinic": {"enter_holidays"},
    "bookings.visit": {"check_in", "mark_no_show", "undo", "cancel_by_clinic"},
}
"""Beside deleting, which every page has that lets somebody delete."""
UNTOUCHED = {"django_session", "people_read", "people_securityeventcount", "django_admin_log"}
"""What a refused request may leave: a session, the row of the audit, one more in a count, the admin's own log."""


class World:
    """One clinic with a row of every kind."""

    def __init__(self, slug: str, therapy: Therapy) -> None:
        self.clinic = clinic = factories.make_clinic(slug)
        self.staff = {role: factories.make_member(clinic, role) for role in Role.values}
        patient = factories.make_patient(slug.title(), clinics=[clinic])
        self.patient = factories.make_user(f"{slug}@patients.example")
        factories.make_access(self.patient, patient)
        self.person = factories.make_practitioner(clinic, user=self.staff["vaidya"], qualified=[therapy])
        variant = Variant.objects.get(therapy=therapy)
        start = factories.NOW + dt.timedelta(days=1)
        visit = factories.make_visit(
            clinic=clinic, variant=variant, start=start, patient=patient, resources=[self.person]
        )
        room = factories.make_room(clinic)
        factories.make_closure(clinic, dt.date(2026, 3, 9))
        price = Price.objects.create(therapy=therapy, clinic=clinic, text="500")
        by, at = self.staff["front_desk"], factories.NOW
        self.rows: dict[type[Model], Model] = {
            User: factories.make_member(clinic, "nurse"),
            Membership: by.memberships.get(),
            Patient: patient,
            Read: Read.objects.create(at=at, user=by, door="desk:day", clinic=clinic, patients=[patient.pk]),
            Clinic: clinic,
            Room: room,
            Equipment: factories.make_equipment(clinic),
            Absence: factories.make_absence(room, at, start, by=by),
            Practitioner: self.person,
            Visit: visit,
            Booking: visit.bookings.get(),
            Occupancy: Occupancy.objects.filter(booking__visit=visit).earliest("pk"),
            History: History.objects.create(visit=visit, verb="book", by=by, at=at),
            Message: Message.objects.create(
                key=slug, kind="reminder", clinic=clinic, patient=patient, due_at=at, made_at=at
            ),
            StoppedAddress: StoppedAddress.objects.create(address=patient.email, why="bounced", at=at),
            Price: price,
            WorkingHours: self.person.working_hours.earliest("pk"),
        }


class Two:
    """Two clinics of one organisation, and what they share."""

    def __init__(self) -> None:
        variant = factories.make_consultation()
        therapy: Any = variant.therapy
        self.here, self.far = World("here", therapy), World("far", therapy)
        self.boss = factories.make_user("boss@example.org", is_superuser=True)
        self.stranger = factories.make_user("stranger@example.org")
        self.shared: dict[type[Model], Model] = {
            Therapy: therapy,
            Variant: variant,
            Step: variant.steps.get(),
            Question: Question.objects.create(code="q", group="general", answer_type="yes_no_unsure"),
            Rule: Rule.objects.create(code="r", kind="frequency"),
            Term: Term.objects.create(code="t", group="state", labels={"en": "Fever"}),
            Source: Source.objects.create(code="s", tier="1", title="Book"),
            PageSection: PageSection.objects.create(page="terms", language="en", heading="Ours", text="Own words"),
        }
        TherapyText.objects.create(therapy=therapy, language="en")
        Contraindication.objects.create(therapy=therapy, term=Term.objects.get(), level="defer")


@pytest.fixture(autouse=True)
def _clock(now: dt.datetime) -> Iterator[None]:
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Two]:
    """Each list of hours has two rows: more only make the pages longer."""
    with kept(django_db_blocker):
        two = Two()
        for hours in (OpeningHours, WorkingHours):
            hours.objects.filter(weekday__gt=1).delete()
        yield two


@pytest.fixture
def two(db: None, world: Two) -> Two:
    return world


@pytest.fixture
def manager_client(client: Client, two: Two) -> Client:
    """The manager of the first clinic, signed in."""
    client.force_login(two.here.staff["manager"])
    return client


def page(model: Any, name: str, *args: object) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{name}", args=args)


def fingerprint() -> dict[str, str]:
    """Every table but those that a refused request may write."""
    with connection.cursor() as cursor:
        tables = sorted(set(connection.introspection.table_names(cursor)) - UNTOUCHED)
        each = [
            f"SELECT '{name}', md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM {name} t"
            for name in tables
        ]
        cursor.execute(" UNION ALL ".join(each))
        return dict(cursor.fetchall())


def changed(before: dict[str, str]) -> list[str]:
    after = fingerprint()
    return [name for name in before if before[name] != after[name]]


def posted(answer: HttpResponse) -> dict[str, Any]:
    """What the browser would send if nothing was changed."""
    said: dict[str, Any] = {}
    for _key, form in forms_of(answer):
        for field in form:
            said |= values_of_field(field)
    return said


def forms_of(answer: HttpResponse) -> Iterator[tuple[str, Any]]:
    """The page's own form, and those of its inlines by their names."""
    context = answer.context  # type: ignore[attr-defined]
    yield "", context["adminform"].form
    for inline in context["inline_admin_formsets"]:
        yield "", inline.formset.management_form
        for form in inline.formset.forms:
            yield f"{inline.formset.prefix}.", form


def taking(answer: HttpResponse) -> dict[str, str]:
    """The fields that take an id, each with the name under which the first of them is sent."""
    found: dict[str, str] = {}
    for prefix, form in forms_of(answer):
        for name, field in form.fields.items():
            if isinstance(field, ModelChoiceField) and not is_parent(form, name):
                found.setdefault(prefix + name, form.add_prefix(name))
    return found


def is_parent(form: Any, name: str) -> bool:
    """The page's own row in each of its parts: compared with the row itself."""
    return type(form.fields[name]).__name__ == "InlineForeignKeyField"


def label(model: Any) -> str:
    return model._meta.label_lower


def row_of(two: Two, model: type[Model]) -> Model:
    return two.shared.get(model) or two.here.rows[model]


# --- nothing is forgotten ---------------------------------------------------------------------------------------------


def test_every_page_of_the_admin_is_scoped_and_listed() -> None:
    pages = {label(model): page for model, page in admin.site._registry.items()}

    assert {name for name, each in pages.items() if isinstance(each, OperatorsOnly)} == OF_THE_OPERATOR
    assert pages.keys() - OF_THE_OPERATOR == {label(model) for model in OF_A_CLINIC | OF_THE_ORGANISATION}
    assert [name for name, each in pages.items() if not isinstance(each, ScopedAdmin)] == []


def test_every_inline_of_the_admin_is_scoped() -> None:
    inlines = [inline for each in admin.site._registry.values() for inline in each.inlines]

    assert len(inlines) > 5
    assert [inline.__name__ for inline in inlines if not issubclass(inline, ScopedInline)] == []


def test_page_that_is_not_scoped_becomes_the_operators() -> None:
    site = type(admin.site)()  # type: ignore[operator]
    site.register(Term)

    assert isinstance(site.get_model_admin(Term), OperatorsOnly)


def test_every_action_of_the_admin_is_listed() -> None:
    actions = {label(model): set(each.actions or []) for model, each in admin.site._registry.items()}

    assert {name: found for name, found in actions.items() if found and name not in OF_THE_OPERATOR} == ACTIONS


def test_every_field_that_takes_an_id_is_listed(manager_client: Client, two: Two) -> None:
    pages = {
        label(model): taking(manager_client.get(page(model, "change", row_of(two, model).pk)))
        for model, may in (OF_A_CLINIC | OF_THE_ORGANISATION).items()
        if "change" in may
    }

    assert {name: set(fields) for name, fields in pages.items() if fields} == {
        name: set(fields) for name, fields in TAKES.items()
    }


# --- pages × role × clinic × own, foreign, missing --------------------------------------------------------------------


@pytest.mark.parametrize("name", ["change", "history", "delete"])
def test_manager_finds_the_rows_of_their_clinic_and_no_others(manager_client: Client, two: Two, name: str) -> None:
    get = manager_client.get
    own = {label(model): get(page(model, name, two.here.rows[model].pk)).status_code for model in OF_A_CLINIC}
    others = [
        (label(model), answer.status_code, answer.headers.get("Location"))
        for model in OF_A_CLINIC
        for pk in (two.far.rows[model].pk, 987654321)
        for answer in [get(page(model, name, pk))]
    ]
    shared = {label(model): get(page(model, name, row.pk)).status_code for model, row in two.shared.items()}

    open_to_own = 403 if name == "delete" else 200
    assert own == {label(model): open_to_own for model in OF_A_CLINIC}
    assert shared == {label(model): open_to_own for model in OF_THE_ORGANISATION}
    assert [found for found in others if found[1:] not in [(302, "/admin/"), (403, None)]] == []


def test_lists_show_nothing_of_another_clinic(manager_client: Client, two: Two) -> None:
    shown = {
        model: {row.pk for row in manager_client.get(page(model, "changelist")).context["cl"].result_list}
        for model in OF_A_CLINIC
    }

    assert [label(model) for model, pks in shown.items() if two.here.rows[model].pk not in pks] == []
    assert [label(model) for model, pks in shown.items() if two.far.rows[model].pk in pks] == []


def test_admin_is_shut_to_every_other_role_of_either_clinic(client: Client, two: Two) -> None:
    others = [user for side in (two.here, two.far) for role, user in side.staff.items() if role != "manager"]
    models = [Membership, Visit]
    rows = [two.here.rows[model] for model in models]
    addresses = [page(row, name, *args) for row in rows for name, args in pages_of(row)]
    before = fingerprint()

    opened = []
    for user in [*others, two.here.patient, two.far.patient, two.stranger]:
        client.force_login(user)
        answers = {address: (client.get(address), client.post(address, {"post": "yes"})) for address in addresses}
        opened += [(user, address) for address, pair in answers.items() if any(a.status_code != 302 for a in pair)]

    assert opened == []
    assert [name for name in changed(before) if name != "people_user"] == []  # signing in notes the time


def pages_of(row: Model) -> list[tuple[str, tuple[Any, ...]]]:
    return [("changelist", ()), ("add", ()), *((name, (row.pk,)) for name in ("change", "history", "delete"))]


def test_operator_finds_all(client: Client, two: Two) -> None:
    client.force_login(two.boss)

    statuses = {
        client.get(page(m, "change", side.rows[m].pk)).status_code for m in OF_A_CLINIC for side in (two.here, two.far)
    }

    assert statuses == {200}


# --- ids in bodies ----------------------------------------------------------------------------------------------------


def attempts(two: Two) -> Iterator[tuple[str, str, Model]]:
    """Each field that takes the id of a row of some clinic: the page's address, the field, the other clinic's row."""
    for model in OF_A_CLINIC | OF_THE_ORGANISATION:
        for field, named in TAKES.get(label(model), {}).items():
            if named in two.far.rows:
                address = page(model, "change", row_of(two, model).pk)
                yield address, field, two.far.rows[named]  # type: ignore[index]


def name_foreign(client: Client, address: str, field: str, pk: int) -> tuple[HttpResponse, str]:
    """Send the page as it stands, with another id in one field; the answer, and the name of the field."""
    shown = client.get(address)
    html_name = taking(shown)[field]
    return client.post(address, posted(shown) | {html_name: pk}), html_name


def accepted(client: Client, two: Two, on: str = "") -> list[str]:
    """The fields, of all pages or of one, that took the id of another clinic's row.

    The id of a part names one of the parts that the page shows: another one's is nobody's there, and stays as it is.
    Every other field says beside itself that it does not know the row, and nothing is written.
    """
    taken, before = [], fingerprint()
    for address, field, row in attempts(two):
        if on and f"/{on}/" not in address:
            continue
        point, row_before = transaction.savepoint(), values_of(row)
        answer, html_name = name_foreign(client, address, field, row.pk)
        refused = field.endswith(".id") or (html_name in errors_of(answer) and changed(before) == [])
        if not refused or values_of(row) != row_before:
            taken.append(f"{address.split('/')[3]}.{field}")
        transaction.savepoint_rollback(point)
    return taken


def values_of(row: Model) -> list[dict[str, Any]]:
    return list(type(row)._default_manager.filter(pk=row.pk).values())


def errors_of(answer: HttpResponse) -> set[str]:
    if answer.status_code != 200:
        return set()
    return {form.add_prefix(name) for _prefix, form in forms_of(answer) for name in form.errors}


def test_no_field_takes_the_id_of_another_clinics_row(manager_client: Client, two: Two) -> None:
    assert len(list(attempts(two))) == 8
    assert accepted(manager_client, two) == []


def test_id_of_another_clinics_row_is_refused_as_a_missing_one(manager_client: Client, two: Two) -> None:
    for address, field, row in attempts(two):
        if "/equipment/" in address:
            foreign, html_name = name_foreign(manager_client, address, field, row.pk)
            missing, _name = name_foreign(manager_client, address, field, 987654321)
            assert errors_of(foreign) == errors_of(missing)
            assert html_name in errors_of(foreign)


@pytest.mark.parametrize(
    ("page_or_inline", "taken"),
    [
        (EquipmentAdmin, ["equipment.clinic"]),
        (RoomAdmin, ["room.clinic"]),
        (PriceInline, ["therapy.prices.clinic"]),
    ],
)
def test_field_without_its_scope_is_seen_to_take_it(
    manager_client: Client, two: Two, monkeypatch: pytest.MonkeyPatch, page_or_inline: type, taken: list[str]
) -> None:
    """The control: what the tests above look for is there when one scope is taken away."""
    monkeypatch.setattr(page_or_inline, "nameable", lambda _self, _request, model: model._default_manager.all())

    assert accepted(manager_client, two, on=taken[0].split(".")[0]) == taken


def test_part_of_another_clinic_is_seen_to_change_without_its_scope(
    manager_client: Client, two: Two, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(PriceInline, "get_queryset", lambda self, _request: self.model._default_manager.all())
    shown = manager_client.get(page(Therapy, "change", two.shared[Therapy].pk))

    assert posted(shown)["prices-INITIAL_FORMS"] == 2


def test_look_ups_of_a_field_find_nobody_of_another_clinic(manager_client: Client, two: Two) -> None:
    fields = [
        (each.model, name)
        for site_page in admin.site._registry.values()
        for each in [site_page, *site_page.inlines]
        for name in each.autocomplete_fields
    ]
    found = {}
    for model, name in fields:
        asked = {"app_label": model._meta.app_label, "model_name": model._meta.model_name, "field_name": name}
        answer = manager_client.get(reverse("admin:autocomplete"), asked | {"term": ""})
        named: Any = model._meta.get_field(name).related_model
        ids = {int(row["id"]) for row in answer.json()["results"]}
        found[f"{model.__name__}.{name}"] = (
            row_of(two, named).pk in ids,
            named in two.far.rows and two.far.rows[named].pk in ids,
        )

    assert found == {
        "Membership.user": (True, False),
        "Practitioner.user": (True, False),
        "Qualification.therapy": (True, False),
        "Contraindication.term": (True, False),
    }


def test_actions_reach_no_row_of_another_clinic(manager_client: Client, two: Two) -> None:
    models = {label(model): model for model in OF_A_CLINIC}
    pressed = [(models[name], action) for name, actions in ACTIONS.items() for action in sorted(actions)]
    before = fingerprint()

    for model, action in [*pressed, *((model, "delete_selected") for model in OF_A_CLINIC)]:
        said = {"action": action, "_selected_action": [two.far.rows[model].pk], "post": "yes"}
        manager_client.post(page(model, "changelist"), said)

    assert changed(before) == []


def test_action_on_a_row_of_ones_own_clinic_acts(manager_client: Client, two: Two) -> None:
    """The control of the test above."""
    said = {"action": "cancel_by_clinic", "_selected_action": [two.here.rows[Visit].pk]}

    manager_client.post(page(Visit, "changelist"), said)

    assert Booking.objects.get(pk=two.here.rows[Booking].pk).status == "cancelled"


def test_actions_on_visits_ask_for_more_than_to_see_them(two: Two, rf: RequestFactory) -> None:
    request = rf.get("/")
    request.user = factories.make_user(is_staff=True)
    request.user._of_role = {"bookings.view_visit"}

    assert admin.site.get_model_admin(Visit).get_actions(request) == {}


def test_pages_of_rows_that_are_not_ones_own_write_nothing(manager_client: Client, two: Two) -> None:
    before = fingerprint()

    for row in two.far.rows.values():
        if type(row) in OF_A_CLINIC:
            for name in ("change", "delete"):
                manager_client.post(page(row, name, row.pk), {"post": "yes", "name": "Taken", "_save": "1"})

    assert changed(before) == []


@pytest.mark.parametrize("value", ["x" * 300, "2147483647,1", "²", "\x00", "9" * 5000, "[" * 90_000])
def test_what_is_no_row_and_no_json_is_refused_with_words(manager_client: Client, two: Two, value: str) -> None:
    person, rule = (page(model, "change", row_of(two, model).pk) for model in (Practitioner, Rule))
    sent = {address: posted(manager_client.get(address)) for address in (person, rule)}

    answers = [
        manager_client.post(person, sent[person] | {"user": value}).status_code,
        manager_client.post(rule, sent[rule] | {"data": value}).status_code,
    ]

    assert set(answers) <= {200, 400}
