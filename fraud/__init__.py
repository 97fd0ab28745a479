"""Answers: how risky is this respondent, and who looks at it."""
