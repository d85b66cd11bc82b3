"""Races and faults against real processes."""
