"""Decisions of experiments: who sees what, and what the numbers say.

`assignment` is asked in each request and needs the standard library alone;
`statistics` stands on numpy and scipy, which take half a second to load, and is
imported where it is used.
"""
