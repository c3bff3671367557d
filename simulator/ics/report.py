"""What an import says about a file: what was kept, and line by line what was not."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Note:
    """Something Outlook does not hold, where it stands in the file, and what was done instead."""

    line: int
    text: str


@dataclass(slots=True)
class Report:
    """The outcome of one file. `singles` counts single events, `changed` changed occurrences."""

    name: str
    singles: int = 0
    series: int = 0
    changed: int = 0
    deleted: int = 0
    notes: list[Note] = field(default_factory=list)

    def note(self, line: int, text: str) -> None:
        """Report something."""
        self.notes.append(Note(line, text))

    def lines(self) -> list[str]:
        """One line for each note, in the order of the file."""
        ordered = sorted(self.notes, key=lambda note: note.line)
        return [f"{self.name}:{note.line}: {note.text}" for note in ordered]

    def summary(self) -> str:
        """What came in, in one line."""
        return (
            f"{self.name}: {self.singles} single events and {self.series} series are in, "
            f"{self.changed} occurrences differ and {self.deleted} are left out; "
            f"{len(self.notes)} remarks."
        )
