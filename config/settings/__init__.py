"""One module an environment; each builds upon `base`."""
