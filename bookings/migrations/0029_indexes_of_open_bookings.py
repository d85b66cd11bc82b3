"""What was left open on earlier days, and consultations without a note, are found without reading all bookings."""

from django.db import migrations, models

from clinic.schema_changes import BuildIndex


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("bookings", "0028_undo_notes_and_plans")]

    operations = [
        BuildIndex(
            "booking",
            models.Index(condition=models.Q(("note_due", True)), fields=["visit"], name="booking_note_due"),
        ),
        BuildIndex(
            "booking",
            models.Index(
                condition=models.Q(("status__in", ["booked", "checked_in", "in_progress"])),
                fields=["starts_at"],
                name="booking_left_open",
            ),
        ),
    ]
