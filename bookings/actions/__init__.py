"""The only writers: each action is one transaction, with `by` and `now`, and one row of history."""
