"""What every endpoint shares: problems, parsing, limits, pages."""
