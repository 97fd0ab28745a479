"""Pages about getting in, and about where one is then."""
