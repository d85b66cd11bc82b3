"""What is booked already keeps the steps of today's catalogue: from now on no change of it rewrites them."""

from typing import Any

from django.db import migrations


def keep_steps(apps: Any, _editor: Any) -> None:
    booking, step = apps.get_model("bookings", "Booking"), apps.get_model("therapies", "Step")
    steps: dict[int, list[dict[str, Any]]] = {}
    for row in step.objects.order_by("variant", "offset", "pk"):
        kept = {"offset": row.offset, "minutes": row.minutes, "name": row.name, "names": row.names}
        steps.setdefault(row.variant_id, []).append(kept | {"present": row.patient_present})
    open_ = booking.objects.filter(status__in=["requested", "booked", "checked_in", "in_progress"], plan={})
    for variant, plan in steps.items():
        open_.filter(variant=variant).update(plan={"steps": plan})


class Migration(migrations.Migration):
    dependencies = [("bookings", "0029_indexes_of_open_bookings"), ("therapies", "0008_phone_on_duty")]

    operations = [migrations.RunPython(keep_steps, migrations.RunPython.noop, elidable=True)]
