"""The states of a connection in plain words: what it is, the cause, and what ends it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from portal import connections
from portal.tables import Connection


@dataclass(frozen=True, slots=True)
class StateWords:
    """`state` names the badge; `mend` says whether the button that ends it is Reconnect."""

    state: str
    sentence: str
    todo: str
    mend: bool = False
    troubled: bool = False


_FIXED = {
    connections.CONNECTING: StateWords(
        "connecting",
        "Your calendar is being read for the first time.",
        "Nothing to do: events appear while it goes on.",
    ),
    connections.NEEDS_CONSENT: StateWords(
        "needs_consent",
        "Microsoft no longer accepts the permission you gave, so nothing moves either way.",
        "Reconnect and sign in at Microsoft. What waits here is kept.",
        mend=True,
        troubled=True,
    ),
    connections.NO_MAILBOX: StateWords(
        "no_mailbox",
        "Microsoft says that this account has no mailbox it lets us open.",
        "Ask your Microsoft 365 administrator for an Exchange Online licence, then reconnect.",
        mend=True,
        troubled=True,
    ),
}
_SWITCHED_OFF = StateWords(
    "blocked_by_policy",
    "The integration is switched off for this portal, so nothing moves either way.",
    "Your connection is kept. An administrator can switch the integration on again.",
    troubled=True,
)
_BY_TIME = {
    "connected": StateWords(
        "connected", "Your calendar and this portal are kept in step.", "Nothing to do."
    ),
    "delayed": StateWords(
        "delayed",
        "The last look at your calendar that went well was a while ago.",
        "The portal goes on trying by itself.",
        troubled=True,
    ),
    "stalled": StateWords(
        "stalled",
        "Your calendar could not be read for hours.",
        "The portal goes on trying. If it stays so, tell an administrator.",
        troubled=True,
    ),
}
_PAUSED = StateWords(
    "delayed",
    "Microsoft asked for a pause, which the portal keeps.",
    "Nothing to do: it goes on by itself.",
)


def words_for(
    connection: Connection, *, enabled: bool, poll: timedelta, now: datetime
) -> StateWords:
    if not enabled:
        return _SWITCHED_OFF
    if connection.state in _FIXED:
        return _FIXED[connection.state]
    if connection.pause_until is not None and connection.pause_until > now:
        return _PAUSED
    return _BY_TIME[connections.timeliness(connection, poll=poll, now=now)]
