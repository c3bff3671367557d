"""What a run of the machine was made of, for the page of the soak."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class Counted:
    """One run."""

    steps: int = 0
    edits: int = 0
    faults: int = 0
    crashes: int = 0
    kinds: dict[str, int] = field(default_factory=dict)
