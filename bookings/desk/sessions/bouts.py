"""What the bouts that were counted mean, for whoever counts them."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings.facts.diet import schedules_of_diet
from bookings.facts.session_use import counted_in
from bookings.models import Booking, Grade, SessionUse, Status
from therapies.diet import grade_of, is_too_many, next_grade

OVER = (Status.COMPLETED, Status.STOPPED)


@dataclass(frozen=True)
class CountedBouts:
    """How many, what that means in words, and whether the Vaidya must be called now."""

    number: int
    text: str
    calls: bool = False


def counted_bouts(booking: Booking, use: SessionUse | None) -> CountedBouts | None:
    """None where the therapy counts none."""
    if "bouts" not in counted_in(booking):
        return None
    number, therapy, schedules = (use.bouts or 0) if use else 0, booking.variant.therapy.code, schedules_of_diet()
    words = [ngettext("%(count)s bout so far.", "%(count)s bouts so far.", number) % {"count": number}]
    reached, following = grade_of(number, therapy, schedules), next_grade(number, therapy, schedules)
    if reached:
        words.append(_("Grade by the bouts: %(grade)s.") % {"grade": Grade(reached.grade).label})
    if following:
        next_words = {"grade": Grade(following.grade).label, "count": following.bouts_of(therapy)}
        words.append(_("%(grade)s begins at %(count)s bouts.") % next_words)
    too_many = is_too_many(number, therapy, schedules)
    too_few = bool(schedules) and reached is None and booking.status in OVER
    if too_many:
        words.append(_("These are more bouts than the highest grade has. Call the Vaidya now."))
    if too_few:
        words.append(_("These are fewer bouts than the lowest grade has. Call the Vaidya now."))
    if booking.variant.therapy.facts.get("monitoring", {}).get("count_note"):
        words.append(_("The first two or three bouts with stool are not counted."))
    return CountedBouts(number, " ".join(words), too_many or too_few)
