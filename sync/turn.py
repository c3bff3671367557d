"""One worker's turn at one mailbox: what every step of a round is given."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from m365.graph import Graph
from outside import Outside
from portal import claims
from portal.database import Database
from portal.policy import Policy


@dataclass(frozen=True, slots=True)
class Turn:
    """Lasts until `ends` (UTC). Every write checks that the mailbox is still this worker's."""

    database: Database
    outside: Outside
    graph: Graph
    claim: claims.Claim
    policy: Policy
    ends: datetime

    def now(self) -> datetime:
        """Aware, UTC."""
        return self.outside.clock()

    def is_over(self) -> bool:
        return self.now() >= self.ends

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Raises claims.LeaseLost when another worker has taken over."""
        with self.database.writing() as db:
            claims.hold(db, self.claim, now=self.now())
            yield db

    def renew(self) -> None:
        """Keeps the mailbox where nothing is written for long. Raises claims.LeaseLost."""
        with self.writing():
            pass
