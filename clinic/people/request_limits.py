"""How often anybody may ask for mail; counted in `clinic.people.attempts`, as is how often a form is sent.

The sign-in library has limits of its own. They live in a cache, which opens them when it is away, so they are off.
"""

import datetime as dt
from dataclasses import dataclass

from allauth.core.internal.ratelimit import get_ip
from django.http import HttpRequest

from clinic.people import attempts, devices
from clinic.people.attempts import Limit
from clinic.people.models import User

MINUTE, HOUR = dt.timedelta(minutes=1), dt.timedelta(hours=1)


@dataclass(frozen=True)
class MailLimits:
    """How often one kind of mail is asked for."""

    name: str
    for_address: tuple[Limit, ...]
    """For one e-mail address from one network, or from one device that its account signed in on before."""
    for_address_by_strangers: Limit
    """For one e-mail address from all networks together: twice what one network may, so that one stranger cannot use it
    up, and for a short span, so that many strangers shut nobody out for long."""
    of_network: Limit
    """From one network, whatever the e-mail address."""


CODE = MailLimits(
    name="code_request",
    for_address=(Limit(3, MINUTE), Limit(10, HOUR)),
    for_address_by_strangers=Limit(20, 15 * MINUTE),
    of_network=Limit(20, MINUTE),
)
RESET = MailLimits(
    name="reset_request",
    for_address=(Limit(3, MINUTE), Limit(5, HOUR)),
    for_address_by_strangers=Limit(10, 15 * MINUTE),
    of_network=Limit(20, MINUTE),
)


def take_mail(request: HttpRequest, *, email: str, limits: MailLimits, now: dt.datetime) -> bool:
    """Count one request for mail before anything is done for it; whether it is within the limits.

    A device that the account signed in on before has counts of its own, which nobody else can use up. All others share
    those of their network and of all strangers. An address without an account is counted like one with an account.
    """
    user = User.objects.by_sign_in(email)
    device = devices.known_device(request, user) if user else ""
    network = network_of(request)
    address = f"{limits.name}:{email.strip().lower()}"
    source = f"device:{device}" if device else f"network:{network}"
    wanted = [(f"{address}:{source}:{limit.span}", limit) for limit in limits.for_address]
    if not device:
        wanted.insert(0, (f"{limits.name}:network:{network}", limits.of_network))
        wanted.append((f"{address}:strangers", limits.for_address_by_strangers))
    return attempts.take_all(wanted, now=now) is not None


def network_of(request: HttpRequest) -> str:
    """The visitor's network address, past the trusted proxies; of IPv6 the part that one customer has."""
    return str(get_ip(request))


def account_of(request: HttpRequest) -> str:
    """Whoever is signed in."""
    return str(request.user.pk)
