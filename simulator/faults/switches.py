"""Switches for the ways in which Microsoft 365 misbehaves, each on until it is turned off.

A switch holds for everybody or for one mailbox; the mailbox's own position wins. One that is
given a number of times falls back by itself once it has struck as often.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Position = bool | int | str
Kind = Literal["flag", "number", "choice"]


@dataclass(frozen=True, slots=True)
class Switch:
    """One way to misbehave, or one answer where Microsoft's behaviour is in doubt.

    `quirks` are numbers of docs/quirks.md; `default` is the real service's usual
    behaviour. A switch for tenants and tokens holds for everybody or for one person alike.
    """

    key: str
    title: str
    explains: str
    kind: Kind = "flag"
    default: Position = False
    choices: tuple[str, ...] = ()
    quirks: tuple[int, ...] = ()

    @property
    def area(self) -> str:
        """The part before the dot, under which the page lists it."""
        return self.key.partition(".")[0]

    def accepts(self, position: object) -> bool:
        """Is this a position it can take?"""
        if self.kind == "flag":
            return isinstance(position, bool)
        if self.kind == "number":
            return isinstance(position, int) and not isinstance(position, bool) and position >= 0
        return position in self.choices


@dataclass(slots=True)
class Setting:
    """A position somebody chose; `times` counts down to its end, None for no end."""

    position: Position
    times: int | None = None


class UnknownSwitch(ValueError):
    """No switch has this key, or it does not take this position."""


@dataclass(slots=True)
class Switchboard:
    """Where every switch stands. Callers hold the world's lock."""

    catalogue: dict[str, Switch]
    chosen: dict[tuple[str, str | None], Setting] = field(default_factory=dict)

    def __getstate__(self) -> dict[tuple[str, str | None], Setting]:
        return self.chosen

    def __setstate__(self, chosen: dict[tuple[str, str | None], Setting]) -> None:
        # The catalogue is the program's, whatever it was when this was kept.
        self.catalogue, self.chosen = {}, chosen

    def turn(
        self, key: str, position: Position, person: str | None = None, *, times: int | None = None
    ) -> None:
        """Choose a position for everybody, or for one person (object id)."""
        switch = self._known(key)
        if not switch.accepts(position):
            raise UnknownSwitch(f"{key} does not take {position!r}")
        if times is not None and times < 1:
            raise UnknownSwitch("times must be at least 1")
        self.chosen[key, person] = Setting(position, times)

    def back(self, key: str, person: str | None = None) -> None:
        """Forget what was chosen, for everybody or for one person."""
        self._known(key)
        self.chosen.pop((key, person), None)

    def all_back(self) -> None:
        """Everything as the real service usually does it."""
        self.chosen.clear()

    def position(self, key: str, person: str | None = None) -> Position:
        """Where it stands for this person, without using it up."""
        setting = self._setting(key, person)
        return self._known(key).default if setting is None else setting.position

    def strikes(self, key: str, person: str | None = None) -> Position:
        """Where it stands for this person; a setting with a number of times is used up by one."""
        setting = self._setting(key, person)
        if setting is None:
            return self._known(key).default
        if setting.times is not None:
            setting.times -= 1
            if setting.times == 0:
                self.chosen = {each: one for each, one in self.chosen.items() if one is not setting}
        return setting.position

    def _setting(self, key: str, person: str | None) -> Setting | None:
        if not self.chosen:
            return None
        return self.chosen.get((key, person)) or self.chosen.get((key, None))

    def _known(self, key: str) -> Switch:
        if key not in self.catalogue:
            raise UnknownSwitch(f"there is no switch {key!r}")
        return self.catalogue[key]
