"""Answers: was it automated."""
