"""Why an event is shown as it is, for its own page: sentences, each with what can be done."""

from zoneinfo import ZoneInfo

from blueprints import wording
from blueprints.timeline_words import why
from portal.event_detail import EventDetail


def reasons(event: EventDetail, zone: ZoneInfo) -> list[str]:
    """Nothing for an event that is shown as Outlook has it. Times in the reader's zone."""
    said = (_held(event, zone), _unknown_zone(event), _no_meeting(event))
    return [sentence for sentence in said if sentence]


def _held(event: EventDetail, zone: ZoneInfo) -> str:
    held = event.special.held
    if held is None:
        return ""
    return (
        f"What Outlook says of this event could not be read since "
        f"{wording.moment(held.since, zone)} ({held.code}), so it is shown as it was before. "
        f"Microsoft is asked again on {wording.moment(held.ask_at, zone)}."
    )


def _unknown_zone(event: EventDetail) -> str:
    name = event.special.unknown_zone
    if not name:
        return ""
    return (
        f"Outlook names a time zone that nobody can place: “{name}”. The times are right today; "
        "should its clocks change otherwise than yours, choose another zone for the event in "
        "Outlook."
    )


def _no_meeting(event: EventDetail) -> str:
    special = event.special
    if event.meeting_id is not None or event.is_cancelled:
        return ""
    if special.left_why:
        return f"It leads into a conference, but it is not a meeting here. {why(special.left_why)}"
    if special.is_own and event.join and not special.adopts:
        return (
            "It leads into a conference, but events do not become meetings here: the rule is "
            "switched off on your profile."
        )
    return ""
