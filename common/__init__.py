"""Small things that every app needs; this package knows no app."""
