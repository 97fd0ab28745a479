"""How much one caller may ask for, and who keeps count.

`bucket` is the rule, without a clock; `counting` says who counts what: Redis for the
API, each process for itself the intake (and everything while Redis is away), the
database attempts to get in. docs/http.md has the numbers.
"""
