"""Answers: what happened during a visit; conducts the intake, request to verdict."""
