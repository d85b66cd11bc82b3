"""Why a visit was called off: codes, because the history keeps no free text. Each says who ended it."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bookings.models import CancelledBy
from bookings.rules.left_open import WHY_LATE

BY_THE_DESK: dict[str, tuple[str | Promise, CancelledBy]] = {
    "patient_asked": (_("Requested by the patient"), CancelledBy.PATIENT),
    "patient_ill": (_("The patient is ill"), CancelledBy.PATIENT),
    "staff_away": (_("A staff member is away"), CancelledBy.CLINIC),
    "room_out_of_order": (_("A room or a device is out of order"), CancelledBy.CLINIC),
    "not_suitable": (_("Advised against by a Vaidya"), CancelledBy.CLINIC),
    "no_room_in_the_day": (_("The day is too full"), CancelledBy.CLINIC),
    "entered_twice": (_("Entered by mistake"), CancelledBy.CLINIC),
}
OF_A_REQUEST = ("no_room_in_the_day", "staff_away", "room_out_of_order", "not_suitable")
"""Those for which a request is declined."""


BY_OTHERS: dict[str, str | Promise] = {
    "time": _("The time no longer suits the patient"),
    "journey": _("The patient cannot travel"),
    "elsewhere": _("The patient is going to another clinic"),
    "other": _("Another reason"),
    "patient_died": _("The patient has died"),
    "by_manager": _("Cancelled by the manager"),
    "entered_by_mistake": _("Entered by mistake"),
    "screening": _("Decided by a Vaidya after the health questions"),
}
"""What patients choose in the portal, what the manager does in the admin, and what follows from an answer."""


def reason_in_words(code: str) -> str:
    """The reason in the reader's words, none as nothing; one of an older release by its code."""
    if code in BY_THE_DESK:
        return str(BY_THE_DESK[code][0])
    return str(BY_OTHERS.get(code) or WHY_LATE.get(code, code))


ENDS_OF_ACCESS: dict[str, str | Promise] = {
    "patient_asked": _("Requested by the patient"),
    "wrong_person": _("The code was given to the wrong person"),
    "no_longer_cares": _("No longer cares for the patient"),
    "entered_by_mistake": _("Entered by mistake"),
    "other": _("Another reason"),
}
"""Why the front desk ends that an account acts for a patient."""
