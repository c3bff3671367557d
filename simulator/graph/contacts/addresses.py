"""The addresses of contacts."""

from __future__ import annotations

from simulator.graph.address import Address

ADDRESSES: list[Address] = []
