"""Every write of sessions, one subject a file."""
