"""The day of a clinic on paper, for when the computers are down."""
