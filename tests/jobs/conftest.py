"""The jobs have the engine's stage."""

from tests.sync.conftest import connected, connected_database, desk, lay_desk, simulator

__all__ = ["connected", "connected_database", "desk", "lay_desk", "simulator"]
