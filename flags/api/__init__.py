"""Flags over HTTP: their definitions, and OpenFeature's remote evaluation."""
