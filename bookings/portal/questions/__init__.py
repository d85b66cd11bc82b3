"""The health questions in the portal: before booking, and before a visit."""
