"""What is known: reads only."""
