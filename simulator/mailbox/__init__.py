"""What Exchange keeps for one person, and by which rules it changes.

`store` is the mailbox with its calendars; `item`, `recurrence` and `series` are what lies in them;
`contacts` is the address book. `writing` creates and changes events from request bodies, which
`words`, `when`, `bodies`, `locations` and `extended` read with the types of `checks`. `reader`,
`changes` and `hindsight` answer what is there, what changed, and what it was before.
"""
