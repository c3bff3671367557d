"""What the command line says, each wrong value answered in one sentence."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

SEED, PEOPLE, EVENTS = 1, 6, 600


@dataclass(frozen=True, slots=True)
class Import:
    """An iCalendar file, and whose mailbox it goes into."""

    path: Path
    mailbox: str


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """One sentence instead of the whole usage."""
        self.exit(2, f"simulator: {message}\n")


def read(words: list[str] | None = None) -> argparse.Namespace:
    """The wishes of a command line; the process ends with a sentence when one makes no sense."""
    parser = _Parser(
        prog="simulator", description="Microsoft 365 on a desk.", argument_default=None
    )
    add = parser.add_argument
    add("--host", default="127.0.0.1", help="address to listen on")
    add("--port", type=_whole(0, 65535), default=8365, help="port to listen on")
    add("--seed", type=_whole(), help=f"the same seed, the same world (default {SEED})")
    add("--people", type=_whole(0, 100_000), help=f"how many people (default {PEOPLE})")
    add(
        "--events", type=_whole(0, 1_000_000),
        help=f"occurrences in each mailbox over 24 months (default {EVENTS})",
    )  # fmt: skip
    add("--latency", type=_whole(0, 600_000), default=0, metavar="MS", help="delay of answers")
    add("--redirect", action="append", metavar="URI", help="a registered redirect address")
    add("--state", type=Path, metavar="FILE", help="keep the world in this file over restarts")
    add(
        "--ics", type=_import, action="append", default=[], metavar="FILE=MAILBOX",
        help="put an iCalendar file into a mailbox; may be given several times",
    )  # fmt: skip
    add("--clock", type=_moment, metavar="ISO", help="let the clock stand at 2026-11-18T09:00:00Z")
    return parser.parse_args(words)


def _whole(low: int | None = None, high: int | None = None) -> Callable[[str], int]:
    def number(text: str) -> int:
        try:
            found = int(text)
        except ValueError:
            found = None
        if found is None or (low is not None and not low <= found <= (high or found)):
            wanted = "a whole number" if low is None else f"a whole number from {low} to {high}"
            raise argparse.ArgumentTypeError(f"{text!r} is not {wanted}.")
        return found

    return number


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not a moment with an offset, like 2026-11-18T09:00:00Z."
        )
    return moment.astimezone(UTC)


def _import(text: str) -> Import:
    path, _, mailbox = text.rpartition("=")
    if not path or not mailbox:
        raise argparse.ArgumentTypeError(f"{text!r} is not FILE=MAILBOX.")
    return Import(Path(path), mailbox)
