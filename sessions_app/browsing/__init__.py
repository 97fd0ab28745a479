"""The admin's list of sessions: what narrows it, finds in it, and takes it away."""
