"""Addresses of the reports. They carry dates only."""

from django.urls import path

from . import views

urlpatterns = [
    path("", views.reports, name="reports"),
    path("<slug:code>.csv", views.report_file, name="report_file"),
]
