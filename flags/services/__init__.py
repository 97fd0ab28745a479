"""Every write of flags."""
