"""Every switch there is, gathered from the areas that obey them."""

from __future__ import annotations

from simulator.faults import delta, identity, mailboxes, notices, reads, wire, writes
from simulator.faults.switches import Switch

AREAS = (wire, reads, delta, writes, mailboxes, notices, identity)
CATALOGUE: dict[str, Switch] = {switch.key: switch for area in AREAS for switch in area.SWITCHES}
