"""Who may call what, and whose rows they see: worlds of two organizations."""
