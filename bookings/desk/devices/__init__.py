"""Shared devices of a clinic: enrolling them, the locked screen with its names, PINs, and what was being written."""
