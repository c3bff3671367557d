"""How change tracking misbehaves."""

from __future__ import annotations

from simulator.faults.switches import Switch

CODES = (
    "SyncStateNotFound", "resyncRequired", "fullSyncRequired", "SyncStateInvalid",
    "InvalidDeltaToken", "ErrorInvalidUrlQuery",
)  # fmt: skip

PAGES = (
    Switch(
        "delta.empty_pages",
        "Empty pages in the middle of a round",
        "So many pages without an entry, each with a link to the next one, before each later page.",
        kind="number",
        default=0,
    ),
    Switch(
        "delta.page_size",
        "Entries per page, whatever was asked",
        "The wished page size is ignored: 171 instead of 100, or thousands. 0: the wish holds.",
        kind="number",
        default=0,
        quirks=(6,),
    ),
    Switch(
        "delta.repeats",
        "The same entries on several pages",
        "Each later page begins with everything that the page before had.",
        quirks=(6,),
    ),
    Switch(
        "delta.identical_pages",
        "A page comes again before the next one",
        "So many times the same page is sent once more, each time with another link.",
        kind="number",
        default=0,
        quirks=(5,),
    ),
    Switch(
        "delta.loop",
        "A round that never ends",
        "The same page again and again, with a new link each time and never the last one.",
        quirks=(5,),
    ),
    Switch(
        "delta.timeout",
        "A time-out in the middle of a round",
        "Every further page of a round is answered with 504 UnknownError.",
        quirks=(7,),
    ),
    Switch(
        "delta.timeout_days",
        "A time-out for long windows",
        "Windows of more days than this are answered with 504 UnknownError. 0: none is too long.",
        kind="number",
        default=0,
        quirks=(7,),
    ),
)

ROUNDS = (
    Switch(
        "delta.replays",
        "Old changes come once more",
        "Each round begins where the round before began, so that its changes come twice.",
        quirks=(6,),
    ),
    Switch(
        "delta.unchanged",
        "Unchanged events come in every round",
        "So many events of the window come in each round though nobody touched them.",
        kind="number",
        default=0,
        quirks=(8,),
    ),
    Switch(
        "delta.masters",
        "Series masters in rounds",
        "Masters may be missing from rounds: from all of them, or from those after the first.",
        kind="choice",
        default="sent",
        choices=("sent", "missing", "missing_later"),
        quirks=(34,),
    ),
    Switch(
        "delta.orphans",
        "Exceptions come without their series",
        "Of a series that has exceptions, rounds tell the exceptions and nothing else.",
        quirks=(23,),
    ),
    Switch(
        "delta.exceptions",
        "Exceptions in rounds",
        "Whether an exception comes with all its properties or as slim as any occurrence.",
        kind="choice",
        default="whole",
        choices=("whole", "slim"),
        quirks=(1,),
    ),
    Switch(
        "delta.resend",
        "After one occurrence changed, a round resends",
        "Microsoft does not say what a round carries once one occurrence of a series has changed.",
        kind="choice",
        default="series",
        choices=("series", "master_and_exception", "exception"),
        quirks=(2,),
    ),
)

REMOVALS = (
    Switch(
        "delta.silent_deletes",
        "Deleted events are never reported",
        "Rounds say nothing of an event that was deleted; only reading the calendar shows it.",
        quirks=(4,),
    ),
    Switch(
        "delta.lost_series",
        "A deleted series is reported by",
        "The removal of a series names its master alone, or each of its occurrences too.",
        kind="choice",
        default="master",
        choices=("master", "with_occurrences"),
    ),
    Switch(
        "delta.reason",
        "The reason given for removals",
        "Whatever left the view is said to be deleted, or only to be changed.",
        kind="choice",
        default="deleted",
        choices=("deleted", "changed"),
        quirks=(3,),
    ),
)

LINKS = (
    Switch(
        "delta.dead",
        "Links are dead",
        "Every link of a round is refused, also one that was given out a moment ago.",
        quirks=(9,),
    ),
    Switch(
        "delta.dead_code",
        "How a dead link is refused",
        "The code of the refusal: 410 with one of four codes, or 400 with one of the last two.",
        kind="choice",
        default="SyncStateNotFound",
        choices=CODES,
        quirks=(9,),
    ),
    Switch(
        "delta.location",
        "A dead link says where to begin again",
        "The refusal of a dead link carries the address of a new first round.",
    ),
    Switch(
        "delta.link_age",
        "Links die after so many rounds",
        "A link is dead once more than so many further rounds have begun. 0: links do not age.",
        kind="number",
        default=0,
        quirks=(9,),
    ),
    Switch(
        "delta.events_link",
        "The last link of events/delta",
        "Changes of all events answer in v1.0, but the link that ends the round is refused.",
        kind="choice",
        default="refused",
        choices=("refused", "works"),
        quirks=(25,),
    ),
)

SWITCHES = (*PAGES, *ROUNDS, *REMOVALS, *LINKS)
