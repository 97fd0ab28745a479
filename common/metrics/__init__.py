"""What Prometheus reads: how much came, how long it took, what waits.

`names` says what there is, `processes` adds up what several processes counted,
`waiting` looks at the outbox and the queue when it is asked, `page` answers whoever
may ask. docs/operations.md says what each means.
"""
