"""Flag evaluation by ours and by others, over the same flags and people."""
