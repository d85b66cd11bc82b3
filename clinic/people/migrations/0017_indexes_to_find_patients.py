from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import migrations
from django.db.models.functions import Upper

from clinic.schema_changes import BuildIndex


class Migration(migrations.Migration):
    atomic = False  # the clinic goes on registering patients meanwhile
    dependencies = [("people", "0016_fill_search_terms_of_patients")]
    operations = [
        BuildIndex(
            model_name='patient',
            index=GinIndex(fields=['search_terms'], name='patient_search_terms'),
        ),
        BuildIndex(
            model_name='patient',
            index=GinIndex(OpClass('phone', name='gin_trgm_ops'), name='patient_phone_part'),
        ),
        BuildIndex(
            model_name='patient',
            index=GinIndex(OpClass(Upper('email'), name='gin_trgm_ops'), name='patient_email_part'),
        ),
    ]
