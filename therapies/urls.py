"""Addresses of the public catalogue and the guides."""

from django.urls import path

from . import views

app_name = "therapies"
urlpatterns = [
    path("therapies/", views.catalogue, name="catalogue"),
    path("therapies/<slug:code>/", views.therapy, name="therapy"),
    path("back-care/", views.back_care, name="back_care"),
]
