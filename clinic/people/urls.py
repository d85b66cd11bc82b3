"""Only those pages of allauth that we use, one by one, under its own names."""

from allauth.account import views as allauth_views
from allauth.mfa.base import views as mfa_views
from django.urls import path, re_path

from clinic.people import factor_views, offer_views, reset_views, views
from clinic.people.permissions import public

urlpatterns = [
    path("signed-in/", views.signed_in, name="signed_in"),
    path("join/", views.join, name="join"),
    path("join/address/", views.join_address, name="join_address"),
    path("role-offers/", offer_views.offers, name="role_offers"),
    path("role-offers/<uuid:public_id>/accept/", offer_views.answer, {"yes": True}, name="accept_role"),
    path("role-offers/<uuid:public_id>/decline/", offer_views.answer, {"yes": False}, name="decline_role"),
    path("accounts/password/choose/<str:token>/", offer_views.choose_password, name="choose_password"),
    path("accounts/login/", views.sign_in, name="sign_in"),
    path("staff/", views.staff_sign_in, name="account_login"),
    path("staff/second-step/", public(mfa_views.authenticate), name="mfa_authenticate"),
    path("staff/second-steps/", reset_views.second_steps, name="second_steps"),
    path("staff/second-steps/members/<int:pk>/reset/", reset_views.ask_reset, name="ask_reset"),
    path("staff/second-steps/resets/<int:pk>/end/", reset_views.end_reset, name="end_reset"),
    path("staff/second-steps/resets/<int:pk>/confirm/", reset_views.confirm_reset, name="confirm_reset"),
    path("accounts/security/", factor_views.security, name="security"),
    path("staff/passkey/", views.passkey_sign_in, name="mfa_login_webauthn"),
    path("accounts/security/passkey/", factor_views.add_passkey, name="add_passkey"),
    path("accounts/security/app/", factor_views.set_up_app, name="set_up_app"),
    path("accounts/security/recovery-codes/", factor_views.recovery_codes, name="recovery_codes"),
    path("accounts/security/prove/", factor_views.prove, name="prove"),
    path("accounts/security/factors/<int:pk>/remove/", factor_views.remove_factor, name="remove_factor"),
    path("accounts/security/notices/read/", factor_views.read_notices, name="read_notices"),
    path("accounts/security/sessions/<int:pk>/end/", factor_views.end_session, name="end_session"),
    path("accounts/security/sessions/end/", factor_views.end_other_sessions, name="end_other_sessions"),
    path("accounts/logout/", allauth_views.logout, name="account_logout"),
    path("accounts/signup/", views.sign_up, name="account_signup"),
    path("accounts/closed/", allauth_views.account_inactive, name="account_inactive"),
    path("accounts/code/", views.request_code, name="account_request_login_code"),
    path("accounts/code/confirm/", views.confirm_code, name="account_confirm_login_code"),
    path("accounts/password/change/", views.change_password, name="account_change_password"),
    path("accounts/password/set/", views.set_password, name="account_set_password"),
    path("accounts/password/reset/", views.ask_reset, name="account_reset_password"),
    path("accounts/password/reset/done/", allauth_views.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^accounts/password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        views.reset_password,
        name="account_reset_password_from_key",
    ),
    path(
        "accounts/password/reset/key/done/",
        allauth_views.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
]
