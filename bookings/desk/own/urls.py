"""Addresses of one's own day, week and absences."""

from django.urls import path

from . import absence_views, views

urlpatterns = [
    path("", views.own_day, name="own_day"),
    path("week/", views.own_week, name="own_week"),
    path("absences/", absence_views.own_absences, name="own_absences"),
    path("absences/<int:pk>/withdraw/", absence_views.withdraw, name="withdraw_own_absence"),
]
