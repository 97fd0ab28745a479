"""Names of flags and segments in addresses."""

from .registry import NAME


class FlagName:
    """A name that a flag can have; at other addresses there is nothing."""

    regex = NAME.pattern

    def to_python(self, value: str) -> str:
        """Take it as it is."""
        return value

    def to_url(self, value: str) -> str:
        """Leave it as it is."""
        return value
