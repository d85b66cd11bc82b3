"""Below /health/."""

from django.urls import path

from clinic.health import views

app_name = "health"
urlpatterns = [
    path("", views.summary, name="summary"),
    path("live", views.live, name="live"),
    path("ready", views.ready, name="ready"),
    path("reminders", views.reminders, name="reminders"),
]
