"""Values that whoever reads the database, a dump or a disk cannot read.

`fields` are what models use; `blind_index` finds equal values again; `sealing` is how
one value is written; `keys` are what opens it; `rotation` moves values to a new key.
"""
