"""Addresses that stand in letters."""

from django.urls import path

from . import move_views, question_views, views

app_name = "letters"
urlpatterns = [
    path("stop/<str:token>/", views.stop, name="stop"),
    path("visit/<str:token>/", views.visit, name="visit"),
    path("visit/<str:token>/cancel/", views.cancel, name="cancel"),
    path("visit/<str:token>/address/", views.confirm_address, name="confirm_address"),
    path("contact/<str:token>/", views.contact, name="contact"),
    path("visit/<str:token>/move/", move_views.move, name="move"),
    path("prepare/<str:token>/", views.prepare, name="prepare"),
    path("aftercare/<str:token>/", views.aftercare, name="aftercare"),
    path("questions/<str:token>/", question_views.questions, name="questions"),
    path("questions/<str:token>/outcome/", question_views.outcome, name="questions_outcome"),
    path("questions/<str:token>/wrong/", question_views.wrong_answer, name="wrong_answer"),
    path("metrics/", views.metrics, name="metrics"),
    path("reports/<slug:provider>/", views.reports, name="reports"),
]
