"""Answers: which variant does this unit see."""
