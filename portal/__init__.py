"""Pages for visitors: what Bonafide is, and a survey to try it on."""
