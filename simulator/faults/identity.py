"""How Entra ID and access to mailboxes misbehave."""

from __future__ import annotations

from simulator.faults.switches import Switch

SWITCHES: tuple[Switch, ...] = ()
