"""Addresses of previews."""

from django.urls import path

from . import views

urlpatterns = [path("<slug:code>/", views.therapy_preview, name="therapy_preview")]
