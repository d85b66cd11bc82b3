"""All words that people read, as one spreadsheet for a reader of any language, and back. `make words-sheet`."""
