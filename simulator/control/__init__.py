"""Switches for what goes wrong, for hands and scripts on this machine only.

Each module adds its addresses to the one blueprint, behind the one guard of `room`.
"""

from simulator.control import clock, faults, ics, identity, idp, mails, notices, state, switches
from simulator.control.room import bp

__all__ = [
    "bp",
    "clock",
    "faults",
    "ics",
    "identity",
    "idp",
    "mails",
    "notices",
    "state",
    "switches",
]
