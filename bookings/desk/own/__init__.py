"""The own day, week and absences of whoever treats."""
