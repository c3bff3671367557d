"""Where a meeting stands between the portal and Outlook. A pure judgement over its rows."""

from collections.abc import Sequence
from dataclasses import dataclass

from portal.outbox import CREATE, FAILED, GIVEN_UP, SPLIT
from portal.tables import Change, Link, Meeting

IN_STEP, SENDING, ONLY_HERE, NOT_CONNECTED = "in_step", "sending", "only_here", "not_connected"
FAILED_TO_SEND, CONFLICT, CANCELLED = "failed", "conflict", "cancelled"
NOT_CHECKED, FROZEN, DIFFERS, HELD = "not_checked", "frozen", "differs", "held"

WAITS_FOR = {
    "needs_consent": "It waits for you to connect your calendar again on the profile page.",
    "needs_approval": "It waits until an administrator of your organisation has agreed. Your "
    "profile says more.",
    "no_mailbox": "It waits until Microsoft lets the portal open your mailbox. Your profile says "
    "more.",
    "paused": "It waits until your calendar is resumed. Your profile says who paused it.",
    "blocked": "It waits: a setting of your administrators has ended the connection of your "
    "calendar. Your profile says why.",
    "switched_off": "It waits until an administrator switches the integration on again.",
    "one_way": "It waits: your calendar is only read at the moment. Your profile says why.",
}
_NOT_REACHED = {
    "blocked": "A setting of your administrators has ended the connection of your calendar: what "
    "you change here does not reach the copy in Outlook. Your profile says why.",
    "switched_off": "The integration is switched off: what you change here does not reach the copy "
    "in Outlook.",
    "one_way": "Your calendar is only read at the moment: what you change here does not reach the "
    "copy in Outlook. Your profile says why.",
}
_NOT_CONNECTED = (
    "Your calendar is not connected at the moment: what you change here does not reach the copy in "
    "Outlook."
)


@dataclass(frozen=True, slots=True)
class MeetingState:
    """One word for badges and one sentence for people."""

    word: str
    sentence: str


def state_of(
    meeting: Meeting,
    link: Link | None,
    changes: Sequence[Change],
    *,
    conflicts: int,
    has_target: bool,
    stopped: str | None,
    seen_lately: bool,
) -> MeetingState:
    """`changes` are all of the meeting's, oldest first; `conflicts` counts those still kept;
    `stopped`: what keeps the connection from working at all, one of WAITS_FOR.
    """
    last = changes[-1] if changes else None
    waiting = [change for change in changes if change.done_at is None]
    if ended := _ended(link, last):
        return ended
    if meeting.cancelled_at is not None:
        return MeetingState(CANCELLED, _how_cancelled(meeting, bool(waiting)))
    if unsettled := _unsettled(link, waiting, stopped):
        return unsettled
    if link is None:
        return MeetingState(ONLY_HERE, _why_only_here(has_target))
    if not has_target:
        return MeetingState(NOT_CONNECTED, _NOT_REACHED.get(stopped or "", _NOT_CONNECTED))
    if conflicts:
        return MeetingState(
            CONFLICT, "It was changed here and in Outlook at the same time. Both now show the same."
        )
    if not seen_lately:
        return MeetingState(
            NOT_CHECKED,
            "Both sides were the same when Outlook was last looked at, which is longer ago than "
            "it should be. Your profile says how the connection is.",
        )
    return MeetingState(IN_STEP, "The portal and Outlook show the same.")


def _ended(link: Link | None, last: Change | None) -> MeetingState | None:
    """What does not go by itself: refused, stopped by the loop breaker, not one's own, dropped."""
    if last is not None and last.outcome == FAILED:
        return _refused(last)
    if link is not None and link.frozen_at is not None:
        return MeetingState(
            FROZEN,
            "Its event was written more than six times in ten minutes, so something else keeps "
            "changing it. The portal has stopped writing to it, and waits for you.",
        )
    if last is None or last.outcome != GIVEN_UP:
        return None
    if last.code == "not_yours":
        return MeetingState(
            DIFFERS,
            "What was changed here did not go to Outlook: the event is organised by somebody else "
            "or lies in somebody else's calendar. Ask its organiser to change it.",
        )
    if last.code == "dropped":
        return MeetingState(
            DIFFERS,
            "The last change is not sent to Outlook, because it was dropped here. The two differ "
            "until the meeting is changed again.",
        )
    return None


def _unsettled(
    link: Link | None, waiting: Sequence[Change], stopped: str | None
) -> MeetingState | None:
    if link is not None and link.gone_at is not None:
        return MeetingState(
            HELD,
            "Its event is gone in Outlook. The meeting stays until that is seen to be no mishap: "
            "your profile says whether it waits for your word.",
        )
    if waiting:
        return MeetingState(SENDING, _how_far(waiting[0], stopped))
    return None


def _refused(change: Change) -> MeetingState:
    what = {
        CREATE: "put this meeting into your calendar",
        SPLIT: "end this series where the new one begins",
    }.get(change.kind, "take over the last change")
    code = f" ({change.code})" if change.code else ""
    return MeetingState(FAILED_TO_SEND, f"Microsoft refused to {what}{code}.")


def _how_cancelled(meeting: Meeting, waiting: bool) -> str:
    if meeting.cancelled_in == "outlook":
        return "It was cancelled or deleted in Outlook."
    if waiting:
        return "The cancellation is on its way to Outlook."
    return "It was cancelled here."


def _how_far(change: Change, stopped: str | None) -> str:
    if stopped is not None:
        return WAITS_FOR[stopped]
    if change.attempts and change.code:
        tries = "1 try" if change.attempts == 1 else f"{change.attempts} tries"
        return f"It did not get through yet, after {tries}. It is tried again by itself."
    return "It is on its way to Outlook."


def _why_only_here(has_target: bool) -> str:
    if has_target:
        return "It is not in Outlook, and nobody was invited."
    return (
        "It is not in Outlook and nobody was invited, because no calendar that the portal may "
        "write to is connected."
    )
