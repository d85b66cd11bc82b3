"""Addresses of the portal. Visits and people are named by random ids only."""

from django.urls import path

from bookings.portal.views import (
    access,
    changes,
    confirmation,
    own_data,
    people,
    prescribed,
    questions,
    record,
    sessions,
    signs,
    slot_choice,
    visits,
)

app_name = "portal"

urlpatterns = [
    path("book/", slot_choice.book, name="book"),
    path("book/times/", slot_choice.times, name="times"),
    path("book/hold/", slot_choice.hold_time, name="hold"),
    path("book/extend/", slot_choice.extend, name="extend"),
    path("book/release/", slot_choice.release, name="release"),
    path("book/who/", confirmation.who, name="who"),
    path("book/signs/", signs.signs, name="signs"),
    path("book/signs/outcome/", signs.signs_outcome, name="signs_outcome"),
    path("book/confirm/", confirmation.confirm, name="confirm"),
    path("book/sessions/", prescribed.sessions, name="prescribed"),
    path("book/sessions/<uuid:public_id>/accepts/", prescribed.accepts, name="prescribed_accepts"),
    path("book/sessions/<uuid:public_id>/times/", prescribed.times, name="prescribed_times"),
    path("book/sessions/<uuid:public_id>/hold/", prescribed.hold_time, name="prescribed_hold"),
    path("visits/", visits.visits, name="visits"),
    path("visits/<uuid:public_id>/", visits.visit, name="visit"),
    path("visits/<uuid:public_id>/appointment.ics", visits.calendar, name="calendar"),
    path("visits/<uuid:public_id>/move/", changes.move_times, name="move"),
    path("visits/<uuid:public_id>/move/to/", changes.move_to, name="move_to"),
    path("visits/<uuid:public_id>/cancel/", changes.cancel_visit, name="cancel"),
    path("visits/<uuid:public_id>/questions/", questions.visit_questions, name="visit_questions"),
    path("visits/<uuid:public_id>/questions/outcome/", questions.visit_outcome, name="visit_outcome"),
    path("questions/<uuid:public_id>/", questions.questions, name="questions"),
    path("questions/<uuid:public_id>/outcome/", questions.outcome, name="questions_outcome"),
    path("people/", people.people, name="people"),
    path("people/<uuid:public_id>/", people.person, name="person"),
    path("people/<uuid:public_id>/acting/", access.acting, name="acting"),
    path("people/<uuid:public_id>/acting/<int:pk>/end/", access.end, name="end_access"),
    path("people/<uuid:public_id>/acting/clinics/<int:pk>/end/", access.stop_sharing, name="end_sharing"),
    path("people/<uuid:public_id>/sessions/", sessions.sessions, name="sessions"),
    path("questions/<uuid:public_id>/wrong/", questions.wrong_answer, name="wrong_answer"),
    path("people/<uuid:public_id>/record/", record.record, name="record"),
    path("people/<uuid:public_id>/data/", own_data.own_data, name="own_data"),
    path("people/<uuid:public_id>/data/file/", own_data.own_data_file, name="own_data_file"),
    path("people/<uuid:public_id>/record/consents/<int:pk>/paper/", record.paper, name="consent_paper"),
    path("people/<uuid:public_id>/record/consents/<int:pk>/withdraw/", record.withdraw, name="withdraw_consent"),
]
