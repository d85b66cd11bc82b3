"""Races for prescribed sessions: crews of both genders, rooms, a steam chamber; through portal and desk at once.

Each scene leaves only as many winners as the scarcest thing allows, whoever they are; what came of it is read from the
database alone.
"""

import datetime as dt
import threading
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from django.db import connection

from bookings.models import Booking, PrescriptionItem, Status
from tests.eventually import PATIENCE

from .scenes import starts_of
from .steam_house import ACCEPTS, CREWS, ROOMS, Guest, SteamHouse, make_guest
from .web import Answer, Client, new_page

A_ROUND = dt.timedelta(days=2)
"""Nobody has two sessions of one order on one day, so each round has days of its own."""
OPENED = dt.timedelta(hours=1)
"""Before the start of a round: time to set the room up."""


@dataclass(frozen=True)
class Rival:
    """One browser's wish: a session of this order at this start; the desk's where `by_desk`."""

    guest: Guest
    item: PrescriptionItem
    start: dt.datetime
    by_desk: bool = False


@dataclass(frozen=True)
class Round:
    scene: str
    start: dt.datetime
    fits: int


@dataclass
class Record:
    """What the browsers saw; `untold` are the last pages of losers without a word why."""

    rounds: list[Round] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    losers: int = 0
    untold: list[str] = field(default_factory=list)


# --- scenes: who wants what, and how many of them fit -----------------------------------------------------------------


Scene = Callable[[SteamHouse, dt.datetime], tuple[list[Rival], int]]


def minutes(number: int) -> dt.timedelta:
    return dt.timedelta(minutes=number)


def everybody(house: SteamHouse) -> list[tuple[Guest, bool]]:
    """Each guest, every other two of them through the desk, so that both ways see women and men."""
    return [(guest, number % 4 > 1) for number, guest in enumerate(house.guests)]


def one_chamber(house: SteamHouse, start: dt.datetime) -> tuple[list[Rival], int]:
    """Two rooms would do, but the second steam would begin in the chamber that still steams."""
    return steamed(house, start, apart=10), 1


def chamber_in_turn(house: SteamHouse, start: dt.datetime) -> tuple[list[Rival], int]:
    """The rooms overlap; the chamber is taken for its own step only, so one follows the other at once."""
    return steamed(house, start, apart=15), 2


def steamed(house: SteamHouse, start: dt.datetime, *, apart: int) -> list[Rival]:
    return [
        Rival(guest, guest.steam, start + minutes(apart) * (number % 2), by_desk)
        for number, (guest, by_desk) in enumerate(everybody(house))
    ]


def women_only(house: SteamHouse, start: dt.datetime) -> tuple[list[Rival], int]:
    """A room is left and so are two men, whom none of these patients accepts."""
    women = [(guest, desk) for guest, desk in everybody(house) if guest.patient.accepts_therapist == "female"]
    return [Rival(guest, guest.pool, start, by_desk) for guest, by_desk in women], CREWS


def three_rooms(house: SteamHouse, start: dt.datetime) -> tuple[list[Rival], int]:
    """Women and men, two overlapping starts: the rooms are fewer than the crews."""
    sure = [(guest, by_desk) for guest, by_desk in everybody(house) if guest.patient.accepts_therapist != "any"]
    return [
        Rival(guest, guest.pool, start + minutes(25) * (number % 3 % 2), by_desk)
        for number, (guest, by_desk) in enumerate(sure)
    ], ROOMS


def both_therapies(house: SteamHouse, start: dt.datetime) -> tuple[list[Rival], int]:
    """All four therapists find work, whoever comes first: three at the pools and one at the chamber."""
    return [
        Rival(guest, guest.pool, start + minutes(5), by_desk)
        if number % len(ACCEPTS) < 3
        else Rival(guest, guest.steam, start, by_desk)
        for number, (guest, by_desk) in enumerate(everybody(house))
    ], 2 * CREWS


def one_patient(house: SteamHouse, start: dt.datetime) -> tuple[list[Rival], int]:
    """Somebody is in one place at a time: steam and pool overlap, from three browsers and by the desk."""
    guest = house.guests[0]
    slot_requests = [(guest.steam, start), (guest.pool, start + minutes(20)), (guest.pool, start + minutes(30))]
    return [Rival(guest, *slot_request) for slot_request in slot_requests] + [
        Rival(guest, guest.steam, start + minutes(25), by_desk=True)
    ], 1


def last_session(house: SteamHouse, start: dt.datetime) -> tuple[list[Rival], int]:
    """Two patients with one session left each: every browser holds a time, then all of them press at once."""
    guests = [make_guest(house, "female", sessions=1) for _ in range(2)]
    other = start + dt.timedelta(days=1)
    return [
        rival
        for guest in guests
        for rival in (
            Rival(guest, guest.pool, start),
            Rival(guest, guest.pool, other),
            Rival(guest, guest.pool, other + dt.timedelta(hours=2), by_desk=True),
        )
    ], len(guests)


SCENES: list[Scene] = [
    one_chamber,
    chamber_in_turn,
    women_only,
    three_rooms,
    both_therapies,
    one_patient,
    last_session,
]


# --- the race ---------------------------------------------------------------------------------------------------------


def race(house: SteamHouse, port: int, scenes: list[Scene], *, after: int = 0) -> Record:
    """The scenes in turn, after so many of earlier races; in each of them every browser starts at the same moment."""
    record = Record()
    first = next(starts_of(1)).replace(hour=6) + OPENED
    for number, scene in enumerate(scenes, start=after):
        start = first + number * A_ROUND
        rivals, fits = scene(house, start)
        record.rounds.append(Round(scene.__name__, start, fits))
        _run(rivals, house, port, record, all_hold=scene is last_session)
    connection.close()
    return record


def _run(rivals: list[Rival], house: SteamHouse, port: int, record: Record, *, all_hold: bool) -> None:
    """Where all of them can hold a time (`all_hold`), they meet once more before they press the last button."""
    barrier = threading.Barrier(len(rivals))
    clients = [
        Client(port, house.desk if rival.by_desk else rival.guest.account, f"10.0.1.{place + 1}")
        for place, rival in enumerate(rivals)
    ]

    def meet() -> None:
        barrier.wait(PATIENCE)

    def one(place: int) -> list[Answer]:
        rival = rivals[place]
        meet()
        way = _by_desk if rival.by_desk else _by_portal
        return way(clients[place], rival, house, meet if all_hold else _at_once)

    with ThreadPoolExecutor(len(rivals)) as pool:
        answers = list(pool.map(one, range(len(rivals))))
    for client, rival, seen in zip(clients, rivals, answers, strict=True):
        record.answers.extend([*seen, *_told(client, rival, seen[-1], record)])


def _at_once() -> None:
    """Nobody to wait for."""


def _told(client: Client, rival: Rival, last: Answer, record: Record) -> list[Answer]:
    """A loser reads why; the page to which they are led, where it is one more."""
    if last.location.startswith("/desk/visits/" if rival.by_desk else "/visits/"):
        return []
    led = [client.get(last.location.partition("#")[0])] if last.status == 302 else []
    page = [last, *led][-1]
    record.losers += 1
    if not any(words in page.body for words in TOLD):
        record.untold.append(page.body)
    return led


TOLD = (
    "This time has just been booked by someone else.",
    "The patient has another appointment at this time.",
    "All 1 prescribed sessions are booked.",
    "Second session of the same treatment on one day",
)


def _by_portal(client: Client, rival: Rival, house: SteamHouse, meet: Callable[[], None]) -> list[Answer]:
    """A time of the list, then the button of the confirmation."""
    patient = rival.guest.patient.public_id
    asked = {"item": rival.item.pk, "clinic": house.clinic.slug, "who": "", "start": rival.start.isoformat()}
    held = client.post(f"/book/sessions/{patient}/hold/", page=new_page(), **asked)
    if held.location != "/book/confirm/":
        return [held]
    page = client.get("/book/confirm/")
    visit = page.body.split('name="visit" value="')[1].split('"')[0]
    meet()
    return [held, page, client.post("/book/confirm/", visit=visit, patient=patient, key=uuid.uuid4())]


def _by_desk(client: Client, rival: Rival, _house: SteamHouse, meet: Callable[[], None]) -> list[Answer]:
    """The same on the telephone."""
    choice = {"item": rival.item.pk, "who": "", "start": rival.start.isoformat(), "key": uuid.uuid4()}
    held = client.post(f"/desk/patients/{rival.guest.patient.public_id}/book/hold/", **choice)
    if held.status != 302 or "item=" in held.location:  # back to the times, with the reason
        return [held]
    meet()
    return [held, client.post(held.location, key=uuid.uuid4())]


# --- what the database says -------------------------------------------------------------------------------------------


def winners(one: Round) -> int:
    """Visits booked on the days of this round."""
    begun = one.start - OPENED
    return Booking.objects.filter(status=Status.BOOKED, starts_at__gte=begun, starts_at__lt=begun + A_ROUND).count()


WRONG_CREW = """
SELECT count(*) FROM bookings_booking b
  JOIN bookings_visit v ON v.id = b.visit_id JOIN people_patient p ON p.id = v.patient_id
  JOIN bookings_occupancy o ON o.booking_id = b.id AND o.part IN ('crew:therapist', 'crew:attendant')
  JOIN therapies_practitioner who ON who.resource_ptr_id = o.resource_id
 WHERE b.status = 'booked' AND p.accepts_therapist <> 'any' AND who.gender <> p.accepts_therapist
"""
STRAY_EQUIPMENT = """
SELECT count(*) FROM bookings_booking b
  JOIN bookings_occupancy o ON o.booking_id = b.id AND o.part LIKE 'equipment:%'
 WHERE NOT EXISTS (
    SELECT FROM therapies_step s
     WHERE s.variant_id = b.variant_id AND substr(o.part, 11) = ANY(s.equipment)
       AND lower(o.during) = b.starts_at + s.offset * interval '1 minute'
       AND upper(o.during) = b.starts_at + (s.offset + s.minutes) * interval '1 minute')
"""
OVERDRAWN = """
SELECT count(*) FROM bookings_prescriptionitem i
 WHERE i.sessions < (SELECT count(*) FROM bookings_booking b WHERE b.item_id = i.id AND b.status = 'booked')
"""
PARTS = """
SELECT DISTINCT t.code, (SELECT string_agg(DISTINCT o.part, ' ' ORDER BY o.part)
                           FROM bookings_occupancy o WHERE o.booking_id = b.id)
  FROM bookings_booking b
  JOIN therapies_variant v ON v.id = b.variant_id
  JOIN therapies_therapy t ON t.id = v.therapy_id
 WHERE b.status = 'booked' AND b.item_id IS NOT NULL
"""
COMPLETE = {
    ("swedana", "crew:therapist equipment:steam_chamber patient room"),
    ("kati_basti", "crew:attendant crew:therapist patient room"),
}


def count(statement: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return int(cursor.fetchone()[0])


def parts() -> set[tuple[str, str]]:
    """What the winners of each therapy have, whole kinds of them."""
    with connection.cursor() as cursor:
        cursor.execute(PARTS)
        return set(cursor.fetchall())
