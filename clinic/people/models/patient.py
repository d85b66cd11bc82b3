"""The person who is treated. Belongs to the organisation, not to one clinic."""

import datetime as dt
import uuid
from collections.abc import Iterable
from typing import Any, NamedTuple

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce, Lower, Upper
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

from clinic.fields import FIRST_BIRTH
from clinic.history import tracked
from clinic.people import name_terms
from clinic.people.email_addresses import validate_contact_email
from clinic.people.merge_triggers import one_step_to_survivor
from clinic.people.person_names import (
    IN_THE_DATABASE,
    LABEL_IN_THE_DATABASE,
    validate_label,
    validate_person_name,
)
from clinic.wall import LatestDate


class Gender(models.TextChoices):
    """What a practitioner is, and the short list offered to patients beside their own words."""

    FEMALE = "female", _("Female")
    MALE = "male", _("Male")
    OTHER = "other", _("Other")


class TherapistGender(models.TextChoices):
    """Whom a patient accepts as therapist where a therapy asks for the same gender. Empty: not asked yet."""

    FEMALE = "female", _("Women")
    MALE = "male", _("Men")
    ANY = "any", _("Women or men")


class ContactChannel(models.TextChoices):
    EMAIL = "email", _("E-mail")
    CALL = "call", _("Phone call from the front desk")
    PAPER = "paper", _("On paper")


class Kinship(models.TextChoices):
    """As names are told apart in India: son, wife or daughter of somebody."""

    SON = "son", _("S/o")
    DAUGHTER = "daughter", _("D/o")
    WIFE = "wife", _("W/o")
    CARE = "care", _("C/o")


class Language(models.TextChoices):
    ENGLISH = "en", _("English")
    HINDI = "hi", _("Hindi")


APPROXIMATE_BY = 2
"""Years (clinic default): somebody who gives an age and no date of birth may be so much younger or older."""


class Ages(NamedTuple):
    """The least and the greatest age in whole years that a patient may have."""

    least: int
    greatest: int


class PatientQuerySet(models.QuerySet["Patient"]):
    def of(self, user: Any, on: dt.date) -> "PatientQuerySet":
        """The patients this account acts for on that day."""
        current = Q(accesses__ends_on=None) | Q(accesses__ends_on__gt=on)
        return self.filter(current, accesses__user=user, accesses__starts_on__lte=on, merged_into=None).distinct()

    def at(self, clinics: models.QuerySet) -> "PatientQuerySet":  # type: ignore[type-arg]
        """The patients who are, or were, at one of these clinics."""
        return self.filter(clinics__in=clinics).distinct()

    def named(self, public_id: uuid.UUID | str) -> "PatientQuerySet":
        """The record that goes on, of the person whose record has this id."""
        goes_on = Patient.objects.filter(public_id=public_id).values(person=Coalesce("merged_into", "pk"))
        return self.filter(pk__in=goes_on)

    def going_on(self) -> "PatientQuerySet":
        """Without those that were merged into another."""
        return self.filter(merged_into=None)

    def written_to(self, addresses: Iterable[str]) -> "PatientQuerySet":
        """The patients whose contact e-mail is one of these: a family may share one."""
        return self.alias(address=Lower("email")).filter(address__in={each.lower() for each in addresses} - {""})


class SearchTermsField(ArrayField):  # type: ignore[type-arg]
    """What finds a patient by name, worked out of the names whenever it is written."""

    def pre_save(self, instance: Any, add: bool) -> list[str]:  # noqa: FBT001, ARG002 - Django calls it so
        terms = name_terms.terms_of_person(instance)
        setattr(instance, self.attname, terms)
        return terms


@tracked(exclude=["search_terms", "merged_into"])
class Patient(models.Model):
    """Contact e-mail is a contact, not an identity: families share one.

    `merged_into`: the record of the same person that goes on (`clinic.people.records`). `PatientMerge` is its history.
    `search_terms` is worked out of the names; after another rule for it, run `manage.py renew_search_terms`.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    given_name = models.CharField(_("first name"), max_length=80, validators=[validate_person_name])
    family_name = models.CharField(_("family name"), max_length=80, blank=True, validators=[validate_person_name])
    birth_date = models.DateField(_("date of birth"))
    birth_is_approximate = models.BooleanField(
        _("date of birth from an approximate age"), default=False, db_default=False
    )
    kinship = models.CharField(
        _("S/o, D/o, W/o"), max_length=10, choices=Kinship, blank=True, default="", db_default=""
    )
    kin_name = models.CharField(
        _("name of parent or spouse"),
        max_length=80,
        blank=True,
        default="",
        db_default="",
        validators=[validate_person_name],
    )
    village = models.CharField(_("village or town"), max_length=80, blank=True, default="", db_default="")
    gender = models.CharField(_("gender (optional)"), max_length=40, blank=True)
    accepts_therapist = models.CharField(
        _("therapist for treatments with touch"), max_length=10, choices=TherapistGender, blank=True
    )
    phone = PhoneNumberField(_("phone"), blank=True)
    email = models.EmailField(_("contact e-mail"), blank=True, validators=[validate_contact_email])
    language = models.CharField(_("language of messages"), max_length=5, choices=Language, default=Language.ENGLISH)
    channel = models.CharField(
        _("how we contact you"), max_length=10, choices=ContactChannel, default=ContactChannel.EMAIL
    )
    discreet = models.BooleanField(_("discreet messages (without your name)"), default=False)
    label = models.CharField(_("label in discreet messages"), max_length=40, blank=True, validators=[validate_label])
    needs = models.CharField(_("support needs at the clinic"), max_length=200, blank=True)
    emergency_contact = models.CharField(
        _("emergency contact: name and phone"), max_length=120, blank=True, help_text=_("Whom to call for the patient.")
    )
    clinics = models.ManyToManyField("premises.Clinic", verbose_name=_("clinics"), related_name="patients", blank=True)
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="registered_patients", null=True, blank=True
    )
    registered_at = models.DateTimeField(_("registered"))
    proved_email = models.EmailField(_("confirmed address"), blank=True, editable=False)
    email_proved_at = models.DateTimeField(_("address confirmed on"), null=True, blank=True, editable=False)

    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        verbose_name=_("merged into"),
        related_name="merged_records",
        null=True,
        blank=True,
        editable=False,
        db_index=False,
    )
    death_noted_at = models.DateTimeField(_("death noted"), null=True, blank=True, editable=False)
    search_terms = SearchTermsField(models.CharField(max_length=200), default=list, db_default=[], editable=False)

    objects = PatientQuerySet.as_manager()

    class Meta:
        verbose_name = _("patient")
        verbose_name_plural = _("patients")
        indexes = [
            models.Index(fields=["phone"]),
            models.Index(fields=["birth_date"]),
            models.Index(fields=["merged_into"], condition=Q(merged_into__isnull=False), name="patient_merged_into"),
            GinIndex(fields=["search_terms"], name="patient_search_terms"),
            GinIndex(OpClass("phone", name="gin_trgm_ops"), name="patient_phone_part"),
            GinIndex(OpClass(Upper("email"), name="gin_trgm_ops"), name="patient_email_part"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(channel="email") | ~Q(email=""),
                name="patient_reachable_by_email",
                violation_error_message=_("Give an e-mail, or choose another way to reach you."),
            ),
            models.CheckConstraint(
                condition=~Q(channel="call") | ~Q(phone=""),
                name="patient_reachable_by_phone",
                violation_error_message=_("Give a phone number, or choose another way to reach you."),
            ),
            models.CheckConstraint(
                condition=Q(proved_email="", email_proved_at=None)
                | (~Q(proved_email="") & Q(email_proved_at__isnull=False)),
                name="patient_email_proved_and_when",
            ),
            models.CheckConstraint(condition=Q(channel__in=ContactChannel.values), name="patient_channel_known"),
            models.CheckConstraint(
                condition=Q(birth_date__gte=FIRST_BIRTH) & Q(birth_date__lte=LatestDate("registered_at")),
                name="patient_birth_date_possible",
                violation_error_message=_("Please check the date of birth."),
            ),
            models.CheckConstraint(
                condition=Q(accepts_therapist__in=["", *TherapistGender.values]), name="patient_accepts_known"
            ),
            models.CheckConstraint(
                condition=Q(given_name__regex=IN_THE_DATABASE)
                & (Q(family_name="") | Q(family_name__regex=IN_THE_DATABASE))
                & (Q(label="") | Q(label__regex=LABEL_IN_THE_DATABASE)),
                name="patient_named_in_letters",
                violation_error_message=_("Names can only contain letters. Addresses are not allowed."),
            ),
            models.CheckConstraint(
                condition=Q(kinship="", kin_name="") | (Q(kinship__in=Kinship.values) & ~Q(kin_name="")),
                name="patient_kin_named",
                violation_error_message=_("Give the name and S/o, D/o, W/o or C/o together."),
            ),
        ]
        triggers = [one_step_to_survivor()]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()

    @property
    def person_id(self) -> int:
        """The record that goes on: this one, or the one it was merged into."""
        return self.merged_into_id or self.pk

    @property
    def person(self) -> "Patient":
        """The record that goes on."""
        return self.merged_into or self

    @property
    def email_is_proved(self) -> bool:
        """Whether the contact address is known to be its owner's; another address is not, until it is shown anew."""
        return self.email != "" and self.email.lower() == self.proved_email.lower()

    @property
    def gender_words(self) -> str:
        """In the reader's language where it is one of the short list, else in the patient's own words."""
        return str(Gender(self.gender).label) if self.gender in Gender.values else self.gender

    def ages(self, on: dt.date) -> Ages:
        """Between which whole ages the patient is on that day: rules judge by the more careful of the two."""
        age, margin = self.age(on), APPROXIMATE_BY if self.birth_is_approximate else 0
        return Ages(max(age - margin, 0), age + margin)

    def age(self, on: dt.date) -> int:
        """Whole years on that day; of an approximate birth date what was told, a year later a year more."""
        had_birthday = (on.month, on.day) >= (self.birth_date.month, self.birth_date.day)
        return on.year - self.birth_date.year - (0 if had_birthday else 1)


@tracked(pghistory.InsertEvent("clinic.joined"), pghistory.DeleteEvent("clinic.left"), obj_field=None)
class PatientClinic(Patient.clinics.through):  # type: ignore[name-defined]
    """That a patient comes to a clinic lets its staff see them: kept like every other change."""

    class Meta:
        proxy = True
