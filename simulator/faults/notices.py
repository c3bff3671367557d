"""How change notifications misbehave."""

from __future__ import annotations

from simulator.faults.switches import Switch

SWITCHES: tuple[Switch, ...] = ()
