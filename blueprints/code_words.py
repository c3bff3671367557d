"""Codes in plain words: why a change waits, was refused or was given up."""

from collections.abc import Mapping

_FORBIDDEN = "Microsoft does not let the portal write to this calendar at the moment."
_FULL = "The mailbox is full. It takes changes again once there is room in it."
_NO_MAILBOX = "Microsoft has no mailbox for this person that the portal could open."
_BUSY = "Microsoft was busy and asked to be asked again later."
_DOWN = "Microsoft had trouble of its own."
_LOST = "No answer came from Microsoft."
_SIGN_IN = "Microsoft wants the person to connect the calendar again."
_LATE = "Microsoft does not show the event as it is by now."
_TOO_FAST = "The event kept changing in Outlook while this was being written."
_UNTOLD = "Microsoft could not tell the changes of this part."
_UNREADABLE = "Microsoft's answer could not be read."
_RENEWED = "The access to Microsoft was just being renewed."

WORDS: Mapping[str, str] = {
    "ErrorAccessDenied": _FORBIDDEN,
    "calendar_read_only": "This calendar can only be read at the moment.",
    "ErrorQuotaExceeded": _FULL,
    "quotaLimitReached": _FULL,
    "MailboxNotEnabledForRESTAPI": _NO_MAILBOX,
    "MailboxNotSupportedForRESTAPI": _NO_MAILBOX,
    "ErrorNonExistentMailbox": _NO_MAILBOX,
    "ErrorInvalidUser": _NO_MAILBOX,
    "ApplicationThrottled": _BUSY,
    "TooManyRequests": _BUSY,
    "activityLimitReached": _BUSY,
    "ErrorExceededConnectionCount": _BUSY,
    "BandwidthLimitExceeded": _BUSY,
    "ErrorServerBusy": _BUSY,
    "paused": _BUSY,
    "serviceNotAvailable": _DOWN,
    "ErrorInternalServerError": _DOWN,
    "ErrorInternalServerTransientError": _DOWN,
    "ErrorMailboxStoreUnavailable": _DOWN,
    "ErrorMailboxMoveInProgress": "Microsoft is moving the mailbox to another place.",
    "generalException": _DOWN,
    "connection_lost": _LOST,
    "not_connected": _LOST,
    "timeout": _LOST,
    "InvalidAuthenticationToken": _SIGN_IN,
    "keeps_changing": _TOO_FAST,
    "occurrence_keeps_changing": _TOO_FAST,
    "ErrorIrresolvableConflict": _TOO_FAST,
    "event_from_before": _LATE,
    "series_from_before": _LATE,
    "occurrence_from_before": _LATE,
    "occurrence_not_listed": _LATE,
    "occurrence_unsettled": _LATE,
    "occurrence_unreadable": _UNREADABLE,
    "occurrence_without_times": _UNREADABLE,
    "event_without_times": _UNREADABLE,
    "series_changed": "The series was changed in Outlook, and that is read first.",
    "frozen": "Something else answered every write, so the portal stopped writing to it.",
    "link_dropped_meanwhile": "The meeting's event was let go while this was being written.",
    "refresh_under_way": _RENEWED,
    "token_changed_meanwhile": _RENEWED,
    "create_unsettled": "Its answer was lost, and the portal looks whether the event was made.",
    "calendar_gone": "Microsoft does not find the calendar it is to be written to.",
    "not_yours": "The event is organised by somebody else or lies in somebody else's calendar, "
    "and the portal writes to nobody else's events.",
    "no_event": "There was no event in Outlook that it could be written to.",
    "dropped": "Somebody decided here that it is not to be sent.",
    "overtaken": "A later change says it, too.",
    "ErrorOccurrenceCrossingBoundary": "Outlook does not let an occurrence pass the ones beside "
    "it.",
    "ErrorPropertyValidationFailure": "Outlook does not take something in it, such as a title "
    "that is too long.",
    "ErrorInvalidRequest": "Outlook does not take it the way it is.",
    "delta_endless": _UNTOLD,
    "delta_repeats": _UNTOLD,
    "delta_dies": _UNTOLD,
    "delta_times_out": _UNTOLD,
    "delta_loses": "Microsoft's list of changes left some out.",
    "endless_pages": "Microsoft's answer never came to an end.",
    "too_large": "Microsoft's answer was larger than the portal reads.",
    "unreadable": _UNREADABLE,
    "undecodable": _UNREADABLE,
    "event_unreadable": _UNREADABLE,
    "id_unreadable": _UNREADABLE,
    "type_unknown": _UNREADABLE,
    "answers_differ": "Microsoft's answers about it differ.",
    "calendar_unknown": "It lies in a calendar that Microsoft does not list.",
    "time_missing": "It has no time.",
    "time_unreadable": "Its time cannot be read.",
    "time_without_offset": "Its time cannot be read.",
    "zone_unknown": "Its time zone is not known.",
    "year_out_of_range": "It lies in a year that calendars here do not reach.",
    "duration_negative": "It ends before it begins.",
    "RequestEntityTooLarge": "It is larger than Outlook takes.",
}


def words_of(code: str | None) -> str:
    """A code without words of ours is Microsoft's own."""
    if not code:
        return ""
    return WORDS.get(code, f"Microsoft's answer was {code}.")
