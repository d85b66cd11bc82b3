"""How quick the house is, beside a bare read of the same rows in the same run."""
