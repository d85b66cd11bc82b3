"""The staff site. Addresses carry public ids and dates only."""

from django.urls import include, path

from .absences import views as absence_views
from .booking import views as booking_views
from .buttons import BOOKING_VERBS, VISIT_VERBS
from .day import queue_views, week_views
from .day import views as day_views
from .patients import access_views, contact_views, death_views, merge_views
from .patients import views as patient_views
from .visits import late_views, length_views, request_views
from .visits import views as visit_views

app_name = "desk"


def _address(code: str) -> str:
    return code.replace("_", "-")


urlpatterns = [
    path("", day_views.day, name="day"),
    path("changes/", day_views.changes, name="changes"),
    path("queue/", day_views.queue, name="queue"),
    path("week/", week_views.week, name="week"),
    path("sheet/", include("bookings.desk.paper.urls")),
    path("queue/late/", queue_views.tell_late, name="tell_late"),
    # Finding, registering and knowing patients.
    path("patients/", patient_views.find, name="find"),
    path("patients/hits/", patient_views.hits, name="hits"),
    path("patients/welcome/", patient_views.welcome, name="welcome"),
    path("patients/new/", patient_views.register, name="register"),
    path("patients/<uuid:public_id>/", patient_views.patient, name="patient"),
    path("patients/<uuid:public_id>/change/", patient_views.change, name="change"),
    path("patients/<uuid:public_id>/died/", death_views.note, name="note_death"),
    path("patients/<uuid:public_id>/died/take-back/", death_views.take_back, name="take_death_back"),
    path("patients/<uuid:public_id>/family/", patient_views.family, name="family"),
    path("patients/<uuid:public_id>/twins/<int:pk>/different/", patient_views.different, name="different"),
    path("patients/<uuid:public_id>/merge/", merge_views.find_record, name="find_record"),
    path("patients/<uuid:public_id>/merge/<uuid:other_id>/", merge_views.merge_records, name="merge_records"),
    path("patients/<uuid:public_id>/merges/<int:pk>/undo/", merge_views.take_merge_back, name="take_merge_back"),
    path("patients/<uuid:public_id>/address/", contact_views.check, name="check_address"),
    path("patients/<uuid:public_id>/address/take-back/", contact_views.take_back, name="take_back_address"),
    path("patients/<uuid:public_id>/invite/", access_views.invite, name="invite"),
    path("patients/<uuid:public_id>/codes/<int:pk>/withdraw/", access_views.withdraw_code, name="withdraw_code"),
    path("patients/<uuid:public_id>/accesses/<int:pk>/end/", access_views.end, name="end_access"),
    path("patients/<uuid:public_id>/paper/", patient_views.write_down, name="write_down"),
    # Booking for them.
    path("patients/<uuid:public_id>/book/", booking_views.choose, name="choose"),
    path("patients/<uuid:public_id>/book/accepts/", booking_views.accepts, name="accepts"),
    path("patients/<uuid:public_id>/book/at-once/", booking_views.book_at_once, name="book_at_once"),
    path("patients/<uuid:public_id>/book/hold/", booking_views.hold, name="hold"),
    path("patients/<uuid:public_id>/book/<uuid:visit_id>/", booking_views.confirm, name="confirm"),
    path("patients/<uuid:public_id>/book/<uuid:visit_id>/release/", booking_views.release, name="release"),
    path("", include("bookings.desk.courses.urls")),
    # A visit, and the acts on it.
    path("visits/<uuid:public_id>/", visit_views.visit, name="visit"),
    path("visits/<uuid:public_id>/place/", day_views.place, name="place"),
    path("visits/<uuid:public_id>/move/", visit_views.move, name="move"),
    path("visits/<uuid:public_id>/afterwards/", late_views.afterwards, name="afterwards"),
    path("visits/<uuid:public_id>/cancel/", visit_views.cancel, name="cancel"),
    path("visits/<uuid:public_id>/accept/", request_views.accept, name="accept"),
    path("visits/<uuid:public_id>/decline/", request_views.decline, name="decline"),
    path("visits/<uuid:public_id>/<int:position>/length/", length_views.length, name="length"),
    path("visits/<uuid:public_id>/<int:position>/reassign/", visit_views.reassign, name="reassign"),
    *[
        path(f"visits/<uuid:public_id>/{_address(code)}/", day_views.act_on_visit, {"code": code}, name=code)
        for code in VISIT_VERBS
    ],
    *[
        path(
            f"visits/<uuid:public_id>/<int:position>/{_address(code)}/",
            day_views.act_on_booking,
            {"code": code},
            name=code,
        )
        for code in BOOKING_VERBS
    ],
    # Who and what is away.
    path("absences/", absence_views.absences, name="absences"),
    path("absences/<int:pk>/", absence_views.absence, name="absence"),
    path("absences/<int:pk>/end/", absence_views.end, name="end_absence"),
    path("affected/", include("bookings.desk.affected.urls")),
    # Calls, letters and the mailbox.
    path("", include("bookings.desk.messages.urls")),
    # The record of a session, and what is to be done.
    path("", include("bookings.desk.sessions.urls")),
    # Examinations, prescriptions and consents.
    path("", include("bookings.desk.clinical.urls")),
    path("reports/", include("bookings.desk.reports.urls")),
    path("", include("bookings.desk.payments.urls")),
    path("own/", include("bookings.desk.own.urls")),
    path("previews/", include("bookings.desk.previews.urls")),
    path("staff/", include("bookings.desk.staff.urls")),
    path("staff/<int:pk>/leave/", include("bookings.desk.departures.urls")),
    path("todo/", include("bookings.desk.todo.urls")),
    # Shared devices of the clinic.
    path("", include("bookings.desk.devices.urls")),
    # Changes of what decides for whom a therapy is safe.
    path("safety/", include("bookings.desk.safety.urls")),
    # Health questions on the tablet, and decisions on answers.
    path("", include("bookings.desk.screening.urls")),
    path("", include("bookings.desk.emergency.urls")),
]
