"""Visits to come that are planned with somebody who will not hold the role any more on that day, or left unwatched."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable

from django.db.models import BooleanField, QuerySet
from django.db.models.expressions import RawSQL

from bookings.facts.watches import unwatched_visits
from bookings.models import Booking, Occupancy, Visit
from bookings.models.booking import GOING_ON, day_not_over
from bookings.models.occupancy import LONGEST
from clinic.people.models import Membership, User
from therapies.models import Practitioner

WITHOUT_STAFF = """
bookings_booking.id = ANY(ARRAY(
  WITH gone AS MATERIALIZED (
    SELECT person.resource_ptr_id AS resource_id, person.roles, account.id AS user_id, account.is_active,
           clinic.id AS clinic_id
      FROM therapies_practitioner person JOIN people_user account ON account.id = person.user_id
     CROSS JOIN unnest(ARRAY[{clinics}]::bigint[]) AS clinic(id)
     WHERE (NOT account.is_active OR NOT EXISTS (
             SELECT FROM people_membership held
              WHERE held.user_id = account.id AND held.clinic_id = clinic.id AND held.role = ANY(person.roles)
                AND held.ends_on IS NULL AND held.starts_on <= %s))
       AND (EXISTS (SELECT FROM people_membership m WHERE m.user_id = account.id AND m.clinic_id = clinic.id)
            OR NOT EXISTS (SELECT FROM people_membership m WHERE m.user_id = account.id)
            OR EXISTS (SELECT FROM therapies_workinghours h
                        WHERE h.practitioner_id = person.resource_ptr_id AND h.clinic_id = clinic.id)))
  SELECT taken.booking_id
    FROM gone CROSS JOIN LATERAL (
      SELECT own.booking_id FROM bookings_occupancy own
       WHERE own.resource_id = gone.resource_id AND lower(own.during) > %s OFFSET 0) taken
   WHERE EXISTS (
     SELECT FROM bookings_booking booking
       JOIN bookings_visit visit ON visit.id = booking.visit_id AND visit.clinic_id = gone.clinic_id
      WHERE booking.id = taken.booking_id AND NOT EXISTS (
        SELECT FROM people_membership held
         WHERE gone.is_active AND held.user_id = gone.user_id AND held.clinic_id = gone.clinic_id
           AND held.role = ANY(gone.roles)
           AND held.starts_on <= wall_time(visit.timezone, booking.starts_at)::date
           AND (held.ends_on IS NULL OR held.ends_on > wall_time(visit.timezone, booking.starts_at)::date)))))
"""
"""Which bookings it is, asked from whoever may have left: mostly nobody, and then no booking is read.

Somebody who never had a role or hours at the clinic serves nobody there: a chain does not look through the days of all.
"""
BEFORE = 2 * LONGEST
"""What has not ended began later than this ago, with what was made ready before it."""


def unserved(clinics: list[int], now: dt.datetime) -> QuerySet[Booking]:
    """Bookings at these clinics (at least one) that have not ended, with a practitioner whose account is closed or
    holds no role to serve in on that day. Helpers without an account stay as they are entered.
    """
    coming = Booking.objects.going_on(now).filter(visit__clinic__in=clinics)
    marks = ",".join(["%s"] * len(clinics))
    sql = WITHOUT_STAFF.replace("{clinics}", marks)
    values = [*clinics, now.date(), now - BEFORE]
    return coming.filter(RawSQL(sql, values, output_field=BooleanField()))  # noqa: S611 - only ids


def visits_without_staff(clinics: list[int], now: dt.datetime) -> list[Visit]:
    """The same as visits, the next first."""
    ids = [*unserved(clinics, now).values_list("visit", flat=True)] if clinics else []
    return list(Visit.objects.filter(pk__in=ids, patient__isnull=False).with_everything().order_by("arrives_at"))


def affected_by_ending(memberships: Iterable[Membership], now: dt.datetime) -> list[Visit]:
    """The visits to come of those who would then serve no longer at that clinic, the next first."""
    ending: dict[tuple[int, int], set[int]] = {}
    for row in memberships:
        ending.setdefault((row.user_id, row.clinic_id), set()).add(row.pk)
    leaving: dict[int, set[int]] = defaultdict(set)
    visits: list[Visit] = []
    for (user, clinic), rows in ending.items():
        serving = Practitioner.objects.filter(user=user)
        others = Membership.objects.filter(user=user, clinic=clinic).exclude(pk__in=rows).holding_at(now)
        if not _covers(serving, others.values_list("role", flat=True)):
            visits += visits_of_people(serving, clinic, now)
            leaving[clinic] |= {*serving.values_list("pk", flat=True)}
    for clinic, people in leaving.items():
        visits += left_unwatched([clinic], people, now)
    return _once(visits)


def affected_by_closing(user: User, now: dt.datetime) -> list[Visit]:
    """The visits to come that are planned with this account's practitioner, or that nobody would watch any more."""
    serving = Practitioner.objects.filter(user=user)
    clinics = serving.values_list("working_hours__clinic", flat=True)
    people = {*serving.values_list("pk", flat=True)}
    return _once([*visits_of_people(serving, None, now), *left_unwatched(filter(None, clinics), people, now)])


def visits_without_watch(clinics: Iterable[int], now: dt.datetime) -> list[Visit]:
    """The visits to come during whose watch too few are on duty, the next first."""
    return _in_full(unwatched_visits(clinics, now).visits)


def left_unwatched(clinics: Iterable[int], people: Collection[int], now: dt.datetime) -> list[Visit]:
    """Those that would lack somebody who watches without these practitioners, and do not lack them now."""
    at = {*clinics}
    if not at or not people:
        return []
    before, after = unwatched_visits(at, now), unwatched_visits(at, now, without=people)
    return _in_full(visit.pk for visit in before.since(after))


def _in_full(ids: Iterable[int]) -> list[Visit]:
    rows = Visit.objects.filter(pk__in=[*ids], patient__isnull=False)
    return list(rows.with_everything().order_by("arrives_at"))


def _once(visits: Iterable[Visit]) -> list[Visit]:
    """Each visit once, the next first."""
    return sorted({visit.pk: visit for visit in visits}.values(), key=lambda visit: (visit.arrives_at, visit.pk))


def _covers(serving: QuerySet[Practitioner], roles: Collection[str]) -> bool:
    """Whether what is left is still a role in which they serve."""
    return any(set(person.roles) & set(roles) for person in serving)


def visits_of_people(serving: QuerySet[Practitioner], clinic: int | None, now: dt.datetime) -> list[Visit]:
    """The visits to come that take the time of these people, at one clinic or at all, the next first."""
    rows = Occupancy.objects.filter(
        day_not_over(now, "booking__"), resource__in=serving.values("pk"), booking__status__in=GOING_ON
    )
    visits = Visit.objects.filter(bookings__in=rows.values("booking"), patient__isnull=False)
    visits = visits if clinic is None else visits.filter(clinic=clinic)
    return list(visits.with_everything().distinct().order_by("arrives_at"))
