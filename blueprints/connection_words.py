"""Connections in plain words: what a state is, its cause and its end; why a consent failed."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from m365.identity import Later, MicrosoftError, Misconfigured, WrongAccount, explain
from portal import connections
from portal.tables import Connection

LEVELS = {
    connections.READ_WRITE: (
        "See and change my calendar",
        "Meetings you schedule here appear in Outlook, and changes travel both ways.",
    ),
    connections.READ: (
        "Only see my calendar",
        "Your Outlook events are shown here. Meetings you schedule here stay only here.",
    ),
}


@dataclass(frozen=True, slots=True)
class StateWords:
    """`state` names the badge; `mend` says whether the button that ends it is Reconnect."""

    state: str
    sentence: str
    todo: str
    mend: bool = False


_CONNECTING = StateWords(
    "connecting", "Your calendar is being read.", "Nothing to do: events appear while it goes on."
)
_ENDED = {
    connections.NEEDS_CONSENT: StateWords(
        "needs_consent",
        "Microsoft no longer accepts the permission you gave, so nothing moves either way.",
        "Reconnect and sign in at Microsoft. What waits here is kept.",
        mend=True,
    ),
    connections.NO_MAILBOX: StateWords(
        "no_mailbox",
        "Microsoft says that this account has no mailbox it lets us open.",
        "Ask your Microsoft 365 administrator for an Exchange Online licence, then reconnect.",
        mend=True,
    ),
}
_HELD = StateWords(
    "held",
    "Many meetings vanished at about the same time, so nothing is cancelled and nothing written.",
    "Look at the list and say what shall become of them.",
)
_SWITCHED_OFF = StateWords(
    "blocked_by_policy",
    "The integration is switched off for this portal, so nothing moves either way.",
    "Your connection is kept. An administrator can switch the integration on again.",
)
_BY_TIME = {
    "connected": StateWords("connected", "Your calendar and this portal are kept in step.", ""),
    "delayed": StateWords(
        "delayed",
        "The last look at your calendar that went well was a while ago.",
        "The portal goes on trying by itself.",
    ),
    "stalled": StateWords(
        "stalled",
        "Your calendar could not be read for hours.",
        "The portal goes on trying. If it stays so, tell an administrator.",
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
    if connection.state in _ENDED:
        return _ENDED[connection.state]
    if connection.pause_until is not None and connection.pause_until > now:
        return _PAUSED
    if connection.held_at is not None:
        return _HELD
    timely = connections.timeliness(connection, poll=poll, now=now)
    if connection.state == connections.CONNECTING and timely == connections.CONNECTED:
        return _CONNECTING
    return _BY_TIME[timely]


def consent_words(error: MicrosoftError, *, administers: bool) -> str:
    """What happened on the way to Microsoft, why, and what the person in front can do."""
    # A proof for another tenant is genuine: the person chose an account of theirs from elsewhere.
    words = explain(WrongAccount("AADSTS50020") if error.code == "id_token_tenant" else error)
    todo = words.todo
    if isinstance(error, Later):  # nobody tries a consent again but the person
        todo = "Connect again in a few minutes."
    elif isinstance(error, Misconfigured) and not administers:
        todo = f"Tell an administrator of this portal, and name {error.code}."
    return f"{words.what} {words.why} {todo}"
