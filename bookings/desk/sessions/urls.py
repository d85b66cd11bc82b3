"""Addresses of the record of a session, below those of the visit and of the patient."""

from django.urls import path

from . import day_check_views, diet_views, hand_over_views, preparation_views, use_views, views

urlpatterns = [
    path("visits/<uuid:public_id>/<int:position>/session/", views.session, name="session"),
    path("visits/<uuid:public_id>/<int:position>/session/before/", views.before, name="session_before"),
    path("visits/<uuid:public_id>/<int:position>/session/after/", views.after, name="session_after"),
    path("visits/<uuid:public_id>/<int:position>/session/sign/", views.sign, name="session_sign"),
    path("visits/<uuid:public_id>/<int:position>/session/undo/", views.undo_sign, name="undo_sign"),
    path("visits/<uuid:public_id>/<int:position>/session/hand-over/", hand_over_views.hand_on, name="hand_over"),
    path("visits/<uuid:public_id>/<int:position>/session/counts/", views.count, name="count_stopped"),
    path("visits/<uuid:public_id>/<int:position>/session/use/", use_views.session_use, name="session_use"),
    path("visits/<uuid:public_id>/<int:position>/session/checked/", views.day_check, name="day_check"),
    path("visits/<uuid:public_id>/<int:position>/session/finding/", day_check_views.finding, name="day_finding"),
    path("visits/<uuid:public_id>/<int:position>/session/grade/", diet_views.grade, name="grade"),
    path("visits/<uuid:public_id>/<int:position>/session/diet/", diet_views.diet_sheet, name="diet_sheet"),
    path("visits/<uuid:public_id>/<int:position>/session/gaps/", views.gaps, name="review_gaps"),
    path("visits/<uuid:public_id>/<int:position>/session/readings/", views.readings, name="readings"),
    path("preparation/", preparation_views.preparation, name="preparation"),
    path("patients/<uuid:public_id>/sessions/", views.of_patient, name="sessions"),
    path("patients/<uuid:public_id>/sessions/<uuid:suspension_id>/lift/", views.lift, name="lift"),
]
