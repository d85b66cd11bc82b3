"""Blocks and lines of the day as HTML, made in one go: a template's loop costs more than reading the whole day.

Everything that people wrote is escaped here. Positions are classes (`t` from midnight, `d` long, in cells): no inline
style. Each element of a visit names it by `data-v`, so that the page can exchange what changed and nothing else.
"""

import datetime as dt
from collections.abc import Collection, Iterable
from html import escape
from zoneinfo import ZoneInfo

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from bookings.desk.buttons import Button
from bookings.facts.record_access import TREATS
from bookings.models import Status
from clinic.clock import clock_words, span_words
from clinic.people.models import Role

from .board import Block, BoardLane
from .day_list import DayLine
from .lanes import PEOPLE, Lane
from .queue import QueueEntry

THIN = 6
"""Cells below which the words of a block stand closer."""


class DayMarkup:
    """What is the same for all lines of one answer: the reader's words, and what this reader may do."""

    def __init__(self, by: str, zone: ZoneInfo, roles: Collection[str], *, ahead: bool = False) -> None:
        """`ahead`: the day is still to come, and nobody is examined on it yet."""
        self.by, self.zone = by, zone
        self.decides, self.treats = Role.VAIDYA in roles and not ahead, not {*TREATS}.isdisjoint(roles)
        self.late = _("late")
        self.states = {code: str(label) for code, label in Status.choices}
        self.base = reverse("desk:visit", args=["00000000-0000-0000-0000-000000000000"]).rsplit("/", 2)[0]

    def url(self, line: DayLine) -> str:
        return f"{self.base}/{line.visit.public_id}/"

    def state(self, line: DayLine) -> str:
        words = self.states[line.booking.status]
        return f"{words}, {self.late}" if line.late else words

    def clock(self, moment: dt.datetime) -> str:
        return clock_words(moment.astimezone(self.zone))

    def code(self, line: DayLine) -> str:
        return "late" if line.late else line.booking.status

    # --- the board ---------------------------------------------------------------------------------------------------

    def blocks(self, lane: BoardLane) -> SafeString:
        """The visits of a lane."""
        return _safe("".join(self.block(block) for block in lane.blocks))

    def shades(self, lane: Lane) -> SafeString:
        """The stretches of a lane in which nobody is booked."""
        spans = (
            f'<span class="shade {s.code} {_at(s.span)}"><span>{escape(s.words)}</span></span>' for s in lane.shades
        )
        return _safe("".join(spans))

    def block(self, block: Block) -> str:
        line, number = block.line, block.line.visit.pk
        if block.tail:
            words = _("after %(name)s") % {"name": line.patient.full_name}
            return f'<span class="tail {_at(block.span)}" data-v="{number}" title="{escape(words)}"></span>'
        name, state = escape(line.patient.full_name), escape(self.state(line))
        therapy = escape(str(line.booking.variant))
        where = line.room if self.by == PEOPLE else ", ".join(person.name for person in line.crew)
        begin, end = (moment.astimezone(self.zone) for moment in (line.booking.starts_at, line.booking.ends_at))
        times, place = span_words(begin, end), f" · {escape(where)}" if where else ""
        title = f"{name}, {line.age} · {therapy} · {times} · {state}{place}"
        start = f"{line.booking.starts_at.timestamp():.0f}"
        moves = f' data-n="{line.booking.version}" data-s="{start}"' if line.movable else ""
        if line.stretchable:
            ends = f"{line.booking.ends_at.timestamp():.0f}"
            moves += f' data-e="{ends}" data-w="{line.booking.version}" data-p="{line.booking.position}"'
        urgent = " urgent" if line.urgent else ""
        thin = " thin" if block.span[1] - block.span[0] < THIN else ""
        actual = f'<i class="actual {_at(block.actual)}" data-v="{number}"></i>' if block.actual else ""
        look = f"{self.code(line)}{urgent}{thin} {_at(block.span)}"
        return (
            f'<a class="v {look}" data-v="{number}"{moves} href="{self.url(line)}" title="{title}">'
            f"<b>{name}</b><span>{state} · {therapy}{place}</span>{_strip(block)}</a>{actual}"
        )

    # --- the list ----------------------------------------------------------------------------------------------------

    def rows(self, lines: Iterable[DayLine]) -> SafeString:
        """Lines of the table, one a booking."""
        return _safe("".join(self.row(line) for line in lines))

    def row(self, line: DayLine) -> str:
        visit, booking, name = line.visit, line.booking, escape(line.patient.full_name)
        anchor = f' id="visit-{visit.public_id}"' if line.first else ""
        crew = escape(", ".join(person.name for person in line.crew)) or "–"
        return (
            f'<tr class="{self.code(line)}" data-v="{visit.pk}" data-at="{visit.arrives_at.timestamp():.0f}"{anchor}>'
            f"<td>{self.clock(visit.arrives_at) if line.first else ''}</td>"
            f"<td><b>{self.clock(booking.starts_at)}</b></td>"
            f'<th scope="row"><a href="{self.url(line)}">{name}</a> <i>{line.age}</i>{self.notes(line)}</th>'
            f"<td>{escape(str(booking.variant.therapy))}</td><td>{escape(line.room) or '–'}</td><td>{crew}</td>"
            f"<td>{self.badge(line)}</td><td>{self.acts(line)}</td></tr>"
        )

    def badge(self, line: DayLine) -> str:
        """Where it stands, in words."""
        words = [f'<span class="state">{escape(self.state(line))}</span>']
        if line.booking.status == Status.REQUESTED and line.booking.expires_at:
            limit = date_format(line.booking.expires_at.astimezone(self.zone), "D j M, H:i")
            words.append(f"<small>{escape(_('reply by %(limit)s') % {'limit': limit})}</small>")
        if line.screening:
            words.append(f'<small data-screening="{line.booking.screening}">{escape(line.screening)}</small>')
        if line.money:
            address = reverse("desk:pay", args=[line.visit.public_id])
            label = f"{escape(line.money)}: {escape(line.patient.full_name)}"
            words.append(f'<a class="money" href="{address}" aria-label="{label}">{escape(line.money)}</a>')
        return " ".join(words)

    def notes(self, line: DayLine) -> str:
        """What to do for the patient; for who may read the record, what must be kept in mind."""
        if not (line.urgent or line.alerts or (line.first and line.flags)):
            return ""
        return render_to_string("desk/day/_notes.html", {"line": line})

    def acts(self, line: DayLine) -> str:
        """One press each; all other acts are on the page of the visit."""
        name = line.patient.full_name
        return "".join(
            [self.button(button, name, first=not number) for number, button in enumerate(line.acts)] + self.leads(line)
        )

    def leads(self, line: DayLine) -> list[str]:
        """From a consultation to its examination, from a treatment to its record."""
        booking, visit, name = line.booking, line.visit.public_id, line.patient.full_name
        consults = booking.variant.therapy.is_consultation
        if self.decides and consults and booking.status not in (Status.REQUESTED, Status.NO_SHOW):
            return [_link(reverse("desk:examine", args=[visit]), _("Examine"), name, "primary")]
        if self.treats and not consults and booking.arrived_at:
            return [_link(reverse("desk:session", args=[visit, booking.position]), _("Record"), name, "secondary")]
        return []

    def waits(self, line: DayLine, now: dt.datetime) -> tuple[DayLine, int, str, SafeString]:
        """Whoever waits: how many minutes, what comes first, and the next step in one press."""
        arrived = line.booking.arrived_at or now
        minutes = max((now - arrived) // dt.timedelta(minutes=1), 0)
        lead = [self.button(button, line.patient.full_name, first=True) for button in line.acts if button.act.leads]
        return line, minutes, "" if lead else line.screening, _safe("".join(lead))

    def queued(self, entry: QueueEntry, now: dt.datetime) -> tuple[QueueEntry, str, SafeString]:
        """Somebody in a queue: where they stand in words, and the next press, which sends them in."""
        booking, name = entry.line.booking, entry.line.patient.full_name
        if entry.inside:
            state = _("with the Vaidya since %(time)s") % {"time": self.clock(booking.started_at or now)}
        elif entry.about is None:
            state = self.state(entry.line)
        elif booking.arrived_at:
            minutes = max((now - booking.arrived_at) // dt.timedelta(minutes=1), 0)
            words = _("waiting for %(minutes)s min, turn at about %(time)s")
            state = words % {"minutes": minutes, "time": self.clock(entry.about)}
        else:
            state = _("not here yet, turn at about %(time)s") % {"time": self.clock(entry.about)}
        lead = [button for button in entry.line.acts if button.act.leads]
        label = {"start": _("Send in")}
        presses = (self.button(each, name, first=True, label=label.get(each.act.code, "")) for each in lead)
        return entry, state, _safe("".join(presses))

    def button(self, button: Button, name: str, *, first: bool, label: str = "") -> str:
        kind = "primary" if first and button.act.leads else "secondary"
        identity = f' id="{escape(button.url)}"' if label else ""
        shown = f' name="shown" value="{escape(button.shown)}"' if button.shown else ""
        label = escape(label or str(button.act.label))
        return (
            f'<button{identity} form="act" formaction="{button.url}" class="btn btn-sm btn-{kind}"{shown} '
            f'aria-label="{label}: {escape(name)}">{label}</button>'
        )


def _link(url: str, label: str, name: str, kind: str) -> str:
    words = f"{escape(label)}: {escape(name)}"
    return f'<a class="btn btn-sm btn-{kind}" href="{url}" aria-label="{words}">{escape(label)}</a>'


def _at(span: tuple[int, int]) -> str:
    return f"t{max(span[0], 0)} d{max(span[1] - span[0], 1)}"


def _strip(block: Block) -> str:
    if not block.strips:
        return ""
    cells = block.span[1] - block.span[0]
    steps = "".join(
        f'<path class="{step.code}" d="M{step.begins} 0h{step.cells}v1h-{step.cells}z"/>' for step in block.strips
    )
    return f'<svg viewBox="0 0 {cells} 1" preserveAspectRatio="none" aria-hidden="true">{steps}</svg>'


def _safe(words: str) -> SafeString:
    return mark_safe(words)  # noqa: S308 - every value is escaped above
