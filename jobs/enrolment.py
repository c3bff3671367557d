"""Enrolment: people whom an administrator lets the portal connect by itself."""

from collections.abc import Callable

from sync.enrol import Enroller


def enrol_people(enroller: Enroller, leads: Callable[[], bool]) -> int | None:
    """How many were looked for; None: another process leads, so that nobody is asked for twice."""
    return enroller.run() if leads() else None
