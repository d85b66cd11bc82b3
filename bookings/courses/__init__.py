"""Courses: several sessions of one order, planned together."""
