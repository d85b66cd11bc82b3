"""Addresses that staff took, and those of accounts that act for the patient, are known to be theirs."""

from typing import Any

from django.db import migrations
from django.db.models import Exists, F, OuterRef


def note(apps: Any, _editor: Any) -> None:
    access, membership = (apps.get_model("people", name).objects for name in ("Access", "Membership"))
    by_staff = membership.filter(user=OuterRef("registered_by"))
    own = access.filter(patient=OuterRef("pk"), user__email__iexact=OuterRef("email"))
    patients = apps.get_model("people", "Patient").objects.exclude(email="").filter(proved_email="")
    patients.filter(Exists(by_staff) | Exists(own)).update(proved_email=F("email"), email_proved_at=F("registered_at"))


class Migration(migrations.Migration):
    dependencies = [("people", "0020_address_known_to_be_theirs")]

    operations = [migrations.RunPython(note, migrations.RunPython.noop)]
