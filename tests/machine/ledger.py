"""What people did, so that it can be asked afterwards whether anything of it was lost."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

PORTAL, OUTLOOK = "portal", "outlook"
Target = tuple[int, date | None, str]  # meeting, original day of an occurrence, unit


@dataclass(frozen=True, slots=True)
class Edit:
    """One unit was given another value by a person who saw `before`."""

    side: str
    target: Target
    before: Any
    value: Any


@dataclass(slots=True)
class Ledger:
    edits: list[Edit] = field(default_factory=list)
    cancelled: set[int] = field(default_factory=set)  # by a person, in a form here
    deleted: dict[int, int] = field(default_factory=dict)  # by a hand in Outlook, after how many
    last_there: dict[int, dict[str, str]] = field(default_factory=dict)  # units of what was deleted
    off: dict[tuple[int, date], int] = field(default_factory=dict)  # called off, after how many
    off_there: set[tuple[int, date]] = field(default_factory=set)  # those in Outlook
    anew: dict[int, int] = field(default_factory=dict)  # series given other days, after how many
    moved: dict[int, int] = field(default_factory=dict)  # of them, those at another time
    tails: dict[int, list[int]] = field(default_factory=dict)  # what became of later occurrences
    taken_over: dict[int, int] = field(default_factory=dict)  # single ones a tail began with
    invited: dict[tuple[int, str], str] = field(default_factory=dict)  # as what; "": no more
    late: dict[tuple[int, date], str] = field(
        default_factory=dict
    )  # done to one while reading lags
    acts: dict[int, int] = field(default_factory=dict)  # acts here that may mail: by meeting
    given_up: set[int] = field(default_factory=set)  # places of edits that were taken back
    shown: dict[Target, list[Any]] = field(default_factory=dict)  # by the portal, one after another
    serial: int = 0

    def fresh(self, word: str) -> str:
        """Words that nobody else has used."""
        self.serial += 1
        return f"{word} {self.serial}"

    def acted(self, meeting_id: int, times: int = 1) -> None:
        self.acts[meeting_id] = self.acts.get(meeting_id, 0) + times

    def deleted_in_outlook(self, meeting_id: int, units: dict[str, str]) -> None:
        """Whoever deletes it there gives up what was edited there before. `units`: as it was."""
        self.deleted[meeting_id] = len(self.edits)
        self.last_there[meeting_id] = units
        self.invited = {one: what for one, what in self.invited.items() if one[0] != meeting_id}

    def invites(self, meeting_id: int, addresses: Iterable[str], kind: str = "required") -> None:
        """`kind`: as Microsoft calls it; empty where they are invited no more."""
        for address in addresses:
            self.invited[meeting_id, address] = kind

    def called_off(self, meeting_id: int, day: date, *, side: str) -> None:
        self.off.setdefault((meeting_id, day), len(self.edits))
        if side == OUTLOOK:
            self.off_there.add((meeting_id, day))

    def rearranged(self, meeting_id: int, *, moved: bool = False) -> None:
        """Whoever gives a series other days gives up what was edited of single ones before; whoever
        moves it, also what was called off.
        """
        self.anew[meeting_id] = len(self.edits)
        if moved:
            self.moved[meeting_id] = len(self.edits)

    def unseen(self, blind: Collection[str]) -> set[tuple[int, date]]:
        """What was done in Outlook to single ones of a series that was given other days or times
        here, while neither a list nor an answer by id (`blind`: whose) had to show it. Microsoft
        drops it with the series then, and nobody can know of it.
        """
        moved = {
            one.target[0] for one in self.edits if one.side == PORTAL and one.target[2] == "time"
        }
        moved |= self.anew.keys()
        return {one for one, who in self.late.items() if who in blind and one[0] in moved}

    def still_off(self) -> list[tuple[int, date]]:
        """What was called off of series that nobody has moved since. Whoever deletes one in Outlook
        gives up that, too, where it was called off there.
        """
        return [
            one
            for one, place in self.off.items()
            if self.moved.get(one[0], -1) < place
            and not (one in self.off_there and self.deleted.get(one[0], -1) >= place)
        ]

    def edits_of_single_ones(self, meeting_id: int) -> int:
        own = {one.target[1] for one in self.edits if one.target[0] == meeting_id}
        own |= {day for one, day in self.off if one == meeting_id}
        return len(own) + self.taken_over.get(meeting_id, 0)

    def changed_there(self, meeting_id: int) -> int:
        """How many single ones of a series differ from it by what was done in Outlook."""
        edits = (one for one in self.edits if one.side == OUTLOOK)
        days = {one.target[1] for one in edits if one.target[0] == meeting_id}
        return len(days | {day for one, day in self.off_there if one == meeting_id})

    def with_heads(self, meeting_id: int) -> set[int]:
        """The series, that whose later part it was, and so on: what was done to them came along."""
        heads = {one for one, tails in self.tails.items() if meeting_id in tails}
        return {meeting_id}.union(*(self.with_heads(one) for one in heads))

    def edited(self, side: str, target: Target, before: Any, value: Any) -> None:
        if before != value:
            self.edits.append(Edit(side, target, before, value))

    def taken_back(self, place: int) -> None:
        """By whoever made that edit: it is not to stand, and what was there before shows again."""
        edit = self.edits[place]
        self.given_up.add(place)
        self.shown[edit.target] = [edit.value]

    def lost(
        self,
        final: Callable[[Target], Any],
        in_conflicts: Callable[[Target, Any], bool],
        blind: Collection[str] = (),
    ) -> list[str]:
        """Edits that neither stand, nor were overwritten by somebody who saw them, nor are kept
        in a conflict, nor could never be seen.
        """
        unseen = self.unseen(blind)
        return [
            f"{edit.side} set {edit.target} to {edit.value!r}"
            for place, edit in enumerate(self.edits)
            if place not in self.given_up
            and not self._was_seen(place, edit)
            and not (edit.side == OUTLOOK and edit.target[:2] in unseen)
            and final(edit.target) != edit.value
            and not in_conflicts(edit.target, edit.value)
        ]

    def _was_seen(self, place: int, edit: Edit) -> bool:
        if edit.side == OUTLOOK and place < self.deleted.get(edit.target[0], 0):
            return True
        meeting_id, day, _unit = edit.target
        if day is not None and (
            (meeting_id, day) in self.off or place < self.anew.get(meeting_id, 0)
        ):
            return True
        later = self.edits[place + 1 :]
        return any(one.target == edit.target and one.before == edit.value for one in later)

    def last_edits(self) -> dict[Target, Edit]:
        standing = (one for place, one in enumerate(self.edits) if place not in self.given_up)
        return {edit.target: edit for edit in standing}

    def returned(self, target: Target, value: Any) -> Any:
        """What the portal showed before, where it now shows something that it had left already."""
        shown = self.shown.setdefault(target, [])
        if shown and shown[-1] == value:
            return None
        left = shown[-1] if value in shown else None
        shown.append(value)
        return left
