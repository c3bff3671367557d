"""What a change has to say beside the meeting itself, as JSON."""

from typing import Any

CHANGED_SINCE = "changed_since"  # a person changed the meeting after this was refused or dropped


def joined(former: dict[str, Any], latter: dict[str, Any]) -> dict[str, Any]:
    """Both lists of invitees as one; who was both invited and taken off again is left alone."""
    invite = set(former["invite"]) | set(latter["invite"])
    uninvite = set(former["uninvite"]) | set(latter["uninvite"])
    last_invite, last_uninvite = set(latter["invite"]), set(latter["uninvite"])
    notes = {name: one[name] for one in (former, latter) for name in ("note",) if name in one}
    return {
        "invite": sorted(invite - last_uninvite),
        "uninvite": sorted(uninvite - last_invite),
        **notes,
    }


def without(intent: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in intent.items() if name not in names}
