"""Addresses of the portal. Visits and people are named by random ids only."""

from django.urls import path

from bookings.portal.questions import views as questions
from bookings.portal.views import acting, booking, changing, choosing, people, prescribed, record, sessions, visits

app_name = "portal"

urlpatterns = [
    path("book/", choosing.book, name="book"),
    path("book/times/", choosing.times, name="times"),
    path("book/hold/", choosing.hold_time, name="hold"),
    path("book/extend/", choosing.extend, name="extend"),
    path("book/release/", choosing.release, name="release"),
    path("book/who/", booking.who, name="who"),
    path("book/confirm/", booking.confirm, name="confirm"),
    path("book/sessions/", prescribed.sessions, name="prescribed"),
    path("book/sessions/<uuid:public_id>/accepts/", prescribed.accepts, name="prescribed_accepts"),
    path("book/sessions/<uuid:public_id>/times/", prescribed.times, name="prescribed_times"),
    path("book/sessions/<uuid:public_id>/hold/", prescribed.hold_time, name="prescribed_hold"),
    path("visits/", visits.visits, name="visits"),
    path("visits/<uuid:public_id>/", visits.visit, name="visit"),
    path("visits/<uuid:public_id>/appointment.ics", visits.calendar, name="calendar"),
    path("visits/<uuid:public_id>/move/", changing.move_times, name="move"),
    path("visits/<uuid:public_id>/move/to/", changing.move_to, name="move_to"),
    path("visits/<uuid:public_id>/cancel/", changing.cancel_visit, name="cancel"),
    path("visits/<uuid:public_id>/questions/", questions.visit_questions, name="visit_questions"),
    path("visits/<uuid:public_id>/questions/outcome/", questions.visit_outcome, name="visit_outcome"),
    path("questions/<uuid:public_id>/", questions.questions, name="questions"),
    path("questions/<uuid:public_id>/outcome/", questions.outcome, name="questions_outcome"),
    path("people/", people.people, name="people"),
    path("people/<uuid:public_id>/", people.person, name="person"),
    path("people/<uuid:public_id>/acting/", acting.acting, name="acting"),
    path("people/<uuid:public_id>/acting/<int:pk>/end/", acting.end, name="end_access"),
    path("people/<uuid:public_id>/acting/clinics/<int:pk>/end/", acting.stop_sharing, name="end_sharing"),
    path("people/<uuid:public_id>/sessions/", sessions.sessions, name="sessions"),
    path("people/<uuid:public_id>/record/", record.record, name="record"),
    path("people/<uuid:public_id>/record/consents/<int:pk>/paper/", record.paper, name="consent_paper"),
    path("people/<uuid:public_id>/record/consents/<int:pk>/withdraw/", record.withdraw, name="withdraw_consent"),
]
