"""Who is at the portal: an account, or a browser session that has none yet."""

from allauth.account.adapter import get_adapter
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from bookings.models import Visit
from bookings.portal import lookups
from bookings.portal.consultations import with_catalogue
from bookings.portal.draft import draft_of
from clinic.people.models import User
from clinic.people.permissions import holder
from clinic.premises.editions import edition_of


def account(request: HttpRequest) -> User | None:
    """The account that is signed in, for the `by` of an action."""
    return request.user if request.user.is_authenticated else None


def signed_in(request: HttpRequest) -> User:
    """The same behind a patient's door, where nobody else comes."""
    assert request.user.is_authenticated  # noqa: S101 - the door saw to it
    return request.user


def address(request: HttpRequest) -> str:
    """The network address as a keyed hash: enough to count holds by, nothing to look somebody up with."""
    plain = get_adapter().get_client_ip(request)
    return salted_hmac("bookings.portal.address", plain, algorithm="sha256").hexdigest()


def chose_elsewhere(request: HttpRequest, time: Visit) -> bool:
    """Whether what was sent is of another time than the held one: another tab of this browser has chosen since."""
    return request.POST.get("visit", str(time.public_id)) != str(time.public_id)


def held(request: HttpRequest) -> Visit | None:
    """The time that this browser holds, lapsed or not. Who holds none gets no session by looking."""
    hold_id = draft_of(request).hold
    time = lookups.held_visit(holder(request), hold_id) if hold_id else None
    return with_catalogue(time, edition_of(request)) if time else None
