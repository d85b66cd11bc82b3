"""The addresses of the list of what is to be done."""

from django.urls import path

from . import views

urlpatterns = [
    path("", views.todo, name="todo"),
    path("count/", views.count, name="todo_count"),
    path("<uuid:public_id>/rung/", views.rung, name="rung"),
]
