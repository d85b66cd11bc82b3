from django.db import migrations, models

from clinic.schema_changes import BuildIndex


class Migration(migrations.Migration):
    atomic = False  # the clinic goes on registering patients meanwhile
    dependencies = [("people", "0022_merged_records")]
    operations = [
        BuildIndex(
            model_name='patient',
            index=models.Index(condition=models.Q(('merged_into__isnull', False)), fields=['merged_into'], name='patient_merged_into'),
        ),
    ]
