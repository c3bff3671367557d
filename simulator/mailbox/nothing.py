"""The empty mapping that thousands of items share."""

from __future__ import annotations

from typing import Any, ClassVar


class Nothing(dict[Any, Any]):
    """What most items hold of exceptions and extensions; there is one, and it stays empty."""

    _only: ClassVar[Nothing | None] = None

    def __new__(cls) -> Nothing:
        """The one there is."""
        if cls._only is None:
            cls._only = super().__new__(cls)
        return cls._only

    def __setitem__(self, key: Any, value: Any) -> None:
        raise TypeError("this mapping is shared; give the item one of its own")

    def __reduce__(self) -> tuple[type[Nothing], tuple[()]]:
        return Nothing, ()


NOTHING = Nothing()


def nothing() -> dict[Any, Any]:
    """The shared empty mapping."""
    return NOTHING
