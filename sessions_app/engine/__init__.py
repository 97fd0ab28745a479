"""Reading and storing batches: pure, and without Django."""
