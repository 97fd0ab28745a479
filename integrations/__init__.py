"""Survey platforms and partners: what they are told, and how it is made sure of."""
