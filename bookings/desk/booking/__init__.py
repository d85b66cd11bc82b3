"""Booking for a patient who calls or stands at the desk."""
