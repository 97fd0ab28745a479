"""OpenFeature's own clients, unmodified, and the scenarios of its specification."""
