"""An operator's pages over a database of the size that they have to bear."""
