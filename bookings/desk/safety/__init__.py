"""Changes of safety data: what waits for a Vaidya, what acts already, and what became of the rest."""
