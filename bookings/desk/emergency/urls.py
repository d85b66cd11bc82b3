"""Addresses of the emergency card, below those of the patient. They carry ids only."""

from django.urls import path

from . import views

urlpatterns = [
    path("patients/<uuid:public_id>/emergency/", views.emergency_card, name="emergency_card"),
    path(
        "patients/<uuid:public_id>/emergency/<uuid:opening_id>/reason/", views.emergency_reason, name="emergency_reason"
    ),
]
