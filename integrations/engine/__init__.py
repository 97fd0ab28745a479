"""What a webhook may reach, when it is tried again, and when it is left alone."""
