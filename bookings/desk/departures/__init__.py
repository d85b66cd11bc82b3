"""Somebody who leaves: roles, hours, account, visits, and what is left undone, on one page."""
