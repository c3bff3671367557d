"""What the portal may do in a mailbox: what its owner granted, as far as the policy lets it be."""

from portal.choices import READ_WRITE
from portal.policy import Policy
from portal.tables import Connection


def writes(connection: Connection, chosen: Policy) -> bool:
    """Whether events of this mailbox may be changed. The grant stays while the policy says no."""
    return connection.calendar_access == READ_WRITE and chosen.calendar_permission == READ_WRITE


def sends(connection: Connection, chosen: Policy) -> bool:
    """Whether meetings are written to it."""
    return chosen.enabled and chosen.bidirectional and writes(connection, chosen)
