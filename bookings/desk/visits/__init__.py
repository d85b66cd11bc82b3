"""One visit at the desk: its page, changes, and requests of patients."""
