"""Courses at the desk: from a signed prescription to all its visits."""
