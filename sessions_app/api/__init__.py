"""Sessions and surveys over HTTP."""
