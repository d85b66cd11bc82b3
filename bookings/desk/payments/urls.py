"""Addresses of payments. They carry ids and dates only."""

from django.urls import path

from . import views

urlpatterns = [
    path("payments/", views.payments, name="payments"),
    path("payments/day.csv", views.payments_file, name="payments_file"),
    path("payments/<int:pk>/receipt/", views.receipt, name="receipt"),
    path("payments/<int:pk>/reverse/", views.reverse, name="reverse_payment"),
    path("visits/<uuid:public_id>/payments/", views.pay, name="pay"),
]
