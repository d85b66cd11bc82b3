"""What a treatment looks like to patients, and its free times, before it is offered."""
