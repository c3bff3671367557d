"""What a series tells of its occurrences when it is read by its id."""

from m365.remote import RemoteEvent, Singles
from m365.wire.decode import decode
from m365.wire.reading import items_from, original_day_of
from m365.wire.shapes import SeriesShape


def singles_from(body: bytes) -> Singles:
    """What an answer about a series holds of single occurrences, but what cannot be read."""
    shape = decode(body, SeriesShape)
    items, _broken = items_from(shape.exception_occurrences or ())
    days = map(original_day_of, shape.cancelled_occurrences or ())
    return Singles(
        exceptions=tuple(item for item in items if isinstance(item, RemoteEvent)),
        called_off=frozenset(day for day in days if day is not None),
    )
