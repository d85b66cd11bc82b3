"""Visits that a change made impossible or different, until somebody has dealt with each."""
