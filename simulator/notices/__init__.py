"""Change notifications: who asked for them, what is due, and how it is sent.

`office` keeps the subscriptions, `dispatch` turns news of mailboxes into letters in the `outbox`,
`post` sends them; `postman` does so by itself while the program runs.
"""
