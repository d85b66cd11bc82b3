"""The day list: who comes when, to whom, and into which room."""
