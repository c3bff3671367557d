"""What happens to requests on their way, whatever they ask for."""

from __future__ import annotations

from simulator.faults.switches import Switch

SWITCHES: tuple[Switch, ...] = ()
