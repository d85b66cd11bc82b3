"""Which door leads where."""

from django.contrib import admin
from django.urls import include, path

from bookings.portal.views.home import home
from clinic.language import choose_language
from clinic.people.permissions import public

urlpatterns = [
    path("", home, name="home"),
    path("", include("bookings.portal.urls")),
    path("", include("clinic.people.urls")),
    path("", include("therapies.urls")),
    path("desk/", include("bookings.desk.urls")),
    path("letters/", include("bookings.links.urls")),
    path("health/", include("clinic.health.urls")),
    path("i18n/setlang/", public(choose_language), name="set_language"),
    path("admin/", admin.site.urls),
]
handler400 = "clinic.outage.bad_request"
handler500 = "clinic.outage.server_error"
