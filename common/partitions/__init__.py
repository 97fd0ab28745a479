"""Tables that PostgreSQL keeps in parts, one part for each span of time.

The key is an id that holds its moment (UUIDv7). `bounds` plans, `catalog` looks,
`changes` acts. On SQLite there are no parts and nothing to do.
"""
