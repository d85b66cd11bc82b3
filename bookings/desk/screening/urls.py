"""Addresses of the questions before a visit and of the decisions on answers. They carry ids only."""

from django.urls import path

from . import body_views, decision_views, question_views, telephone_views

urlpatterns = [
    path("visits/<uuid:public_id>/questions/", question_views.questions, name="questions"),
    path("visits/<uuid:public_id>/questions/outcome/", question_views.outcome, name="questions_outcome"),
    path("visits/<uuid:public_id>/questions/send/", question_views.send, name="send_questions"),
    path("visits/<uuid:public_id>/decisions/", decision_views.of_visit, name="visit_decisions"),
    path("patients/<uuid:public_id>/questions/", body_views.tablet, name="body_questions"),
    path("patients/<uuid:public_id>/questions/outcome/", body_views.tablet_outcome, name="body_outcome"),
    path("patients/<uuid:public_id>/questions/aloud/", body_views.aloud, name="read_aloud"),
    path("patients/<uuid:public_id>/questions/aloud/outcome/", body_views.aloud_outcome, name="read_aloud_outcome"),
    path("patients/<uuid:public_id>/wrong-answer/", question_views.wrong_answer, name="wrong_answer"),
    path("patients/<uuid:public_id>/decisions/", decision_views.of_patient, name="decisions"),
    path("patients/<uuid:public_id>/telephone-decision/", telephone_views.write_down, name="telephone_decision"),
]
