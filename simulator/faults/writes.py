"""How writing misbehaves, and what Microsoft leaves in doubt about it."""

from __future__ import annotations

from simulator.faults.switches import Switch

SWITCHES: tuple[Switch, ...] = ()
