"""Addresses of letters, calls and the mailbox; the desk's urls take them in."""

from django.urls import path

from . import calls_views, letters_views, mailbox_views, slip_views

urlpatterns = [
    path("calls/", calls_views.calls, name="calls"),
    path("calls/<int:pk>/", calls_views.settle, name="settle_call"),
    path("letters/", letters_views.letters, name="letters"),
    path("letters/<int:pk>/", letters_views.letter, name="letter"),
    path("letters/<int:pk>/again/", letters_views.send_again, name="send_again"),
    path("letters/samples/", letters_views.samples, name="letter_samples"),
    path("letters/samples/<slug:code>/<slug:language>/", letters_views.sample, name="letter_sample"),
    path("letters/samples/<slug:code>/<slug:language>/html/", letters_views.sample_html, name="letter_sample_html"),
    path("visits/<uuid:public_id>/slip/", slip_views.slip, name="slip"),
    path("mailbox/", mailbox_views.mailbox, name="mailbox"),
    path("mailbox/<str:name>/", mailbox_views.mail, name="mail"),
    path("mailbox/<str:name>/html/", mailbox_views.mail_html, name="mail_html"),
    path("mailbox/<str:name>/appointment.ics", mailbox_views.mail_calendar, name="mail_calendar"),
]
