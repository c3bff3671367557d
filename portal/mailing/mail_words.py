"""Notices in words: what happened, why, what to do, and where. Mails and banners say the same."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from portal import eligibility
from portal.mailing import mails

PROFILE, OPERATIONS, REGISTRATION = (
    "/profile#integration",
    "/admin/operations",
    "/admin/registration",
)

CUT_OFF_WHY = {
    eligibility.SWITCHED_OFF: "An administrator has switched the integration with Microsoft 365 "
    "off for you or your group.",
    eligibility.DOMAIN: "An administrator has restricted the integration to certain domains, and "
    "your address or your mailbox is in none of them.",
    eligibility.PERMISSION: "An administrator no longer lets the portal see the calendars of you "
    "or your group.",
    eligibility.OWN_CONSENT: "The portal's own permission for your mailbox comes to an end.",
}
_ASK = "If you need the connection, ask an administrator of this portal."


@dataclass(frozen=True, slots=True)
class Words:
    """`title` is a mail's subject; `path` the page of the portal that `button` leads to."""

    title: str
    what: str
    todo: str
    path: str
    button: str


def words(
    kind: str, about: Mapping[str, Any], *, zone: ZoneInfo, now: datetime, by: str = ""
) -> Words:
    """`by`: the name of whoever asked, for a reminder."""
    if kind in _FIXED:
        return _FIXED[kind]
    if kind == mails.REMINDER:
        return _reminder(by)
    if kind == mails.EXPIRING:
        return _expiring(about, now)
    if kind in (mails.CUT_OFF, mails.BLOCKED):
        return _cut_off(kind, about, zone)
    return _mailboxes(kind, about)


_FIXED = {
    mails.CONSENT_LOST: Words(
        "Your calendar needs you to sign in at Microsoft again",
        "Microsoft no longer accepts the permission you gave this portal, so nothing moves between "
        "it and your Outlook calendar. This happens when a password changes, when a permission "
        "runs out, or when somebody withdraws it.",
        "Open your profile, choose Reconnect and sign in at Microsoft. What waits is kept.",
        PROFILE,
        "Reconnect",
    ),
    mails.CONSENT_BACK: Words(
        "Your calendar is connected again",
        "Microsoft accepts the permission you gave this portal again, and your calendar has been "
        "read since.",
        "There is nothing to do, unless your profile asks what to do with changes that waited.",
        PROFILE,
        "Open your profile",
    ),
    mails.HELD: Words(
        "Your calendar is held: many meetings vanished at once",
        "Many meetings disappeared from one side at about the same time. That can be a mistake, so "
        "nothing is cancelled and nothing is written until somebody has looked.",
        "Look at the list and say what shall become of them.",
        "/connection/held",
        "Look at the list",
    ),
}


def _reminder(by: str) -> Words:
    who = by or "An administrator"
    return Words(
        "Connect your calendar",
        f"{who} asks you to connect your Microsoft 365 calendar with this portal. Your events "
        "then appear here, and meetings you schedule here appear in Outlook.",
        "Open your profile and choose Configure Calendar and Contacts Service. It takes a minute.",
        PROFILE,
        "Connect calendar",
    )


def _cut_off(kind: str, about: Mapping[str, Any], zone: ZoneInfo) -> Words:
    why = CUT_OFF_WHY.get(about.get("why") or "", "A setting of this portal no longer allows it.")
    kept = "Nothing is deleted, here or in Outlook."
    if kind == mails.BLOCKED:
        return Words(
            "Your calendar is no longer connected",
            f"{why} Nothing moves between this portal and your Outlook calendar any more. {kept}",
            _ASK,
            PROFILE,
            "Open your profile",
        )
    until = datetime.fromisoformat(about["until"]).astimezone(zone)
    if about.get("why") == eligibility.OWN_CONSENT:
        todo = "Connect your calendar yourself before then, and nothing stops."
    else:
        todo = f"Until then everything goes on. {_ASK}"
    return Words(
        f"Your calendar will be cut off on {until:%-d %B %Y}",
        f"{why} On {until:%-d %B %Y at %H:%M} your connection stops. {kept}",
        todo,
        PROFILE,
        "Open your profile",
    )


def _expiring(about: Mapping[str, Any], now: datetime) -> Words:
    ends = date.fromisoformat(about["on"])
    left, proof = (ends - now.date()).days, about.get("proof", "client secret")
    when = {0: "today", 1: "tomorrow"}.get(left, f"in {left} days")
    is_over = left < 0
    said = f"ended on {ends:%-d %B %Y}" if is_over else f"ends {when}, on {ends:%-d %B %Y}"
    effect = "no calendar can be read or written" if is_over else "no calendar works any more"
    return Words(
        f"The portal's {proof} at Microsoft {'has ended' if is_over else 'ends ' + when}",
        f"The {proof} by which this portal proves itself to Microsoft {said}. "
        f"{'Since then' if is_over else 'After that'} {effect}.",
        f"Make a new {proof} in Microsoft Entra and enter it on the page Microsoft registration.",
        REGISTRATION,
        "Open the registration",
    )


def _mailboxes(kind: str, about: Mapping[str, Any]) -> Words:
    count = about["mailboxes"]
    many = "1 mailbox" if count == 1 else f"{count} mailboxes"
    verb = "is" if count == 1 else "are"
    if kind == mails.APP_LOST:
        return Words(
            f"The portal may no longer open {many}",
            "Microsoft no longer accepts the permission an administrator of Microsoft 365 gave "
            f"this portal. {many} {verb} neither read nor written.",
            "Authorise the portal again under Account Settings; the tenant doctor says why.",
            "/admin/doctor",
            "Open the tenant doctor",
        )
    return Words(
        f"{many} {verb} held by the brake",
        "Many meetings vanished at about the same time, so nothing is cancelled and nothing "
        f"written there until somebody has looked. {many} {verb} held.",
        "Ask the people concerned, then approve or refuse on the page Operations.",
        OPERATIONS,
        "Open Operations",
    )
