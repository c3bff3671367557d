"""A process that becomes the engine again and again: one child for each line it is sent.

Children begin as copies of a process that has imported everything, which takes milliseconds where
a fresh start takes seconds. What they do, and what ends them, is as real as in a fresh one.
"""

import json
import os
import random
import sys
import traceback
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from outside import Outside
from portal import claims
from portal.tables import Connection
from tests.conftest import Clock, Shelf, settings_in
from tests.crash.acts import ACTS
from tests.crash.border import Border, Wire
from tests.sync.desk import Desk

MOST_TURNS = 200
POINTS = "points.json"


class RealDesk(Desk):
    """A desk whose wire is the network."""

    def close(self) -> None:
        self.gate.http.close()
        super().close()


def desk_over(folder: Path, base: str, key: str, clock: Clock, wire: Any) -> RealDesk:
    """The engine over a database, and Microsoft at `base`."""
    outside = Outside(clock=clock, random=random.Random(7), http=wire)  # noqa: S311 - repeatable
    given = settings_in(folder, entra_base=base, graph_base=f"{base}/v1.0", notices="on")
    given = given.model_copy(update={"seal_keys": (key,)})
    desk = RealDesk(Shelf(given), outside, clock, None, None)  # type: ignore[arg-type]  # neither is here
    desk.gate = replace(desk.gate, notices=True)
    return desk


def work(folder: Path, wish: dict[str, Any]) -> None:
    """Somebody acts, and the engine works until it rests, as a leader that has just begun."""
    border, act = Border(wish["end_at"]), ACTS[wish["act"]]
    border.watch_commits()
    clock = Clock(datetime.fromisoformat(wish["now"]))
    until = clock.time + act.patience
    desk = desk_over(folder, wish["base"], wish["key"], clock, Wire(border))
    with desk.database.writing() as db:
        claims.free_all(db)
    act.deed(desk)
    come_to_rest(desk, clock, until)
    desk.close()
    (folder / POINTS).write_text(json.dumps(border.crossed))


def come_to_rest(desk: Desk, clock: Clock, until: datetime) -> None:
    """Time passes from one thing that is due to the next."""
    for _ in range(MOST_TURNS):
        if desk.turn():
            continue
        moments = [m for row in desk.rows(Connection) if (m := next_moment(row)) is not None]
        ahead = [moment for moment in moments if moment > clock.time]
        if not ahead or min(ahead) > until:
            return
        clock.time = min(ahead)
    raise AssertionError("the mailbox does not come to rest")


def next_moment(row: Connection) -> datetime | None:
    if row.due_at is None:
        return None
    return max(filter(None, (row.due_at, row.leased_until, row.pause_until)))


def child(wish: dict[str, Any]) -> None:
    try:
        work(Path(wish["folder"]), wish)
    except BaseException:
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def main() -> None:
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            child(json.loads(line))
        _pid, status = os.waitpid(pid, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)  # noqa: T201 - the answer


if __name__ == "__main__":
    main()
