"""Measurements for people at a terminal: what it costs, and beside what."""
