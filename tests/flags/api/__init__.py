"""Flags over HTTP."""
