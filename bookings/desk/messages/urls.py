"""Addresses of letters, calls and the mailbox; the desk's urls take them in."""

from django.urls import path

from . import call_views, mailbox_views, slip_views, switch_views
from . import views as message_views

urlpatterns = [
    path("calls/", call_views.calls, name="calls"),
    path("calls/<int:pk>/", call_views.settle, name="settle_call"),
    path("letters/", message_views.letters, name="letters"),
    path("letters/<int:pk>/", message_views.letter, name="letter"),
    path("letters/<int:pk>/by-hand/", message_views.told_by_hand, name="told_by_hand"),
    path("letters/<int:pk>/again/", message_views.send_again, name="send_again"),
    path("letters/samples/", message_views.samples, name="letter_samples"),
    path("letters/samples/<slug:code>/<slug:language>/", message_views.sample, name="letter_sample"),
    path("letters/samples/<slug:code>/<slug:language>/html/", message_views.sample_html, name="letter_sample_html"),
    path("visits/<uuid:public_id>/slip/", slip_views.slip, name="slip"),
    path("mailbox/", mailbox_views.mailbox, name="mailbox"),
    path("mailbox/<str:name>/", mailbox_views.mail, name="mail"),
    path("mailbox/<str:name>/html/", mailbox_views.mail_html, name="mail_html"),
    path("mailbox/<str:name>/appointment.ics", mailbox_views.mail_calendar, name="mail_calendar"),
    path("sending/", switch_views.sending, name="sending"),
    path("sending/stop/", switch_views.stop, name="stop_sending"),
    path("sending/resume/", switch_views.resume, name="resume_sending"),
    path("sending/held/", switch_views.settle_held, name="settle_held"),
]
