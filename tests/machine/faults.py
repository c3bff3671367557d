"""What goes wrong in between: answers, connections, cursors, clocks, the process itself."""

import random
from collections.abc import Callable

from tests.machine.duo import PEOPLE, Duo
from tests.machine.outlook_acts import remove_foreign

Fault = Callable[[Duo, random.Random], None]
DELAY, STALE = "reads.delay", "reads.stale"  # of lists, of answers by id


def lose(duo: Duo, pick: random.Random) -> None:
    """A connection breaks, before the effect or after it."""
    duo.wire.breaks(pick.randint(0, 6), afterwards=pick.random() < 0.6, kills=False)


def lose_create(duo: Duo, pick: random.Random) -> None:
    """The answer to a POST is lost, and no list shows yet what came of it."""
    for who in PEOPLE:
        _turn_late(duo, DELAY, 90, who)
    duo.wire.breaks(0, afterwards=True, kills=pick.random() < 0.5, method="POST")


def refuse(duo: Duo, pick: random.Random) -> None:
    status, code = pick.choice(
        (
            (429, "ApplicationThrottled"),
            (500, "ErrorInternalServerError"),
            (503, "ErrorServerBusy"),
            (504, "UnknownError"),
            (412, "ErrorIrresolvableConflict"),
        )
    )
    wait = str(pick.choice((1, 10, 60))) if status == 429 else None
    methods = {412: "events/"}.get(status, "")
    who, times = pick.choice(PEOPLE), pick.choice((1, 1, 2))
    duo.world.fail_next(
        status, code, retry_after=wait, times=times, path_contains=methods, person=who
    )


def unsettle(duo: Duo, pick: random.Random) -> None:
    """Cursors die, and with them what they had still to tell."""
    if pick.random() < 0.5:
        remove_foreign(duo, pick)
    duo.world.expire_delta_tokens(pick.choice(PEOPLE))


def delay(duo: Duo, pick: random.Random) -> None:
    """What was changed shows late, or is read as it was."""
    key = pick.choice((DELAY, STALE))
    _turn_late(duo, key, pick.choice((5, 30)), pick.choice(PEOPLE))
    duo.is_hidden |= key == STALE  # a deleted event answers once more, and is believed


def late(duo: Duo, who: str) -> set[str]:
    """Which of the two kinds of reading are late just now."""
    switches, whose = duo.world.switches, duo.world.person(who).id
    return {key for key in (DELAY, STALE) if switches.position(key, whose)}


def _turn_late(duo: Duo, key: str, seconds: int, who: str) -> None:
    duo.world.turn(key, seconds, who)
    if late(duo, who) == {DELAY, STALE}:
        duo.blind.add(who)


HIDING = {"delta.silent_deletes", "delta.orphans"}


def stammer(duo: Duo, pick: random.Random) -> None:
    """Rounds say things twice, late, or in odd pieces."""
    key, position = pick.choice(
        (
            ("delta.replays", True),
            ("delta.repeats", True),
            ("delta.unchanged", 3),
            ("delta.empty_pages", 2),
            ("delta.page_size", 1),
            ("delta.silent_deletes", True),
            ("delta.orphans", True),
            ("writes.rewrite", True),
        )
    )
    duo.world.turn(key, position, pick.choice(PEOPLE))
    duo.is_hidden |= key in HIDING


FAULTS: dict[str, tuple[Fault, int]] = {
    "lost answer": (lose, 4),
    "lost create": (lose_create, 1),
    "refusal": (refuse, 3),
    "dead cursor": (unsettle, 1),
    "late": (delay, 2),
    "stammer": (stammer, 2),
}


def crash(duo: Duo, pick: random.Random) -> None:
    """The process dies at one of the next requests, before or after its effect, or at a commit."""
    if pick.random() < 0.5:
        duo.commits.dies(pick.randint(0, 12))
    else:
        duo.wire.breaks(pick.randint(0, 8), afterwards=pick.random() < 0.6, kills=True)
