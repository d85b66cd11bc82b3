"""Which door leads where."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from django.views.i18n import set_language

from clinic.people.doors import public

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("clinic.people.urls")),
    path("health/", include("clinic.health.urls")),
    path("admin/", admin.site.urls),
    path("i18n/setlang/", public(set_language), name="set_language"),
]
