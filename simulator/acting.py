"""What everybody needs who acts on a world directly: its lock, and whom a name means."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod

from simulator.directory import Person


class Acting(ABC):
    """A part of the world's own methods: what one kind of hand does, without the network."""

    lock: threading.RLock

    @abstractmethod
    def person(self, who: str | Person) -> Person:
        """Whom a name means; the world knows."""
