"""Online meetings: the join address, and the block in the body that keeps it alive."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid5

from simulator.mailbox.bodies import carries, with_block
from simulator.mailbox.words import DEFAULTS

FAMILY = UUID("6f4d2b3a-93c1-4d57-8f0e-5d6f6f1d2c10")
TEAMS = "teamsForBusiness"


def settle(words: dict[str, Any], meeting: str) -> None:
    """Give an online meeting its join address and its block, named after `meeting`."""
    if not words.get("isOnlineMeeting"):
        words.pop("onlineMeeting", None)
        return
    if words.get("onlineMeetingProvider", "unknown") == "unknown":
        words["onlineMeetingProvider"] = TEAMS
    if "onlineMeeting" in words:
        return
    thread = uuid5(FAMILY, meeting).hex
    address = f"https://teams.microsoft.com/l/meetup-join/19%3ameeting_{thread}%40thread.v2/0"
    words["onlineMeeting"] = {"joinUrl": address}
    body = words.get("body", DEFAULTS["body"])
    words["body"] = {**body, "content": with_block(body["content"], address)}


def settle_change(
    old: dict[str, Any], merged: dict[str, Any], new: dict[str, Any], meeting: str, *, renews: bool
) -> None:
    """What a PATCH does to an online meeting; `renews`: a body may also bring a lost one back."""
    if old.get("isOnlineMeeting"):
        # Once online, Outlook takes no notice of wishes about it.
        merged["isOnlineMeeting"] = True
        merged["onlineMeetingProvider"] = old.get("onlineMeetingProvider", TEAMS)
        link = (old.get("onlineMeeting") or {}).get("joinUrl")
        if "body" in new and link and not carries(merged["body"]["content"], link):
            # Whoever overwrites the meeting block disables the meeting.
            merged["isOnlineMeeting"] = False
    elif "body" in new and renews and old.get("onlineMeetingProvider") == TEAMS:
        merged["isOnlineMeeting"] = True
    settle(merged, meeting)


def without_address(words: dict[str, Any]) -> dict[str, Any]:
    """The words as an answer shows them that is faster than Teams."""
    return {**words, "onlineMeeting": {"joinUrl": None}, "body": DEFAULTS["body"]}
