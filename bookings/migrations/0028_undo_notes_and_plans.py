"""What an undo, a missing note and the plan as it was booked need of a booking, and a message that corrects another."""

from clinic.one_step import OneStep
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('bookings', '0027_reasons_for_each_limit'),
    ]

    operations = [
        OneStep([
            migrations.AddField(
                model_name='booking',
                name='closed_at',
                field=models.DateTimeField(blank=True, null=True, verbose_name='recorded as cancelled, missed or past'),
            ),
            migrations.AddField(
                model_name='booking',
                name='note_due',
                field=models.BooleanField(db_default=False, default=False, verbose_name='completed without a note'),
            ),
            migrations.AddField(
                model_name='booking',
                name='plan',
                field=models.JSONField(blank=True, db_default={}, default=dict, editable=False, verbose_name='as it was booked'),
            ),
            migrations.AlterField(
                model_name='message',
                name='kind',
                field=models.CharField(choices=[('confirmed', 'Confirmation'), ('reminder', 'Reminder'), ('preparation', 'How to prepare'), ('next_visit', 'Next visit of a course'), ('moved', 'Time changed'), ('restored', 'Takes place after all'), ('cancelled', 'Cancelled by the patient'), ('cancelled_by_clinic', 'Cancelled by the clinic'), ('requested', 'Request received'), ('accepted', 'Request accepted'), ('declined', 'Request declined'), ('expired', 'Request expired'), ('paused', 'Please wait for our call'), ('questions', 'Questions before the visit'), ('no_show', 'Missed appointment'), ('aftercare', 'After the visit'), ('follow_up', 'After two weeks'), ('review_due', 'Follow-up consultation is due'), ('call_back', 'Please call back'), ('wrong_answer', 'An answer was pressed by mistake'), ('access_begun', 'Someone else can see the appointments'), ('access_ended', 'Access of an account ended'), ('new_clinic', 'Registered at another clinic'), ('record_shared', 'Another clinic may see the record'), ('contact_changed', 'Contact details changed'), ('confirm_contact', 'Is this your address?'), ('sign_in_code', 'Sign-in code'), ('account', 'About the account'), ('day_sheet', 'Day list for staff'), ('new_bookings', 'New bookings, for staff'), ('failed_letters', 'Failed messages, for staff')], max_length=30, verbose_name='kind'),
            ),
        ]),
    ]
