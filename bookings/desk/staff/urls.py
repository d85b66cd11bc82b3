"""Addresses of the pages of staff."""

from django.urls import path

from . import ending_views, offer_views, views

urlpatterns = [
    path("", views.team, name="team"),
    path("invite/", views.invite, name="invite_staff"),
    path("visits/", views.unserved, name="unserved"),
    path("end/", ending_views.end_roles, name="end_roles"),
    path("<int:pk>/link/", views.send_link, name="send_link"),
    path("<int:pk>/slip/", views.give_slip, name="give_slip"),
    path("<int:pk>/close/", ending_views.close, name="close_account"),
    path("<int:pk>/reopen/", views.reopen, name="reopen_account"),
    path("offers/<uuid:public_id>/", offer_views.offer, name="role_offer"),
    path("offers/<uuid:public_id>/refuse/", offer_views.refuse, name="refuse_role"),
    path("offers/<uuid:public_id>/withdraw/", views.withdraw, name="withdraw_role"),
    path("offers/<uuid:public_id>/link/", views.new_link, name="new_link"),
]
