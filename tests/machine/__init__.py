"""The engine against the simulator: random acts on both sides, faults and crashes in between."""
