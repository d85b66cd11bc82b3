"""The addresses of the list of what is to be done."""

from django.urls import path

from . import enquiry_views, views

urlpatterns = [
    path("", views.todo, name="todo"),
    path("count/", views.count, name="todo_count"),
    path("enquiries/<uuid:public_id>/", enquiry_views.enquiry, name="enquiry"),
    path("<uuid:public_id>/rung/", views.rung, name="rung"),
]
