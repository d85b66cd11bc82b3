"""Anything sent is a row first."""

import datetime as dt
from typing import Any

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clinic.people.models import Patient


class MessageKind(models.TextChoices):
    CONFIRMED = "confirmed", _("Confirmation")
    REMINDER = "reminder", _("Reminder")
    PREPARATION = "preparation", _("How to prepare")
    NEXT_VISIT = "next_visit", _("Next visit of a course")
    RUNNING_LATE = "running_late", _("Running late")
    MOVED = "moved", _("Time changed")
    RESTORED = "restored", _("Takes place after all")
    CANCELLED = "cancelled", _("Cancelled by the patient")
    CANCELLED_BY_CLINIC = "cancelled_by_clinic", _("Cancelled by the clinic")
    REQUESTED = "requested", _("Request received")
    ACCEPTED = "accepted", _("Request accepted")
    DECLINED = "declined", _("Request declined")
    EXPIRED = "expired", _("Request expired")
    PAUSED = "paused", _("Please wait for our call")
    QUESTIONS = "questions", _("Questions before the visit")
    NO_SHOW = "no_show", _("Missed appointment")
    AFTERCARE = "aftercare", _("After the visit")
    FOLLOW_UP = "follow_up", _("After two weeks")
    REVIEW_DUE = "review_due", _("Follow-up consultation is due")
    CALL_BACK = "call_back", _("Please call back")
    WRONG_ANSWER = "wrong_answer", _("An answer was pressed by mistake")
    ACCESS_BEGUN = "access_begun", _("Someone else can see the appointments")
    ACCESS_ENDED = "access_ended", _("Access of an account ended")
    NEW_CLINIC = "new_clinic", _("Registered at another clinic")
    RECORD_SHARED = "record_shared", _("Another clinic may see the record")
    CONTACT_CHANGED = "contact_changed", _("Contact details changed")
    CONFIRM_CONTACT = "confirm_contact", _("Is this your address?")
    SIGN_IN_CODE = "sign_in_code", _("Sign-in code")
    ACCOUNT = "account", _("About the account")
    DAY_SHEET = "day_sheet", _("Day list for staff")
    NEW_BOOKINGS = "new_bookings", _("New bookings, for staff")
    FAILED_MESSAGES = "failed_letters", _("Failed messages, for staff")


class Channel(models.TextChoices):
    EMAIL = "email", _("E-mail")
    CALL = "call", _("Call by the front desk")
    PAPER = "paper", _("On paper")


class State(models.TextChoices):
    DUE = "due", _("Due")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Failed")
    VOID = "void", _("No longer needed")


class MessageQuerySet(models.QuerySet["Message"]):
    def due(self, now: dt.datetime) -> "MessageQuerySet":
        """Mail whose time has come and that nobody leases."""
        free = Q(leased_until=None) | Q(leased_until__lte=now)
        return self.filter(free, state=State.DUE, channel=Channel.EMAIL, due_at__lte=now).order_by("due_at", "pk")

    def calls(self, now: dt.datetime) -> "MessageQuerySet":
        """What the front desk has to ring about now, what is urgent first."""
        return self.filter(state=State.DUE, channel=Channel.CALL, due_at__lte=now).order_by("-urgent", "due_at", "pk")

    def papers(self, now: dt.datetime) -> "MessageQuerySet":
        """What the front desk has to hand over on paper."""
        return self.filter(state=State.DUE, channel=Channel.PAPER, due_at__lte=now).order_by("due_at", "pk")

    def at(self, clinics: "models.QuerySet[Any]") -> "MessageQuerySet":
        """Letters of these clinics. Mail about accounts belongs to none."""
        return self.filter(clinic__in=clinics)

    def with_visit(self) -> "MessageQuerySet":
        """With all that a list of letters shows."""
        return self.select_related(
            "clinic", "patient", "visit__patient", "visit__clinic", "settled_by"
        ).prefetch_related("visit__bookings")


class Message(models.Model):
    """`key` names it once for all time; `sequence` is the visit's when planned: another one voids the row.

    `patient` is named only where there is no visit to name them: a letter about a review, a call somebody asked for.
    `secret` holds what mail about an account needs (a code, a link), or what a change of contact was and who made what
    a call tells of; it is emptied once the row is settled.
    `urgent` rows (somebody waits before the screen, or asked for help) come before all others.
    """

    key = models.CharField(max_length=200, unique=True)
    kind = models.CharField(_("kind"), max_length=30, choices=MessageKind)
    channel = models.CharField(_("channel"), max_length=10, choices=Channel, default=Channel.EMAIL)
    urgent = models.BooleanField(default=False, editable=False)
    clinic = models.ForeignKey(
        "premises.Clinic", models.PROTECT, related_name="messages", null=True, blank=True, db_index=False
    )
    visit = models.ForeignKey(
        "bookings.Visit", models.PROTECT, related_name="messages", null=True, blank=True, db_index=False
    )
    sequence = models.PositiveIntegerField(null=True, blank=True)
    patient = models.ForeignKey(
        "people.Patient", models.PROTECT, related_name="messages", null=True, blank=True, db_index=False
    )
    user = models.ForeignKey(
        "people.User", models.PROTECT, related_name="messages", null=True, blank=True, db_index=False
    )
    recipient = models.CharField(_("to"), max_length=254, blank=True)
    language = models.CharField(_("language"), max_length=5, default="en")
    secret = models.JSONField(default=dict, blank=True, editable=False)
    due_at = models.DateTimeField(_("due"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DUE)
    leased_until = models.DateTimeField(null=True, blank=True, editable=False)
    lease_token = models.UUIDField(null=True, blank=True, editable=False)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    problem = models.CharField(_("error"), max_length=200, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    message_id = models.CharField(max_length=200, blank=True, editable=False)
    outcome = models.CharField(_("outcome of the call"), max_length=20, blank=True)
    settled_by = models.ForeignKey(
        "people.User", models.PROTECT, related_name="settled_messages", null=True, blank=True, db_index=False
    )
    made_by = models.ForeignKey(
        "people.User", models.PROTECT, related_name="made_messages", null=True, blank=True, db_index=False
    )
    made_at = models.DateTimeField(_("created"))
    resend_of = models.ForeignKey("self", models.PROTECT, related_name="resends", null=True, blank=True, db_index=False)
    reason = models.CharField(_("reason for resending"), max_length=200, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        indexes = [
            # The lease walks this one: it holds what is still to be mailed, however many letters were sent.
            models.Index(
                fields=["urgent", "due_at", "id"], condition=Q(state="due", channel="email"), name="message_to_mail"
            ),
            models.Index(fields=["due_at"], condition=Q(state="due") & ~Q(channel="email"), name="message_to_do"),
            models.Index(fields=["visit"], name="message_visit"),
            models.Index(fields=["clinic", "-due_at"], name="message_clinic"),
            models.Index(fields=["clinic", "due_at"], condition=Q(state="failed"), name="message_failed"),
            BrinIndex(fields=["due_at"], autosummarize=True, name="message_by_day"),
            # Who and what is named by few: asked for where a row may go, and by the database's own check of that.
            *(
                models.Index(fields=[name], condition=Q(**{f"{name}__isnull": False}), name=f"message_{name}")
                for name in ("patient", "user", "settled_by", "made_by", "resend_of")
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="message_state_known"),
            models.CheckConstraint(condition=Q(channel__in=Channel.values), name="message_channel_known"),
            models.CheckConstraint(condition=~Q(state="sent") | Q(sent_at__isnull=False), name="message_sent_has_time"),
            models.CheckConstraint(
                condition=Q(leased_until=None, lease_token=None)
                | Q(leased_until__isnull=False, lease_token__isnull=False),
                name="message_lease_whole",
            ),
            models.CheckConstraint(condition=Q(state="due") | Q(secret={}), name="message_secret_gone_when_settled"),
            models.CheckConstraint(
                condition=Q(visit=None, sequence=None) | Q(visit__isnull=False, sequence__isnull=False),
                name="message_visit_with_sequence",
            ),
            models.CheckConstraint(condition=Q(patient=None) | Q(visit=None), name="message_patient_or_visit"),
            models.CheckConstraint(condition=Q(resend_of=None) | ~Q(reason=""), name="message_resent_with_reason"),
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def whom(self) -> Patient | None:
        """Whom it is about; read by `with_visit`. None: an account or the clinic itself."""
        return self.visit.patient if self.visit else self.patient


class StoppedAddress(models.Model):
    """An address that mail no longer goes to: it bounced, or its owner called our mail spam."""

    address = models.CharField(_("address"), max_length=254, unique=True)
    why = models.CharField(_("why"), max_length=30)
    at = models.DateTimeField(_("when"))

    class Meta:
        verbose_name = _("blocked address")
        verbose_name_plural = _("blocked addresses")

    def __str__(self) -> str:
        return self.address


class StoppedPatient(models.Model):
    """A patient who wants no letters beyond those that their visits need; since `reminders_at` no reminders either."""

    patient = models.OneToOneField("people.Patient", models.CASCADE, related_name="stopped_letters")
    at = models.DateTimeField(_("when"))
    reminders_at = models.DateTimeField(_("no reminders since"), null=True, blank=True)

    class Meta:
        verbose_name = _("patient without optional messages")
        verbose_name_plural = _("patients without optional messages")

    def __str__(self) -> str:
        return f"#{self.patient_id}"


class Heartbeat(models.Model):
    """When a sender last looked: `/health/reminders` reads it."""

    name = models.CharField(max_length=40, unique=True)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("heartbeat")
        verbose_name_plural = _("heartbeats")

    def __str__(self) -> str:
        return self.name


class StaffRound(models.Model):
    """A clinic was looked at for a message to staff of that day, whether or not there was something to tell."""

    clinic = models.ForeignKey("premises.Clinic", models.CASCADE, related_name="staff_rounds")
    kind = models.CharField(max_length=30)
    on = models.DateField()

    class Meta:
        verbose_name = _("planned message to staff")
        verbose_name_plural = _("planned messages to staff")
        constraints = [models.UniqueConstraint(fields=["clinic", "kind", "on"], name="staff_round_once")]

    def __str__(self) -> str:
        return f"#{self.clinic_id} {self.kind} {self.on}"


class DomainMinute(models.Model):
    """How many letters a mail domain was given in the minute that began then: all senders count here.

    What was beyond the limit has its turn in later minutes: the last of these, and how many wait for that one.
    """

    domain = models.CharField(max_length=254, unique=True)
    begun_at = models.DateTimeField()
    taken = models.PositiveIntegerField()
    later_at = models.DateTimeField(null=True, blank=True)
    later_taken = models.PositiveIntegerField(default=0, db_default=0)

    class Meta:
        verbose_name = _("e-mails per domain and minute")
        verbose_name_plural = _("e-mails per domain and minute")

    def __str__(self) -> str:
        return self.domain
