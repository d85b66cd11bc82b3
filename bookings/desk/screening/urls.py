"""Addresses of the questions before a visit and of the decisions on answers. They carry ids only."""

from django.urls import path

from . import decision_views, question_views

urlpatterns = [
    path("visits/<uuid:public_id>/questions/", question_views.questions, name="questions"),
    path("visits/<uuid:public_id>/questions/outcome/", question_views.outcome, name="questions_outcome"),
    path("visits/<uuid:public_id>/questions/send/", question_views.send, name="send_questions"),
    path("visits/<uuid:public_id>/decisions/", decision_views.of_visit, name="visit_decisions"),
    path("patients/<uuid:public_id>/decisions/", decision_views.of_patient, name="decisions"),
]
