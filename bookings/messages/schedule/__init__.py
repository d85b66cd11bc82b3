"""Which messages a visit, a patient or the staff get, and when."""
