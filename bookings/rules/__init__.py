"""May it happen, and if not, why: pure functions that return the reason in words, or an empty text."""
