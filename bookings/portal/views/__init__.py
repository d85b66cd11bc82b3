"""Each view: find, form, one verb, redirect or render."""
