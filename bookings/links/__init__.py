"""What comes back from letters: pressed links, and the reports of mail providers. Doors."""
