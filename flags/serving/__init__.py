"""Flags in the process: an immutable snapshot that is never waited for."""
