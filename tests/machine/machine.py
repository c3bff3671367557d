"""The machine: fifty steps of two people, their Outlook, faults and crashes; then the checks."""

import logging
import random
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from tests.machine import checks, faults, outlook_acts, portal_acts, series_acts
from tests.machine.counted import Counted
from tests.machine.duo import Duo, connected
from tests.machine.ledger import Ledger

STEPS = 50
ROUNDS = 3  # in which both sides must have become equal
BROKEN = "BROKEN:"  # before what does not hold, in a failing run's story
# Of fifty steps: at least 20 % edits, 10 % faults and one crash, whatever the seed.
EDITS, FAULTS, CRASHES, RESTS, LOOKS = 22, 7, 2, 11, 8
CRASH, REST, LOOK = "crash", "rest", "look"
EDITING = portal_acts.ACTS | outlook_acts.ACTS | series_acts.ACTS


def deck(pick: random.Random) -> list[str]:
    """The kinds of all steps of one run, in the order they come."""
    cards = _drawn(pick, EDITING, EDITS) + _drawn(pick, faults.FAULTS, FAULTS)
    cards += [CRASH] * CRASHES + [REST] * RESTS + [LOOK] * LOOKS
    pick.shuffle(cards)
    return cards


def _drawn(pick: random.Random, kinds: dict[str, Any], times: int) -> list[str]:
    weights = [weight for _, weight in kinds.values()]
    return pick.choices(list(kinds), weights, k=times)


def play(kind: str, duo: Duo, ledger: Ledger, pick: random.Random) -> None:
    """One step. Where there is nothing to edit, something is scheduled."""
    if kind in EDITING:
        if not EDITING[kind][0](duo, ledger, pick):
            portal_acts.schedule(duo, ledger, pick)
    elif kind in faults.FAULTS:
        faults.FAULTS[kind][0](duo, pick)
    elif kind == CRASH:
        faults.crash(duo, pick)
    elif kind == REST:
        duo.look(seconds=pick.choice((0, 5, 20)))
    else:
        duo.look(minutes=pick.choice((6, 6, 20, 61, 60 * 25)))


class Overheard(logging.Handler):
    """What the engine says of itself, for the story of a failing run."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(f"    {record.getMessage()}")


@contextmanager
def overheard() -> Iterator[list[str]]:
    logger, listener = logging.getLogger("sync"), Overheard()
    before = logger.level, logger.propagate
    logger.addHandler(listener)
    logger.setLevel(logging.INFO)
    logger.propagate = False
    try:
        yield listener.lines
    finally:
        logger.removeHandler(listener)
        logger.level, logger.propagate = before


class Machine(RuleBasedStateMachine):
    """One run. Subclasses name the doubt under which Microsoft is imitated."""

    doubt: ClassVar[tuple[str, Any] | None] = None
    counted: ClassVar[list[Counted]]

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        self.duo: Duo | None = None

    @initialize(seed=st.integers(0, 2**32 - 1))
    def begin(self, seed: int) -> None:
        self.heard = self.stack.enter_context(overheard())
        self.duo = self.stack.enter_context(connected(seed))
        self.duo.doubt = self.doubt
        self.duo.calm()
        self.cards = deck(random.Random(seed))  # noqa: S311 - repeatable
        self.ledger, self.count = Ledger(), Counted()
        self.story: list[str] = []
        self.wrong: list[str] = []  # seen on the way

    @rule(pick=st.integers(0, 2**16 - 1))
    def step(self, pick: int) -> None:
        assert self.duo is not None
        kind = self.cards[self.count.steps % STEPS]
        chosen = random.Random(pick)  # noqa: S311 - repeatable
        self.count.steps += 1
        before = len(self.duo.wire.calls), len(self.ledger.edits)
        self.count.kinds[kind] = self.count.kinds.get(kind, 0) + 1
        self.count.edits += kind in EDITING
        self.count.faults += kind in faults.FAULTS
        self.count.crashes += kind == CRASH
        play(kind, self.duo, self.ledger, chosen)
        self.wrong += checks.on_the_way(self.duo, self.ledger)
        self._tell(kind, *before)

    def _tell(self, kind: str, calls: int, edits: int) -> None:
        """A failing run is read as a story."""
        assert self.duo is not None
        self.story.append(f"{self.duo.now:%d %H:%M:%S} {kind}")
        self.story += [f"    {one}" for one in self.ledger.edits[edits:]] + self.heard
        self.heard.clear()
        self.story += [
            f"    {one.who} {one.method} {shortened(one.path)} {one.status}"
            for one in self.duo.wire.calls[calls:]
            if one.status != 200 or "calendarView" not in one.path
        ]

    def teardown(self) -> None:
        try:
            if self.duo is not None and self.count.steps:
                self.counted.append(self.count)
                before = len(self.duo.wire.calls), len(self.ledger.edits)
                wrong = self.wrong + settle(self.duo)
                self._tell("settled", *before)
                wrong += checks.broken(self.duo, self.ledger)
                assert not wrong, "\n".join((*self.story, BROKEN, *wrong))
        finally:
            self.stack.close()


def shortened(path: str) -> str:
    """Ids are long; their ends tell them apart."""
    return "/".join(part[-12:] for part in path.removeprefix("/v1.0/me/").split("/"))[:70]


def settle(duo: Duo) -> list[str]:
    """Everything goes well from now on, until nobody has anything left to do. Gives what only the
    daily comparison sets right, where rounds alone had to.
    """
    duo.calm()
    wrong = []
    if not duo.is_hidden:
        duo.look(minutes=20)  # what waits to be tried again comes to its end
        duo.look_everywhere()
        wrong = checks.cached(duo)
    duo.look(hours=25)  # what no window shows is asked for once a day
    for _ in range(ROUNDS - 1):
        duo.look_everywhere()
    return wrong
