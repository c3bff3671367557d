"""The jobs have the engine's stage."""

from tests.jobs.mailroom import alices, box
from tests.sync.conftest import connected, connected_database, desk, lay_desk, simulator

__all__ = ["alices", "box", "connected", "connected_database", "desk", "lay_desk", "simulator"]
