"""Addresses of the day on paper. They carry dates only."""

from django.urls import path

from . import views

urlpatterns = [
    path("", views.day_sheet, name="day_sheet"),
    path("file/", views.day_sheet_file, name="day_sheet_file"),
]
