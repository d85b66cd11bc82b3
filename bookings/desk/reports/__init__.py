"""What a manager reads of a period: tables with charts, and the same as files."""
