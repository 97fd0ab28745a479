"""Names of experiments in addresses."""


class ExperimentName:
    """A name that an experiment can have; at other addresses there is nothing."""

    # As `engine.checking.is_name`.
    regex = r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}"

    def to_python(self, value: str) -> str:
        """Take it as it is."""
        return value

    def to_url(self, value: str) -> str:
        """Leave it as it is."""
        return value
