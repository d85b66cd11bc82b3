"""Which letters a visit deserves, their words, the outbox and its delivery."""
