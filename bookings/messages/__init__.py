"""Everything the clinic sends: which messages and when, their words, and the outbox that sends them."""
