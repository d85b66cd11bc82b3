"""The clinic's catalogue: YAML beside these modules, read, checked and brought into the database by `load_catalogue`."""
