"""The account somebody signs in with."""

import datetime as dt
import uuid
from typing import Any

from django.apps import apps
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from clinic.history import tracked
from clinic.people.email_addresses import validate_contact_email
from clinic.people.person_names import IN_THE_DATABASE, validate_person_name, validate_staff_number


def random_name() -> str:
    """The user name of people who sign in by e-mail and never see it."""
    return uuid.uuid4().hex


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str = "", password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str = "", password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def by_sign_in(self, words: str) -> "User | None":
        """The account of a staff number or an e-mail address, in whatever case; an address goes before a number."""
        words = words.strip()
        by_address = Q(address=words.lower()) & ~Q(email="")
        matches = self.annotate(address=Lower("email")).filter(by_address | Q(username__iexact=words))[:2]
        return min(matches, key=lambda user: user.email.lower() != words.lower(), default=None)

    def never_shown(self, before: dt.datetime) -> models.QuerySet["User"]:
        """Opened because a code was asked for, last before that moment, and nobody ever came in with one."""
        return self.filter(joined_at=None, asked_at__lt=before, is_staff=False)


@tracked(exclude=["password", "last_login", "asked_at", "created_by"])
class User(AbstractBaseUser, PermissionsMixin):
    """An account: a patient's or a relative's by e-mail, staff by e-mail or staff number."""

    username = models.CharField(
        _("staff ID"), max_length=40, unique=True, default=random_name, validators=[validate_staff_number]
    )
    email = models.EmailField(_("e-mail"), blank=True, validators=[validate_contact_email])
    name = models.CharField(_("name"), max_length=120, blank=True, validators=[validate_person_name])
    registration_number = models.CharField(
        _("registration number"),
        max_length=40,
        blank=True,
        help_text=_("For a Vaidya: the number in the state or national register."),
    )
    is_staff = models.BooleanField(_("can open the admin"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    asked_at = models.DateTimeField(_("requested a code"), null=True, blank=True, editable=False)
    joined_at = models.DateTimeField(_("joined"), null=True, blank=True)
    created_by = models.ForeignKey(
        "self", models.PROTECT, related_name="created_accounts", null=True, blank=True, editable=False
    )
    """The manager who made the account for somebody to come; empty where its owner opened it."""

    objects = UserManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["email"]

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                condition=~models.Q(email=""),
                name="user_email_once",
                violation_error_message=_("An account with this e-mail address already exists."),
            ),
            models.CheckConstraint(
                condition=Q(name="") | Q(name__regex=IN_THE_DATABASE),
                name="user_named_in_messages",
                violation_error_message=_("Names can only contain letters. Addresses are not allowed."),
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.email or self.username

    @property
    def has_come_in(self) -> bool:
        """Whether its owner ever chose a password or signed in."""
        return self.has_usable_password() or self.joined_at is not None

    def get_short_name(self) -> str:
        """How pages greet this account."""
        return str(self)

    def clinics(self, *roles: str, on: dt.date) -> models.QuerySet[Any]:
        """The clinics where this account holds one of `roles` (any role when none is named) on that day."""
        clinic = apps.get_model("premises", "Clinic")  # premises stands above people: only its name is known here
        return clinic.objects.filter(pk__in=self.memberships.holding(*roles, on=on).values("clinic"))

    def clinics_at(self, now: dt.datetime, *roles: str) -> models.QuerySet[Any]:
        """The same at this moment, each clinic by its own date: what a door asks."""
        clinic = apps.get_model("premises", "Clinic")
        return clinic.objects.filter(pk__in=self.memberships.holding_at(now, *roles).values("clinic"))

    def is_member(self, on: dt.date) -> bool:
        """Whether this account works at any clinic on that day."""
        return self.memberships.holding(on=on).exists()
