"""Examination, prescription and consent at the desk: for those who treat."""
