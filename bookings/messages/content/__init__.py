"""What messages say: words, HTML, text and calendar files."""
