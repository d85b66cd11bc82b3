"""Patients at the desk: find, register, change, and who acts for them."""
