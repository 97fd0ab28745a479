"""Answers: did the variant help."""
