"""A small Outlook on the web, and the hands that work at it or directly (`hands`).

`pages` gathers the addresses; `week` and `grid` show, `forms` and `repeats` read what was typed.
"""
