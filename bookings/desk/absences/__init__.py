"""Absences of staff and rooms, and the visits that they affect."""
