"""Calendars and events of Graph; `addresses` lists all that answers here.

Events: `events`, `views`, `delta`, `actions`, `extensions`, their queries in `fields`, their shape
in `event_wire`, as others see it in `privacy`. Calendars: `calendars`, `grouped`, `permissions`,
`shared`. Free and busy times (`busy`): `schedule`, `suggestions`; `reminders`.
"""
