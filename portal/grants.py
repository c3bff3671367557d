"""What the portal may do in a mailbox: what its owner granted, as far as the policy lets it be."""

from typing import Protocol

from portal.configuration.choices import READ_WRITE
from portal.policy import Policy


class Granted(Protocol):
    """What of a connection decides."""

    @property
    def calendar_access(self) -> str: ...


def writes(connection: Granted, chosen: Policy) -> bool:
    """Whether events of this mailbox may be changed. The grant stays while the policy says no."""
    return connection.calendar_access == READ_WRITE and chosen.calendar_permission == READ_WRITE


def sends(connection: Granted, chosen: Policy) -> bool:
    """Whether meetings are written to it."""
    return chosen.enabled and chosen.bidirectional and writes(connection, chosen)
