"""Sending: leases, delivery, limits and the heartbeat."""
