"""Automation that anyone can install, answering the demo survey.

``python -m tests.e2e.drivers NAME ADDRESS`` lets one of them answer the demo of a
server at `ADDRESS`, and keeps its browser open until Ctrl-D. Each runs in a process
of its own: event loops do not meet, what hangs can be ended, and no tool becomes
part of the tests' program.

To add one, write a function that takes a `Visit`, answers and ends with
`visit.stay()`, and enter it in `registry.py`.
"""
