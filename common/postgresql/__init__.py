"""Django's PostgreSQL, but for what it asks of a connection and keeps of a plan."""
