"""Anything sent is a row first."""

import datetime as dt

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    CONFIRMED = "confirmed", _("Confirmation")
    REMINDER = "reminder", _("Reminder")
    MOVED = "moved", _("Moved")
    CANCELLED = "cancelled", _("Cancelled")
    SIGN_IN_CODE = "sign_in_code", _("Sign-in code")
    ACCOUNT = "account", _("About the account")


class Channel(models.TextChoices):
    EMAIL = "email", _("E-mail")
    CALL = "call", _("Call by the desk")
    PAPER = "paper", _("On paper")


class State(models.TextChoices):
    DUE = "due", _("Due")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Failed")
    VOID = "void", _("Void")


class MessageQuerySet(models.QuerySet["Message"]):
    def due(self, now: dt.datetime) -> "MessageQuerySet":
        """Rows whose time has come and that nobody leases."""
        free = Q(leased_until=None) | Q(leased_until__lte=now)
        return self.filter(free, state=State.DUE, channel=Channel.EMAIL, due_at__lte=now).order_by("due_at", "pk")

    def calls(self, now: dt.datetime) -> "MessageQuerySet":
        """What the front desk has to ring about now."""
        return self.filter(state=State.DUE, channel=Channel.CALL, due_at__lte=now).order_by("due_at", "pk")


class Message(models.Model):
    """`key` names it once for all time; `sequence` is the visit's when planned: another one voids the row."""

    key = models.CharField(max_length=200, unique=True)
    kind = models.CharField(_("kind"), max_length=30, choices=Kind)
    channel = models.CharField(_("channel"), max_length=10, choices=Channel, default=Channel.EMAIL)
    visit = models.ForeignKey("bookings.Visit", models.PROTECT, related_name="messages", null=True, blank=True)
    sequence = models.PositiveIntegerField(null=True, blank=True)
    user = models.ForeignKey("people.User", models.PROTECT, related_name="messages", null=True, blank=True)
    recipient = models.CharField(_("to"), max_length=254, blank=True)
    language = models.CharField(_("language"), max_length=5, default="en")
    secret = models.JSONField(default=dict, blank=True, editable=False)
    due_at = models.DateTimeField(_("due"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DUE)
    leased_until = models.DateTimeField(null=True, blank=True, editable=False)
    lease_token = models.UUIDField(null=True, blank=True, editable=False)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    problem = models.CharField(_("what went wrong"), max_length=200, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    message_id = models.CharField(max_length=200, blank=True, editable=False)
    outcome = models.CharField(_("outcome of the call"), max_length=20, blank=True)
    settled_by = models.ForeignKey(
        "people.User", models.PROTECT, related_name="settled_messages", null=True, blank=True
    )
    made_at = models.DateTimeField(_("made"))

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state="due"), name="message_due"),
            models.Index(fields=["visit"]),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="message_state_known"),
            models.CheckConstraint(condition=Q(channel__in=Channel.values), name="message_channel_known"),
            models.CheckConstraint(
                condition=~Q(state="sent") | Q(sent_at__isnull=False), name="message_sent_has_time"
            ),
            models.CheckConstraint(
                condition=Q(leased_until=None, lease_token=None)
                | Q(leased_until__isnull=False, lease_token__isnull=False),
                name="message_lease_whole",
            ),
        ]

    def __str__(self) -> str:
        return self.key


class Heartbeat(models.Model):
    """When a loop last looked: `/health/reminders` reads it."""

    name = models.CharField(max_length=40, unique=True)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("heartbeat")
        verbose_name_plural = _("heartbeats")

    def __str__(self) -> str:
        return self.name
