"""Each view: find, form, one action, redirect or render."""
