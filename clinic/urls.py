"""Which door leads where."""

from importlib.util import find_spec

from django.contrib import admin
from django.urls import include, path
from django.views.i18n import set_language

from clinic.people.doors import public

# Rooms that are still being built are left out until their addresses exist.
ROOMS = [
    ("", "bookings.portal.urls"),
    ("", "clinic.people.urls"),
    ("", "therapies.urls"),
    ("desk/", "bookings.desk.urls"),
    ("letters/", "bookings.letterbox.urls"),
    ("health/", "clinic.health.urls"),
]

urlpatterns = [
    *(path(prefix, include(module)) for prefix, module in ROOMS if find_spec(module)),
    path("i18n/setlang/", public(set_language), name="set_language"),
    path("admin/", admin.site.urls),
]
