"""Addresses of the clinical record, below those of the patient. They carry ids only."""

from django.urls import path

from bookings.desk.record_access import views as record_access_views

from . import (
    assessment_views,
    consent_views,
    followup_views,
    prescription_views,
    record_views,
    sheet_views,
    signature_views,
    timeline_views,
)

EXAMINATION = "patients/<uuid:public_id>/assessments/<uuid:assessment_id>/"
PRESCRIPTION = "patients/<uuid:public_id>/prescriptions/<uuid:prescription_id>/"
CONSENT = "patients/<uuid:public_id>/consents/<int:pk>/"

urlpatterns = [
    path("patients/<uuid:public_id>/record/", record_views.record, name="record"),
    path("patients/<uuid:public_id>/timeline/", timeline_views.timeline, name="timeline"),
    path("patients/<uuid:public_id>/follow-up/", followup_views.follow_up, name="follow_up"),
    path("patients/<uuid:public_id>/record/open/", record_access_views.open_with_reason, name="open_record"),
    path("patients/<uuid:public_id>/record/share/", record_access_views.share, name="share_record"),
    path("openings/", record_access_views.listed, name="openings"),
    path("patients/<uuid:public_id>/assessments/new/", assessment_views.assess, name="assess"),
    path("visits/<uuid:public_id>/examine/", assessment_views.examine, name="examine"),
    path(EXAMINATION, assessment_views.show, name="assessment"),
    path(f"{EXAMINATION}change/", assessment_views.change, name="change_assessment"),
    path(f"{EXAMINATION}again/", assessment_views.again, name="assess_again"),
    path(f"{EXAMINATION}discard/", assessment_views.discard, name="discard_assessment"),
    path(f"{EXAMINATION}prescribe/", prescription_views.prescribe, name="prescribe"),
    path(f"{EXAMINATION}sign/", signature_views.sign, name="sign_assessment"),
    path(PRESCRIPTION, prescription_views.show, name="prescription"),
    path(f"{PRESCRIPTION}sheet/", sheet_views.sheet, name="prescription_sheet"),
    path(f"{PRESCRIPTION}discard/", prescription_views.discard, name="discard_prescription"),
    path(f"{PRESCRIPTION}end/", prescription_views.end, name="end_prescription"),
    path("patients/<uuid:public_id>/consents/new/", consent_views.give, name="give_consent"),
    path(f"{CONSENT}withdraw/", consent_views.withdraw, name="withdraw_consent"),
    path(f"{CONSENT}paper/", consent_views.paper, name="consent_paper"),
]
