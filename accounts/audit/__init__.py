"""What was done, by whom: written with the change, sealed soon after, never changed.

`record` writes acts and `refusals` what was not allowed; `declared` says which acts
there are; `sealing` puts rows into chains and `verifying` looks whether they hold.
"""
