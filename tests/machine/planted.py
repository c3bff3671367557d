"""The planted mutations: each a piece of the engine, and what stands there instead."""

from dataclasses import dataclass


class NoLongerFits(Exception):
    """The engine has changed: the piece that is to be broken is not there once."""


@dataclass(frozen=True, slots=True)
class Mutant:
    name: str
    file: str
    piece: str
    instead: str

    def applied(self, text: str) -> str:
        """Raises NoLongerFits."""
        if text.count(self.piece) != 1:
            raise NoLongerFits(f"{self.name}: {self.file}")
        return text.replace(self.piece, self.instead)


MUTANTS: tuple[Mutant, ...] = ()
