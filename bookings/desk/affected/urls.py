"""Addresses of the affected visits."""

from django.urls import path

from . import views

urlpatterns = [
    path("", views.affected, name="affected"),
    path("day/", views.affected_of_day, name="affected_of_day"),
    path("count/", views.affected_count, name="affected_count"),
    path("<uuid:public_id>/settle/", views.settle_affected, name="settle"),
]
