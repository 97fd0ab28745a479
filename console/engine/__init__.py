"""Drawing a session: what happened when, in numbers that a picture is made of."""
