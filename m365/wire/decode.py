"""From bytes to shapes: forgiving where data may be odd; what it raises is BadAnswer alone."""

import json
import math
from typing import TypeVar

import msgspec

from m365.errors import BadAnswer
from m365.wire.shapes import Identified

T = TypeVar("T")

LARGEST_MENDED = 8 * 1024 * 1024  # bytes
LONGEST_ID = 1024  # characters; Graph's are about 250 at most


def decode(found: bytes | msgspec.Raw, shape: type[T]) -> T:
    """A whole answer, or one item of a page, as `shape`."""
    try:
        return msgspec.json.decode(found, type=shape)
    except (ValueError, RecursionError):
        return _decode_mended(bytes(found), shape)


def id_of(item: msgspec.Raw) -> str | None:
    """The id of an item that could not be read as a whole."""
    try:
        return known_id(decode(item, Identified).id)
    except BadAnswer:
        return None


def known_id(graph_id: str) -> str:
    """An id as it may be stored and asked for again."""
    if not graph_id or len(graph_id) > LONGEST_ID or not _is_plain(graph_id):
        raise BadAnswer("id_unreadable")
    return graph_id


def clean(text: str | None) -> str | None:
    """Text as a database and a page can hold it: no lone surrogates, no NUL."""
    if text is None:
        return None
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")


def _decode_mended(found: bytes, shape: type[T]) -> T:
    # The strict decoder refuses a page for one lone surrogate, NaN or broken UTF-8 in it. The
    # mended copy has a question mark or null there; it costs much more, so it comes second, and
    # not for what would take all the memory.
    if len(found) > LARGEST_MENDED:
        raise BadAnswer("unreadable")
    try:
        loose = json.loads(
            found.decode("utf-8", "replace"),
            parse_constant=lambda _: None,
            parse_float=_finite,
        )
        mended = json.dumps(loose, ensure_ascii=False).encode("utf-8", "replace")
        return msgspec.json.decode(mended, type=shape)
    except (ValueError, RecursionError) as error:
        raise BadAnswer("unreadable") from error


def _finite(text: str) -> float | None:
    number = float(text)
    return number if math.isfinite(number) else None


def _is_plain(text: str) -> bool:
    return text.isascii() and text.isprintable()
