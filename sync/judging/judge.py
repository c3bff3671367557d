"""The judgement: a pure table over what moved since both sides last agreed."""

from dataclasses import dataclass

Units = frozenset[str]


@dataclass(frozen=True, slots=True)
class Verdict:
    """Per unit: taken from Outlook, sent to Outlook; and what both sides had changed."""

    take: Units
    send: Units
    conflicts: Units


def judge(*, ours_moved: Units, theirs_moved: Units, agreed: Units, outlook_wins: bool) -> Verdict:
    """Neither moved, or both to the same: nothing. One moved: it stands. Both moved: the rule.

    Clocks are never compared: who was later is unknowable between two machines.
    """
    conflicts = (ours_moved & theirs_moved) - agreed
    take = theirs_moved - ours_moved
    send = ours_moved - theirs_moved
    if outlook_wins:
        take |= conflicts
    else:
        send |= conflicts
    return Verdict(take=take, send=send, conflicts=conflicts)
