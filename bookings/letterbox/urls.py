"""Addresses that stand in letters."""

from django.urls import path

from . import views

app_name = "letters"
urlpatterns = [
    path("stop/<str:token>/", views.stop, name="stop"),
]
