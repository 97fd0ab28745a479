"""Answers: who is this, which organization, what may they do."""
