"""Addresses of courses. They carry public ids and dates only."""

from django.urls import path

from . import views

urlpatterns = [
    path("patients/<uuid:public_id>/courses/<uuid:prescription_id>/", views.course, name="course"),
    path("patients/<uuid:public_id>/courses/<uuid:prescription_id>/book/", views.book, name="book_course"),
    path("patients/<uuid:public_id>/courses/<uuid:prescription_id>/sheet/", views.sheet, name="course_sheet"),
]
