"""Both sides' versions brought together. Pure: what is done with the outcome is for others."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from sync.judging.content import (
    LOCATION,
    TIME,
    Content,
    agreed,
    has_same_hours,
    moved,
    with_units,
)
from sync.judging.judge import Units, Verdict, judge


@dataclass(frozen=True, slots=True)
class Merged:
    """The verdict, their version as it is taken, ours with it, and the new base."""

    verdict: Verdict
    taken: Content
    ours: Content
    base_ours: Content
    base_theirs: Content


def merge(
    ours: Content,
    theirs: Content,
    base_ours: Content,
    base_theirs: Content,
    *,
    outlook_wins: bool,
) -> Merged:
    verdict = judge(
        ours_moved=moved(ours, base_ours),
        theirs_moved=moved(theirs, base_theirs),
        agreed=agreed(ours, theirs),
        outlook_wins=outlook_wins,
    )
    # As all-day they may have been agreed in zones that are none of another's names.
    same = theirs.zone == base_theirs.zone and has_same_hours(ours, theirs)
    renamed = same and TIME not in verdict.conflicts
    kept = replace(theirs, zone=ours.zone) if renamed else theirs
    found = with_taken(ours, kept, verdict.take)
    # What still has to be sent stays as it was agreed before.
    return Merged(verdict, kept, found, with_units(found, base_ours, verdict.send), theirs)


def with_taken(ours: Content, theirs: Content, units: Units) -> Content:
    """Our version after `content.take`."""
    found = with_units(ours, theirs, units)
    if LOCATION in units:
        found = replace(found, location=theirs.location or ours.join_url or "")
    if TIME in units:
        found = replace(found, zone=theirs.zone or ours.zone)
    return found


def with_lost_answers(
    theirs: Content, base_ours: Content, base_theirs: Content, sent: Iterable[Content]
) -> tuple[Content, Content]:
    """The bases, with our own writes in them whose answers were lost: they are no edit of theirs,
    whatever was changed here since.
    """
    for version in sent:
        echoed = moved(version, base_ours) & agreed(version, theirs)
        base_ours = with_units(base_ours, version, echoed)
        base_theirs = with_units(base_theirs, theirs, echoed)
    return base_ours, base_theirs
