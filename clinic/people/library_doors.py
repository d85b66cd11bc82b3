"""Views that come from libraries, one by one, each with the door it stands behind.

The library guards them itself (allauth: open pages for signing in; the admin: `people.admin_site`); here it is written
down, so that a new one does not come in unseen.
"""

LIBRARY_DOORS: dict[str, str] = {
    "account_login": "public",
    "account_logout": "public",
    "account_inactive": "public",
    "account_confirm_login_code": "public",
    "account_reset_password": "public",
    "account_reset_password_done": "public",
    "account_reset_password_from_key_done": "public",
    "account_change_password": "patient",
    "account_set_password": "patient",
}
