"""Every write of detection, one subject a file."""
