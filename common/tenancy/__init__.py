"""Whose rows a piece of work may see; PostgreSQL holds it to that.

`scope` says for whom the code works now, `common.postgresql` tells the database in
front of a statement, `walls` builds the policies in migrations, `grants` says what
each role may do, `guard` looks whether all of it is there. On SQLite there are no
walls: selectors that take an organization are the only guard.
"""
