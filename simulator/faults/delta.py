"""How change tracking and other reads misbehave."""

from __future__ import annotations

from simulator.faults.switches import Switch

SWITCHES = (
    Switch(
        "delta.resend",
        "After one occurrence changed, a round resends",
        "Microsoft does not say what a round carries once one occurrence of a series has changed.",
        kind="choice",
        default="series",
        choices=("series", "master_and_exception", "exception"),
        quirks=(2,),
    ),
)
