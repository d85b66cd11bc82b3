"""The health questions on the tablet, in private, and the Vaidya's decisions on what was told."""
