"""The patients' door: choose a time, hold it, say who comes, book; see, move and cancel one's visits."""
