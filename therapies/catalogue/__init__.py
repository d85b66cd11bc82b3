"""The clinic's catalogue: the YAML beside these modules, read, checked, and brought into the database."""
