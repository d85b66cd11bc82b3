"""What waits for somebody, worked out from the rows as they are: there is no table of tasks to forget."""
