"""Answers as they must not be: each kind of damage that a reader has to survive."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

from flask import Response

from simulator.graph.call import Wire

PADDING = b" " * (1024 * 1024)
PADDINGS = 64
DEPTH = 10_000
GUESTS = 1000


def spoilt(response: Response, how: str) -> Response:
    """The answer with the damage that the switch names. One without a JSON body stays whole."""
    if not response.is_json:
        return response
    if how in EVENTS:
        body = json.loads(response.get_data())
        for event in _events_in(body):
            EVENTS[how](event)
        response.set_data(json.dumps(body))
    else:
        WHOLE[how](response)
    return response


def _events_in(body: Wire) -> list[Wire]:
    held = body.get("value", [body])
    return [each for each in held if isinstance(each, dict) and "start" in each]


def _truncate(response: Response) -> None:
    content = response.get_data()
    response.set_data(content[: len(content) * 2 // 3])


def _mislabel(response: Response) -> None:
    response.content_type = "text/html; charset=utf-8"


def _pad(response: Response) -> None:
    # Spaces change nothing for a reader of JSON: only the size is too much.
    content = response.get_data()

    def padded() -> Iterator[bytes]:
        yield content[:1]
        for _ in range(PADDINGS):
            yield PADDING
        yield content[1:]

    response.response = padded()
    response.content_length = len(content) + PADDINGS * len(PADDING)


def _deepen(response: Response) -> None:
    deep = b"[" * DEPTH + b"]" * DEPTH
    response.set_data(b'{"depth":' + deep + b"," + response.get_data()[1:])


def _mistype(event: Wire) -> None:
    event.update(subject=7, start="tomorrow", attendees={}, isAllDay="no", categories=None)


def _invent(event: Wire) -> None:
    event.update(showAs="asleep", sensitivity="secretive", importance="9", type="seriesTwin")


def _halve(event: Wire) -> None:
    event["subject"] = "Half a character \ud83d"
    event["location"] = {"displayName": "\udc00", "locationType": "default"}


def _measureless(event: Wire) -> None:
    event["reminderMinutesBeforeStart"] = float("nan")
    event["responseStatus"] = {"response": float("inf"), "time": None}


def _in_year(year: str) -> Callable[[Wire], None]:
    def move(event: Wire) -> None:
        event["start"] = {**event["start"], "dateTime": f"{year}-01-01T00:00:00.0000000"}
        event["end"] = {**event["end"], "dateTime": f"{year}-12-31T23:59:59.9999999"}

    return move


def _turn_round(event: Wire) -> None:
    event["start"], event["end"] = event["end"], event["start"]


def _crowd(event: Wire) -> None:
    event["attendees"] = [
        {
            "type": "required",
            "status": {"response": "none", "time": "0001-01-01T00:00:00Z"},
            "emailAddress": {"name": f"Guest {n}", "address": f"guest{n}@fabrikam.example"},
        }
        for n in range(GUESTS)
    ]


WHOLE: dict[str, Callable[[Response], None]] = {
    "truncated": _truncate,
    "content_type": _mislabel,
    "huge": _pad,
    "deep": _deepen,
}
EVENTS: dict[str, Callable[[Wire], None]] = {
    "wrong_types": _mistype,
    "unknown_members": _invent,
    "lone_surrogates": _halve,
    "nan": _measureless,
    "year_0001": _in_year("0001"),
    "year_9999": _in_year("9999"),
    "negative_duration": _turn_round,
    "many_attendees": _crowd,
}
