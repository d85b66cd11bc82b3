"""Addresses that mail may go to: one rule, wherever somebody types one."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.utils.deconstruct import deconstructible
from django.utils.translation import gettext_lazy as _

LONGEST = 254
LONGEST_BEFORE_THE_AT = 64
"""RFC 5321, 4.5.3.1."""
OF_NO_MAIL = ("localhost", "localdomain", "local", "internal", "invalid", "onion", "arpa")
"""Last parts of names that are never those of somebody's mail server."""


@deconstructible
class ContactEmailValidator(EmailValidator):
    """As Django's, for mail that leaves the house: a name with a dot, no address of a machine, no quotation marks."""

    message = _("Enter an e-mail address like name@example.com.")

    def __init__(self) -> None:
        super().__init__(allowlist=[])

    def __call__(self, value: str | None) -> None:
        super().__call__(value)
        before, _at, domain = str(value).rpartition("@")
        too_long = len(str(value)) > LONGEST or len(before) > LONGEST_BEFORE_THE_AT
        last = domain.rstrip(".").rpartition(".")[2].lower()
        if too_long or '"' in before or domain.endswith(".") or last in OF_NO_MAIL or last.isdigit():
            raise ValidationError(self.message, code=self.code, params={"value": value})

    def validate_domain_part(self, domain_part: str) -> bool:
        return bool(re.fullmatch(self.domain_regex, domain_part))


validate_contact_email = ContactEmailValidator()


class ContactEmailField(forms.EmailField):
    """Where somebody types an address outside a form of a model."""

    default_validators = [validate_contact_email]

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**({"max_length": LONGEST} | kwargs))
