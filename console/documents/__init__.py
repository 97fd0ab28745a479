"""Pages of the console as their templates show them."""
