"""Locations of an event as Exchange keeps them."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from simulator.mailbox.checks import Check, listed, mapping, measure, one_of, text

NOWHERE: dict[str, Any] = {
    "displayName": "", "locationType": "default", "uniqueIdType": "unknown",
    "address": {}, "coordinates": {},
}  # fmt: skip
KINDS = (
    "default", "conferenceRoom", "homeAddress", "businessAddress", "geoCoordinates",
    "streetAddress", "hotel", "restaurant", "localBusiness", "postalAddress",
)  # fmt: skip
ID_KINDS = ("unknown", "locationStore", "directory", "private", "bing")
LINES = ("street", "city", "state", "countryOrRegion", "postalCode")
MEASURES = ("latitude", "longitude", "altitude", "accuracy", "altitudeAccuracy")


def _parts(names: tuple[str, ...], check: Check) -> Check:
    known = frozenset(names)

    def read(name: str, value: Any) -> dict[str, Any]:
        given = mapping(name, value, known)
        return {key: check(key, given[key]) for key in names if given.get(key) is not None}

    return read


PARTS: dict[str, Check] = {
    "displayName": text,
    "locationUri": text,
    "locationEmailAddress": text,
    "locationType": one_of(*KINDS),
    "uniqueId": text,
    "uniqueIdType": one_of(*ID_KINDS),
    "address": _parts(LINES, text),
    "coordinates": _parts(MEASURES, measure),
}
KNOWN = frozenset(PARTS)


def location(name: str, value: Any) -> dict[str, Any]:
    """One place; null and an empty one mean nowhere."""
    if value is None:
        return NOWHERE
    given = mapping(name, value, KNOWN)
    found = {key: PARTS[key](key, given[key]) for key in PARTS if given.get(key) is not None}
    title = found.get("displayName")
    if not title and len(found) <= 1:
        return NOWHERE
    if title and len(found) == 1:
        return _named(title)
    own = _named(title) if title else NOWHERE
    return {**own, **found}


@lru_cache(maxsize=4096)
def _named(title: str) -> dict[str, Any]:
    # A place that only has a name is known to nobody but this mailbox. Many events share one.
    return {
        "displayName": title, "locationType": "default",
        "uniqueId": title, "uniqueIdType": "private",
    }  # fmt: skip


def locations(name: str, value: Any) -> list[dict[str, Any]]:
    """Several places, in the order given; those without any word are left out."""
    read = [location(name, each) for each in listed(name, value)]
    return [each for each in read if each is not NOWHERE]


def keep_in_step(words: dict[str, Any]) -> None:
    """One place set clears the others; several give the one that is shown alone."""
    if "locations" in words:
        places = words["locations"]
        words["location"] = _together(places) if places else words.get("location", NOWHERE)
    if "location" in words and not words.get("locations"):
        place = words["location"]
        words["locations"] = [] if place is NOWHERE else [place]


def _together(places: list[dict[str, Any]]) -> dict[str, Any]:
    if len(places) == 1:
        return places[0]
    return _named("; ".join(each["displayName"] for each in places if each["displayName"]))
