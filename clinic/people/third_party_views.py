"""Views that come from libraries, one by one, each with the access it requires.

The library guards them itself (allauth: open pages for signing in; the admin: `people.admin_site`); here it is written
down, so that a new one does not come in unseen. A view without a name is listed by its route.
"""

ACCOUNTS = {
    "account_logout": "public",
    "account_inactive": "public",
    "account_reset_password_done": "public",
    "account_reset_password_from_key_done": "public",
    "account_change_password": "patient",
}
ADMIN = {
    "admin:login": "public",  # leads to the house's own sign-in
    "admin:index": "manager",
    "admin:logout": "manager",
    "admin:password_change": "manager",
    "admin:password_change_done": "manager",
    "admin:autocomplete": "manager",
    "admin:jsi18n": "manager",
    "admin:app_list": "manager",
    "admin:auth_user_password_change": "manager",
}
# Each has the same five pages, and a redirect from the address of older versions.
ADMIN_OF = [
    "account/emailaddress",
    "auth/group",
    "bookings/booking",
    "bookings/history",
    "bookings/message",
    "bookings/occupancy",
    "bookings/stoppedaddress",
    "bookings/visit",
    "people/membership",
    "people/patient",
    "people/read",
    "people/user",
    "premises/absence",
    "premises/clinic",
    "premises/equipment",
    "premises/pagesection",
    "premises/room",
    "therapies/practitioner",
    "therapies/question",
    "therapies/rule",
    "therapies/source",
    "therapies/step",
    "therapies/term",
    "therapies/therapy",
    "therapies/variant",
]


def _pages(model: str) -> dict[str, str]:
    name = model.replace("/", "_")
    pages = [f"admin:{name}_{page}" for page in ("changelist", "add", "history", "delete", "change")]
    return dict.fromkeys([*pages, f"admin/{model}/<path:object_id>/"], "manager")


THIRD_PARTY_VIEWS: dict[str, str] = (
    ACCOUNTS | ADMIN | {name: access for model in ADMIN_OF for name, access in _pages(model).items()}
)
