"""Every room in which a purification is given has a watch place of its own, and what is booked there takes it.

So a clinic at work can still watch as many patients as its rooms hold; a manager enters more places, or takes some away.
The day's list says where too few people who may watch are on duty for what is booked already.
"""

from typing import Any

from django.db import migrations

WATCHED = ["basti", "raktamokshana", "vamana", "virechana"]
STEPS = """
SELECT step.id FROM therapies_step step
JOIN therapies_variant variant ON variant.id = step.variant_id
JOIN therapies_therapy therapy ON therapy.id = variant.therapy_id
WHERE step.code = 'observation' AND therapy.code = ANY(%s)
"""
TAKES_A_PLACE = f"""
UPDATE therapies_step SET equipment = array_append(equipment, 'watch_place')
WHERE id IN ({STEPS}) AND NOT 'watch_place' = ANY(equipment)
"""  # noqa: S608 - our own words
NOBODY_OF_ITS_OWN = f"""
DELETE FROM therapies_stepcrew WHERE role = 'attendant' AND presence = 'present' AND step_id IN ({STEPS})
"""  # noqa: S608 - our own words
THERAPIST_STAYS = f"""
UPDATE therapies_stepcrew crew SET role = 'therapist'
WHERE crew.role = 'attendant' AND crew.presence = 'present' AND crew.step_id IN ({STEPS})
  AND NOT EXISTS (SELECT FROM therapies_stepcrew other WHERE other.step_id = crew.step_id AND other.role = 'therapist')
"""  # noqa: S608 - our own words
BOOKED = """
INSERT INTO bookings_occupancy (booking_id, resource_id, during, part, hands_on)
SELECT taken.booking_id, %s, taken.during * watch.during, 'equipment:watch_place', 0
FROM bookings_occupancy taken
JOIN bookings_booking booking ON booking.id = taken.booking_id
JOIN therapies_step step ON step.variant_id = booking.variant_id AND 'watch_place' = ANY(step.equipment)
CROSS JOIN LATERAL (SELECT tstzrange(booking.starts_at + step.offset * interval '1 minute',
    booking.starts_at + (step.offset + step.minutes) * interval '1 minute') AS during) watch
WHERE taken.resource_id = %s AND taken.part = 'room' AND taken.during && watch.during
  AND booking.status IN ('held', 'requested', 'booked', 'checked_in', 'in_progress')
"""


def give_places(apps: Any, schema_editor: Any) -> None:
    schema_editor.execute(TAKES_A_PLACE, [WATCHED])
    schema_editor.execute(NOBODY_OF_ITS_OWN, [WATCHED])
    schema_editor.execute(THERAPIST_STAYS, [["nasya"]])
    step, variant = apps.get_model("therapies", "Step"), apps.get_model("therapies", "Variant")
    watched = variant.objects.filter(pk__in=step.objects.filter(equipment__contains=["watch_place"]).values("variant"))
    features = sorted({*watched.exclude(room_feature="").values_list("room_feature", flat=True)})
    equipment = apps.get_model("premises", "Equipment")
    for room in apps.get_model("premises", "Room").objects.filter(features__overlap=features).order_by("pk"):
        words = {"name": f"Watch place: {room.name}"[:120], "is_active": room.is_active}
        place = equipment.objects.create(clinic_id=room.clinic_id, kind="watch_place", **words)
        schema_editor.execute(BOOKED, [place.pk, room.pk])


class Migration(migrations.Migration):
    dependencies = [
        ("bookings", "0022_rounds_of_staff_messages_and_later_turns"),
        ("premises", "0009_watching_over_patients"),
        ("therapies", "0006_reviews_of_content"),
    ]
    operations = [migrations.RunPython(give_places, migrations.RunPython.noop, elidable=True)]
