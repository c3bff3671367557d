"""What went wrong at Microsoft, in words for the person in front of the page."""

from dataclasses import dataclass

from m365.aadsts import BY_NUMBER, number_in
from m365.errors import (
    AdminApprovalNeeded,
    BadAnswer,
    BadProof,
    ChangedMeanwhile,
    ConsentDeclined,
    CursorDead,
    Forbidden,
    Gone,
    Later,
    MailboxFull,
    MicrosoftError,
    Misconfigured,
    NeedsConsent,
    NoMailbox,
    Throttled,
    TokenRefused,
    Unreachable,
)


@dataclass(frozen=True, slots=True)
class Explanation:
    """Three plain sentences, and who can end it: person, administrator or nobody."""

    what: str
    why: str
    todo: str
    who: str


_WAIT = "Nothing to do: the portal tries again by itself."
_RECONNECT = "Connect again and sign in at Microsoft."

# The first kind an error is decides, so the special ones stand before the general ones.
_BY_KIND: tuple[tuple[type[MicrosoftError], Explanation], ...] = (
    (
        Throttled,
        Explanation(
            "Microsoft asked us to slow down.",
            "There were many requests to this mailbox in a short time.",
            _WAIT,
            "nobody",
        ),
    ),
    (
        Unreachable,
        Explanation(
            "Microsoft could not be reached.",
            "No answer came in time. The network or Microsoft may be down.",
            _WAIT,
            "nobody",
        ),
    ),
    (
        Later,
        Explanation(
            "Microsoft is not well right now.",
            "It reported a passing fault.",
            _WAIT,
            "nobody",
        ),
    ),
    (
        ConsentDeclined,
        Explanation(
            "Nothing was connected.",
            "The permissions were not accepted on Microsoft's page.",
            "Connect again whenever you like and choose Accept.",
            "person",
        ),
    ),
    (
        NeedsConsent,
        Explanation(
            "Microsoft wants you to sign in again.",
            "The permission you gave has ended or no longer covers what is needed.",
            _RECONNECT,
            "person",
        ),
    ),
    (
        TokenRefused,
        Explanation(
            "Microsoft did not accept our pass to this mailbox.",
            "It has expired or was withdrawn.",
            _RECONNECT,
            "person",
        ),
    ),
    (
        AdminApprovalNeeded,
        Explanation(
            "An administrator of your organisation has to approve this app first.",
            "Your organisation does not let people accept these permissions by themselves.",
            "Ask your Microsoft 365 administrator to approve it, then connect again.",
            "administrator",
        ),
    ),
    (
        Misconfigured,
        Explanation(
            "The connection between this portal and Microsoft is not set up rightly.",
            "Microsoft refused the app registration kept here.",
            "Ask whoever runs this portal to check the Microsoft app registration.",
            "administrator",
        ),
    ),
    (
        NoMailbox,
        Explanation(
            "There is no Microsoft 365 mailbox to open.",
            "The account has no Exchange Online licence, or its mailbox is elsewhere or gone.",
            "Ask your Microsoft 365 administrator for a mailbox, or connect another account.",
            "administrator",
        ),
    ),
    (
        MailboxFull,
        Explanation(
            "The mailbox is full.",
            "Microsoft takes nothing more in.",
            "Make room in Outlook; the portal then goes on.",
            "person",
        ),
    ),
    (
        Forbidden,
        Explanation(
            "Microsoft does not allow this.",
            "A permission is missing, or an administrator has limited what the app may open.",
            "Connect again with all permissions, or ask your Microsoft 365 administrator.",
            "administrator",
        ),
    ),
    (
        Gone,
        Explanation(
            "This is no longer in Outlook.",
            "It was deleted or moved there.",
            "Nothing to do.",
            "nobody",
        ),
    ),
    (
        ChangedMeanwhile,
        Explanation(
            "Somebody changed this in Outlook at the same moment.",
            "Their change came first.",
            "Look at it again and repeat your change if it is still needed.",
            "person",
        ),
    ),
    (
        CursorDead,
        Explanation(
            "Part of the calendar is read anew.",
            "Microsoft no longer knows where we had stopped.",
            _WAIT,
            "nobody",
        ),
    ),
    (
        BadProof,
        Explanation(
            "Microsoft's proof of who you are did not check out.",
            "It was made for another sign-in, another app or another time, or was tampered with.",
            "Connect again; if it stays so, tell whoever runs this portal.",
            "person",
        ),
    ),
    (
        BadAnswer,
        Explanation(
            "Microsoft's answer could not be understood.",
            "It was incomplete or not what it should be.",
            "Try again; if it stays so, tell whoever runs this portal.",
            "administrator",
        ),
    ),
)
_BY_GRAPH_CODE = {
    "erroroccurrencecrossingboundary": Explanation(
        "This occurrence cannot be moved there.",
        "Outlook does not let an occurrence of a series pass the one before or after it.",
        "Choose a time between its neighbours.",
        "person",
    ),
    "erroraccessdenied": Explanation(
        "Microsoft does not let us into this calendar.",
        "A permission is missing, or an administrator has limited which mailboxes the app opens.",
        "Connect again with all permissions, or ask your Microsoft 365 administrator.",
        "administrator",
    ),
}
_UNKNOWN = Explanation(
    "Microsoft refused this.",
    "It gave a reason that this portal does not know.",
    "Tell whoever runs this portal; the log names the request.",
    "administrator",
)


def explain(error: MicrosoftError) -> Explanation:
    """What happened, why, and what to do, in plain words."""
    family = BY_NUMBER.get(number_in(error.code) or 0)
    if family is not None:
        return Explanation(family.what, family.why, family.todo, family.who)
    by_code = _BY_GRAPH_CODE.get(error.code.casefold())
    if by_code is not None:
        return by_code
    return next((words for kind, words in _BY_KIND if isinstance(error, kind)), _UNKNOWN)


def explain_kept(kind: str | None, code: str) -> Explanation:
    """The same for an error of which only its kind's name and its code were kept."""
    kinds = {found.__name__: found for found, _words in _BY_KIND}
    return explain(kinds.get(kind or "", MicrosoftError)(code))
