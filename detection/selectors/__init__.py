"""Every read of detection, one subject a file."""
