"""What mail providers report: bounces and complaints, believed only when signed.

django-anymail knows each provider's signature and words. Its own views tell by a signal, which this house does without:
its checks and its parser are called here, and what they find goes to one action.
"""

from collections.abc import Iterable

from anymail.exceptions import AnymailWebhookValidationFailure
from anymail.signals import AnymailTrackingEvent, EventType
from anymail.webhooks.base import AnymailBaseWebhookView
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest
from django.utils.module_loading import import_string

from clinic.json_input import read_json

PROVIDERS = {
    "brevo": "anymail.webhooks.brevo.BrevoTrackingWebhookView",
    "mailgun": "anymail.webhooks.mailgun.MailgunTrackingWebhookView",
    "mailjet": "anymail.webhooks.mailjet.MailjetTrackingWebhookView",
    "postmark": "anymail.webhooks.postmark.PostmarkTrackingWebhookView",
    "resend": "anymail.webhooks.resend.ResendTrackingWebhookView",
    "sendgrid": "anymail.webhooks.sendgrid.SendGridTrackingWebhookView",
    "sparkpost": "anymail.webhooks.sparkpost.SparkPostTrackingWebhookView",
}
STOPS = {EventType.BOUNCED: "bounced", EventType.COMPLAINED: "complained", EventType.REJECTED: "rejected"}
PASSING = frozenset({"deferred", "timed_out"})  # tried again by the provider itself


class NotSigned(Exception):
    """The report does not show that it comes from the provider, or the provider is not set up here."""


def stopped_by(request: HttpRequest, provider: str) -> list[tuple[str, str]]:
    """Addresses and why mail to them stops, from a provider's report. Raises NotSigned."""
    if provider not in PROVIDERS or not settings.ANYMAIL.get("WEBHOOK_SECRET"):
        raise NotSigned
    try:
        if request.content_type == "application/json":
            read_json(request.body)  # some checks read it before they know who sent it
        view: AnymailBaseWebhookView = import_string(PROVIDERS[provider])()
        view.run_validators(request)
    except (AnymailWebhookValidationFailure, ImproperlyConfigured, ValueError, TypeError) as fault:
        raise NotSigned from fault
    return list(_stops(view.parse_events(request)))


def _stops(events: Iterable[AnymailTrackingEvent]) -> Iterable[tuple[str, str]]:
    for event in events:
        if event.event_type in STOPS and event.recipient and event.reject_reason not in PASSING:
            yield event.recipient, STOPS[event.event_type]
