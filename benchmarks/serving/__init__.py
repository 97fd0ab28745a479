"""What the benchmark of the intake is made of: rivals, servers, load, batches."""
