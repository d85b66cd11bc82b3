"""The date on which something begins to hold everywhere at once."""

import datetime as dt


def first_day(now: dt.datetime) -> dt.date:
    """The date in the world's westernmost zone: from it on, it is that day at every clinic, so it acts at once."""
    return (now.astimezone(dt.UTC) - dt.timedelta(hours=12)).date()
