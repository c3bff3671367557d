"""Microsoft 365 on a desk: Entra ID, Graph and a small Outlook, for demos and tests."""

from __future__ import annotations

from simulator.application import create_app

__all__ = ["create_app"]
