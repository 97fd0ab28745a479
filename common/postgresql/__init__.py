"""Django's PostgreSQL, but for when it asks whether a connection still lives."""
