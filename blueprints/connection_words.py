"""Connections in plain words: what a state is, its cause and its end; why a consent failed."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from blueprints import ending_words
from blueprints.ending_words import EndingWords
from m365.identity import (
    Later,
    MicrosoftError,
    Misconfigured,
    WrongAccount,
    explain,
    explain_kept,
)
from portal import connections, eligibility, pauses
from portal.operations import standing
from portal.operations.standing import Facts
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
RECONNECT, RESUME, TRY_NOW, CONNECT = "reconnect", "resume", "try_now", "connect"


@dataclass(frozen=True, slots=True)
class StateWords:
    """`state` names the badge; `button` what ends it, where the person can.

    `cause`: why, and `code`: Microsoft's or ours, for whoever looks the case up.
    """

    state: str
    sentence: str
    todo: str
    button: str = ""
    cause: str = ""
    code: str = ""


_WORDS = {
    connections.CONNECTING: StateWords(
        connections.CONNECTING,
        "Your calendar is being read.",
        "Nothing to do: events appear while it goes on.",
    ),
    standing.RETRYING: StateWords(
        standing.RETRYING,
        "The last look at your calendar did not succeed, so what is shown may be out of date.",
        "The portal tries again by itself.",
        TRY_NOW,
    ),
    standing.DELAYED: StateWords(
        standing.DELAYED,
        "The last look at your calendar that went well was a while ago.",
        "The portal goes on trying by itself.",
        TRY_NOW,
    ),
    standing.STALLED: StateWords(
        standing.STALLED,
        "Your calendar could not be read for hours.",
        "The portal goes on trying. If it stays so, tell an administrator.",
        TRY_NOW,
    ),
    connections.NEEDS_CONSENT: StateWords(
        connections.NEEDS_CONSENT,
        "Microsoft no longer accepts the permission you gave, so nothing moves either way.",
        "Reconnect and sign in at Microsoft. What waits here is kept.",
        RECONNECT,
    ),
    connections.NEEDS_APPROVAL: StateWords(
        connections.NEEDS_APPROVAL,
        "Your organisation lets an administrator of Microsoft 365 decide about this app, and none "
        "has agreed yet.",
        "Ask your Microsoft 365 administrator to approve it, then connect again.",
        RECONNECT,
    ),
    connections.NO_MAILBOX: StateWords(
        connections.NO_MAILBOX,
        "Microsoft says that this account has no mailbox it lets us open.",
        "Ask your Microsoft 365 administrator for an Exchange Online licence. The portal looks "
        "once a day whether a mailbox is there.",
        TRY_NOW,
    ),
    standing.HELD: StateWords(
        standing.HELD,
        "Many meetings vanished at about the same time, so nothing is cancelled and nothing "
        "written.",
        "Look at the list and say what shall become of them.",
    ),
    standing.BLOCKED: StateWords(
        standing.BLOCKED,
        "The integration is switched off for this portal, so nothing moves either way.",
        "Your connection is kept. An administrator can switch the integration on again.",
    ),
    connections.DISCONNECTED: StateWords(
        connections.DISCONNECTED,
        "Your calendar is disconnected, so nothing moves either way.",
        "Connect the same Microsoft account again, and your meetings find their events in Outlook.",
        CONNECT,
    ),
}
_PAUSED_BY_PERSON = StateWords(
    standing.PAUSED,
    "You paused your calendar, so nothing moves either way. What you change here waits.",
    "Resume whenever you like.",
    RESUME,
)
_PAUSED_BY_ADMIN = StateWords(
    standing.PAUSED,
    "An administrator of this portal paused your calendar, so nothing moves either way. What you "
    "change here waits.",
    "Only an administrator can resume it.",
)
_OWN_CONSENT = StateWords(
    connections.NEEDS_CONSENT,
    "Your administrators no longer connect calendars for everybody, so nothing moves either way.",
    "Connect your own: sign in at Microsoft. Your meetings and what waits are kept.",
    RECONNECT,
)
_WITH_CAUSE = frozenset(
    (connections.CONNECTING, connections.NEEDS_CONSENT, standing.RETRYING, standing.DELAYED)
) | {standing.STALLED}


_APP_REFUSED = StateWords(
    connections.NEEDS_CONSENT,
    "Microsoft no longer accepts the permission that an administrator gave for your mailbox, so "
    "nothing moves either way.",
    "The portal asks again once an hour. If it stays so, tell an administrator.",
)


def words_for(
    state: str,
    connection: Connection,
    facts: Facts,
    *,
    sends: bool = True,
    ending: EndingWords | None = None,
) -> StateWords:
    """`sends`: whether meetings are written to it; `ending`: the setting that has ended it."""
    if state == connections.CONNECTED:
        return _connected(facts, sends=sends)
    if connection.state == connections.BLOCKED and ending is not None:
        return StateWords(state, ending.sentence, ending.todo, cause=ending.cause)
    if state == connections.NEEDS_CONSENT and connection.cause == eligibility.OWN_CONSENT:
        return _OWN_CONSENT
    words = _words(state, connection)
    if state not in _WITH_CAUSE or connection.cause is None:
        return words
    cause = cause_words(connection)
    sentence, todo = words.sentence, words.todo
    if state == connections.CONNECTING:
        sentence = "Microsoft has not let the portal into your calendar yet."
        todo = "The portal tries again by itself. A new consent can take minutes to count."
    return StateWords(words.state, sentence, todo, words.button, cause, connection.cause)


def _words(state: str, connection: Connection) -> StateWords:
    if state == standing.PAUSED:
        return _paused(connection)
    if state == connections.NEEDS_CONSENT and connection.mode == connections.APPLICATION:
        return _APP_REFUSED
    return _WORDS[state]


def _paused(connection: Connection) -> StateWords:
    return _PAUSED_BY_PERSON if connection.paused_by == pauses.PERSON else _PAUSED_BY_ADMIN


def _connected(facts: Facts, *, sends: bool) -> StateWords:
    """ "In step" is said only of what was found so at the last look, and when that is recent."""
    exceptions = [
        said
        for number, said in (
            (facts.unread, "Parts of your calendar are still being read."),
            (facts.late, "Parts of your calendar were looked at longer ago than they should be."),
            (
                facts.troubled,
                "A part of your calendar, or an event in it, cannot be read at the moment.",
            ),
            (facts.waiting, "Changes made here are still on their way to Outlook."),
            (facts.refused, "Microsoft refused a change; the meeting's page says why."),
            (facts.frozen, "A meeting is stopped, because it was written again and again."),
        )
        if number
    ]
    if not exceptions:
        sentence = "Your calendar and this portal are kept in step."
        if not sends:
            sentence = "Your Outlook events are shown here. Nothing is written to Outlook."
        return StateWords(connections.CONNECTED, sentence, "")
    sentence = " ".join(("Your calendar is connected.", *exceptions))
    return StateWords(connections.CONNECTED, sentence, "")


def cause_words(connection: Connection) -> str:
    """Why it stands as it does, as Microsoft's last answer has it; empty where all is well."""
    if connection.cause is None:
        return ""
    if connection.cause == eligibility.OWN_CONSENT:
        return ending_words.IN_SHORT[eligibility.OWN_CONSENT]
    words = explain_kept(connection.cause_kind, connection.cause)
    return f"{words.what} {words.why}"


@dataclass(frozen=True, slots=True)
class Brief:
    """A connection in one line of a list. `ends`: a setting is to end it."""

    state: str
    cause: str
    code: str
    good_at: datetime | None
    live: bool
    paused: bool
    ends: bool = False


def brief(
    state: str,
    connection: Connection | None,
    *,
    approval_asked_at: datetime | None,
    zone: ZoneInfo,
) -> Brief:
    if connection is None or state == connections.DISCONNECTED:
        asked = connections.NEEDS_APPROVAL if approval_asked_at else state
        return Brief(asked, "", "", None, live=False, paused=False)
    troubled = state not in (connections.CONNECTED, standing.PAUSED, standing.BLOCKED)
    cause = cause_words(connection) if troubled else ""
    if state == standing.PAUSED:
        by_themselves = connection.paused_by == pauses.PERSON
        cause = "Paused by the person." if by_themselves else "Paused by an administrator."
    is_over, ends = connection.state == connections.BLOCKED, eligibility.is_noticed(connection)
    if is_over or ends:
        why, until = connection.cut_off_why or connection.cause, connection.cut_off_at
        said = ending_words.in_short(why, until, is_over=is_over, zone=zone)
        cause = f"{said} {cause}".strip()
    return Brief(
        state,
        cause,
        (connection.cause or "") if troubled else "",
        connection.good_at,
        live=True,
        paused=connection.paused_by is not None,
        ends=ends,
    )


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
