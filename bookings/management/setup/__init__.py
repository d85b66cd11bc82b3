"""The first clinic of an installation: read from a file, opened in one act, and what is missing before it is booked."""
