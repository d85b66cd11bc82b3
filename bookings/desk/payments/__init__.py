"""Payments at the desk: marks with receipt numbers, the total of a day, and what is open."""
