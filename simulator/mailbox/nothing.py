"""The empty mapping that thousands of items share."""

from __future__ import annotations

from typing import Any


class Nothing(dict[Any, Any]):
    """What most items hold of exceptions and extensions: one empty mapping for all of them."""

    def __setitem__(self, key: Any, value: Any) -> None:
        raise TypeError("this mapping is shared; give the item one of its own")

    def __reduce__(self) -> str:
        return "NOTHING"


NOTHING = Nothing()


def nothing() -> dict[Any, Any]:
    """The shared empty mapping."""
    return NOTHING
