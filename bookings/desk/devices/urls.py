"""Addresses of the clinic's shared devices."""

from django.urls import path

from . import views

urlpatterns = [
    path("devices/", views.devices, name="devices"),
    path("devices/<int:pk>/end/", views.end, name="end_device"),
    path("devices/pin/", views.pin, name="pin"),
    path("devices/lock/", views.lock, name="lock"),
    path("devices/locked/", views.locked, name="locked"),
    path("devices/locked/passkey/", views.locked_passkey, name="locked_passkey"),
    path("devices/locked/<int:booking_id>/sign/", views.locked_sign, name="locked_sign"),
    path("devices/kept/", views.kept, name="kept"),
    path("devices/kept/<int:pk>/let-go/", views.let_go, name="let_go"),
]
