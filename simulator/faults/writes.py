"""How writing misbehaves, and what Microsoft leaves in doubt about it."""

from __future__ import annotations

from simulator.faults.switches import Switch

SWITCHES = (
    Switch(
        "writes.repeat",
        "A create repeated with the same transaction id answers",
        "Microsoft promises that no second event comes of it, and not what the second answer is: "
        "the event made before, or a conflict (409).",
        kind="choice",
        default="same",
        choices=("same", "conflict"),
    ),
    Switch(
        "writes.deleted_get",
        "Asking for a deleted event answers",
        "The event is not found (404), or it still answers from Deleted Items and has no calendar "
        "any more.",
        kind="choice",
        default="not_found",
        choices=("not_found", "without_calendar"),
    ),
    Switch(
        "writes.deleted_again",
        "Deleting an event a second time answers",
        "The event is not found (404), or access to it is denied (403).",
        kind="choice",
        default="not_found",
        choices=("not_found", "denied"),
    ),
    Switch(
        "writes.lost_on_occurrence",
        "A change of one occurrence is confirmed and not made",
        "The answer shows the changed occurrence; the series stays as it was.",
        quirks=(16,),
    ),
    Switch(
        "writes.conflict",
        "A change is refused as a conflict that nobody caused",
        "Changing or deleting an event answers 412 although nobody else touched it.",
        quirks=(21,),
    ),
    Switch(
        "writes.refuse_iana",
        "Time zone names of the IANA list are refused",
        "Names such as Europe/Berlin are documented and yet refused now and then.",
        quirks=(22,),
    ),
    Switch(
        "writes.join_address_late",
        "The join address of a new online meeting is missing at first",
        "The answer to the create has none; asking again gives it.",
        quirks=(15,),
    ),
    Switch(
        "writes.meeting_block",
        "A new text over the block of an online meeting",
        "The meeting is lost for good, or each second such change brings one back at another "
        "address.",
        kind="choice",
        default="lost",
        choices=("lost", "alternates"),
        quirks=(14,),
    ),
    Switch(
        "writes.series_uid",
        "The iCalendar identifier of an occurrence is",
        "Microsoft documents one of its own for each occurrence; the same over a series was seen.",
        kind="choice",
        default="different",
        choices=("different", "equal"),
        quirks=(12,),
    ),
    Switch(
        "writes.rewrite",
        "What was written comes back in other words",
        "Names of invitees come back as their addresses say them, zones by their Windows names.",
        quirks=(30,),
    ),
    Switch(
        "writes.move_of_series",
        "Exceptions of a series that is moved as a whole",
        "They are dropped, or those stay whose dates the series still has.",
        kind="choice",
        default="dropped",
        choices=("dropped", "kept"),
    ),
    Switch(
        "writes.read_only",
        "Every calendar can only be read",
        "Whatever changes an event answers 403 ErrorAccessDenied.",
    ),
    Switch(
        "writes.mailbox_full",
        "The mailbox is full",
        "Creating and changing answers 403 ErrorQuotaExceeded, or 507 quotaLimitReached.",
        kind="choice",
        default="no",
        choices=("no", "403", "507"),
    ),
)
