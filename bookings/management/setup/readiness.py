"""What a clinic still needs before somebody can book a first consultation: asked of the search that patients use."""

import datetime as dt
from collections import Counter

from django.utils.translation import gettext as _

from bookings.slots.search import starts
from bookings.slots.search_space import SlotRequest
from clinic.people.models import Membership, Role
from clinic.premises.models import Clinic
from therapies.models import Therapy, Variant

LOOKS_AHEAD = dt.timedelta(days=13)


def missing_before_booking(clinic: Clinic, *, now: dt.datetime) -> list[str]:
    """In words, the most basic first; empty where a first consultation can be booked within two weeks."""
    today = clinic.today(now)
    lines = []
    if not Therapy.objects.consultations().exists():
        return [_("No consultation is offered. Load the catalogue, or offer one in the admin.")]
    if not _may_sign_in(clinic, Role.MANAGER, today):
        lines.append(_("No manager has chosen a password yet."))
    if not _may_sign_in(clinic, Role.VAIDYA, today):
        lines.append(_("No Vaidya has chosen a password yet."))
    if not clinic.opening_hours.exists():
        return [*lines, _("The clinic has no opening hours.")]
    return [*lines, *_not_free(clinic, today, now)]


def _may_sign_in(clinic: Clinic, role: str, on: dt.date) -> bool:
    rows = Membership.objects.holding(role, on=on).filter(clinic=clinic, user__is_active=True).select_related("user")
    return any(row.user.has_usable_password() for row in rows)


def _not_free(clinic: Clinic, today: dt.date, now: dt.datetime) -> list[str]:
    """Why no consultation has a free time, by the reason of most days; nothing where one has."""
    reasons: Counter[str] = Counter()
    consultations = Therapy.objects.consultations()
    for variant in Variant.objects.filter(therapy__in=consultations, is_default=True).select_related("therapy"):
        slot_request = SlotRequest(clinic, (variant,))
        for day in starts(slot_request, first=today, last=today + LOOKS_AHEAD, now=now):
            if day.starts:
                return []
            reasons[str(day.why)] += 1
    words = {"days": LOOKS_AHEAD.days + 1, "why": reasons.most_common(1)[0][0] if reasons else ""}
    return [_("No consultation has a free time in the next %(days)s days. On most of them: %(why)s.") % words]
