"""The world of the speed table is made by hand-written rows, so a new column can break it unseen."""

import datetime as dt

import pytest

from benchmarks.world import Size, make_world
from bookings.models import Booking, Occupancy
from tests.owner import as_owner

pytestmark = pytest.mark.django_db


def test_the_world_of_the_speed_table_can_be_made(now: dt.datetime) -> None:
    with as_owner():
        make_world(Size(practitioners=2, rooms=2, bookings=40, days=2), now)
    assert Booking.objects.count() == 40
    assert Occupancy.objects.count() == 120
