"""Free times: when a visit could start, and who would serve it."""
