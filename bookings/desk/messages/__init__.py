"""Messages, calls, slips and the mailbox at the desk."""
