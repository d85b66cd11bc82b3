"""The houses: clinics, when they are open, and the places and people with one place at a time."""

from .clinic import Clinic
from .edition import Edition, new_edition
from .hours import Closure, OpeningHours, Use
from .page_section import PageSection, PublicPage
from .resource import Absence, Equipment, Resource, Room

__all__ = [
    "Absence",
    "Clinic",
    "Closure",
    "Edition",
    "Equipment",
    "OpeningHours",
    "PageSection",
    "PublicPage",
    "Resource",
    "Room",
    "Use",
    "new_edition",
]
