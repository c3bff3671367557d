"""Events as Microsoft sends them, whole, slim, odd and hostile."""

import contextlib
import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from m365 import wire
from m365.errors import BadAnswer
from m365.remote import Attendee, Page, RemoteEvent, RemovedEvent, Singles
from m365.wire import MEETING_PROPERTY
from tests.m365.desk import DATE, event


def page(*items: Any) -> Page:
    return wire.page_from(json.dumps({"value": items}).encode(), {"date": DATE})


def only(**changes: Any) -> RemoteEvent:
    (found,) = page(event(**changes)).items
    assert isinstance(found, RemoteEvent)
    return found


def test_a_single_event_is_read_in_our_words() -> None:
    found = only()

    assert (found.graph_id, found.change_key, found.kind) == ("AAMk-1=", "key-1", "single")
    assert found.starts == datetime(2026, 11, 20, 11, 0, tzinfo=UTC)
    assert found.ends == datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
    assert (found.zone, found.show_as, found.slim) == ("Europe/Berlin", "tentative", False)
    assert found.modified == datetime(2026, 11, 18, 8, 15, 30, 123456, tzinfo=UTC)


def test_an_all_day_event_has_dates_and_no_instants() -> None:
    found = only(
        isAllDay=True,
        start={"dateTime": "2026-11-20T00:00:00.0000000", "timeZone": "UTC"},
        end={"dateTime": "2026-11-22T00:00:00.0000000", "timeZone": "UTC"},
    )

    assert (found.starts, found.ends) == (None, None)
    assert (found.first_day, found.last_day_exclusive) == (date(2026, 11, 20), date(2026, 11, 22))


def test_a_slim_occurrence_is_known_by_its_few_fields() -> None:
    kept = {"@odata.etag", "id", "start", "end"}
    whole = {name: value for name, value in event().items() if name in kept}

    (found,) = page(whole | {"type": "occurrence", "seriesMasterId": "AAMk-M"}).items

    assert isinstance(found, RemoteEvent)
    assert found.slim
    assert (found.series_id, found.change_key, found.title) == ("AAMk-M", "key-1", None)


def test_people_and_their_answers_are_read() -> None:
    bob = {"name": "Bob Brook", "address": "bob@contoso.example"}
    found = only(
        organizer={"emailAddress": bob},
        isOrganizer=False,
        responseStatus={"response": "accepted", "time": "0001-01-01T00:00:00Z"},
        attendees=[
            {"emailAddress": bob, "type": "optional", "status": {"response": "declined"}},
            {"emailAddress": None, "type": "robot", "status": None},
        ],
    )

    assert (found.organizer_address, found.response) == ("bob@contoso.example", "accepted")
    assert found.attendees == (
        Attendee("Bob Brook", "bob@contoso.example", "optional", "declined"),
        Attendee("", "", "required", "none"),
    )


def test_our_property_is_found_whatever_its_case() -> None:
    found = only(
        singleValueExtendedProperties=[{"id": MEETING_PROPERTY.upper(), "value": "meeting-7"}]
    )

    assert found.extended == {MEETING_PROPERTY: "meeting-7"}


def test_unknown_members_of_enumerations_become_the_careful_choice() -> None:
    found = only(showAs="unknown", sensitivity="topSecret", responseStatus={"response": "maybe"})

    assert (found.show_as, found.sensitivity, found.response) == ("busy", "private", "none")


def test_only_web_addresses_are_kept_as_links() -> None:
    found = only(
        webLink="javascript:alert(1)",
        onlineMeeting={"joinUrl": "http://[broken"},
        onlineMeetingUrl="https://teams.example/j/1",
    )

    assert found.web_link is None
    assert found.join_url == "https://teams.example/j/1"


def test_unimportant_times_may_be_nonsense() -> None:
    found = only(lastModifiedDateTime="0001-01-01T00:00:00Z", originalStart="tomorrow")

    assert (found.modified, found.original_start) == (None, None)


def test_a_long_body_is_cut_between_characters() -> None:
    found = only(body={"contentType": "html", "content": "a" + "€" * 40_000})

    assert found.body_html is not None
    assert len(found.body_html.encode()) <= 65_536
    assert found.body_html.endswith("€")


@pytest.mark.parametrize(
    "changes",
    [
        {"id": ...},
        {"id": ""},
        {"id": 5},
        {"id": "a" * 2000},
        {"id": "line\nbreak"},
        {"type": "birthday"},
        {"type": None},
        {"start": None},
        {"end": ...},
        {"start": "2026-11-20"},
        {"subject": 5},
        {"isAllDay": "yes"},
        {"attendees": {}},
        {"start": {"dateTime": "0001-01-01T00:00:00", "timeZone": "UTC"}},
        {"end": {"dateTime": "9999-12-31T23:59:59", "timeZone": "UTC"}},
        {"end": {"dateTime": "2026-11-20T10:59:59", "timeZone": "UTC"}},
        {"start": {"dateTime": "2026-11-20T11:00:00", "timeZone": "tzone://Microsoft/Custom"}},
        {"isAllDay": True},
    ],
)
def test_one_bad_event_does_not_cost_the_page(changes: dict[str, Any]) -> None:
    found = page(event(id="AAMk-0"), event(**changes), event(id="AAMk-2"))

    assert [item.graph_id for item in found.items] == ["AAMk-0", "AAMk-2"]
    [broken] = found.broken
    assert broken.graph_id == (None if "id" in changes else "AAMk-1=")


def test_the_exceptions_of_a_series_are_read_but_those_that_cannot_be() -> None:
    single = event(id="AAMk-2=", type="exception", seriesMasterId="AAMk-1=")
    told = event(type="seriesMaster") | {
        "exceptionOccurrences": [single, {"id": "AAMk-3="}, 7],
        "cancelledOccurrences": ["OID.AAMk.2026-12-14", "OID.AAMk"],
    }

    found = wire.singles_from(json.dumps(told).encode())

    assert [(one.graph_id, one.kind) for one in found.exceptions] == [("AAMk-2=", "exception")]
    assert found.called_off == {date(2026, 12, 14)}
    assert wire.singles_from(json.dumps(event()).encode()) == Singles()


def test_lone_surrogates_and_nan_are_mended() -> None:
    text = json.dumps({"value": [event(subject="Lunch \ud800\x00!"), event(id="AAMk-2")]})

    found = wire.page_from(text.replace('"isAllDay"', '"odd": NaN, "isAllDay"').encode(), {})

    assert found.broken == ()
    assert [item.title for item in found.items if isinstance(item, RemoteEvent)] == [
        "Lunch ?!",
        "Lunch",
    ]


def test_broken_utf8_in_one_event_is_mended() -> None:
    text = json.dumps({"value": [event(subject="SOUP")]}).encode().replace(b"SOUP", b"So\xffp")

    (found,) = wire.page_from(text, {}).items

    assert isinstance(found, RemoteEvent)
    assert found.title == "So\ufffdp"


def test_a_removed_item_is_only_an_id() -> None:
    found = page({"id": "AAMk-9", "@removed": {"reason": "deleted"}})

    assert found.items == (RemovedEvent("AAMk-9"),)


def test_links_and_microsofts_clock_come_with_the_page() -> None:
    body = {"value": [], "@odata.nextLink": "http://graph.test/v1.0/n"}

    found = wire.page_from(json.dumps(body).encode(), {"date": DATE})

    assert (found.next_link, found.delta_link) == ("http://graph.test/v1.0/n", None)
    assert found.answered_at == datetime(2026, 11, 18, 9, 0, tzinfo=UTC)
    assert wire.page_from(json.dumps(body).encode(), {"date": "today"}).answered_at is None


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>busy</html>",
        b"null",
        b"[]",
        b"{}",
        b'{"value": {}}',
        b'{"value": [], "@odata.nextLink": 5}',
        b'{"value": [{"id": "AAMk',
        b'{"value": ' + b"[" * 100_000,
    ],
)
def test_a_page_that_is_none_is_a_bad_answer(body: bytes) -> None:
    with pytest.raises(BadAnswer):
        wire.page_from(body, {})


def test_a_mailbox_zone_of_the_persons_own_making_is_none() -> None:
    assert wire.mailbox_zone_from(b'{"timeZone": "Customized Time Zone"}') is None
    assert wire.mailbox_zone_from(b'{"timeZone": ""}') is None
    assert wire.mailbox_zone_from(b'{"timeZone": "Tokyo Standard Time"}') == "Asia/Tokyo"


ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(st.sampled_from(sorted(event())), ODD, max_size=4))
def test_whatever_stands_in_an_event_the_page_is_read(changes: dict[str, Any]) -> None:
    found = page(event(**changes), event(id="AAMk-2"))

    assert len(found.items) + len(found.broken) == 2
    assert found.items[-1].graph_id == "AAMk-2"


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200))
def test_whatever_the_bytes_the_worst_is_a_bad_answer(body: bytes) -> None:
    with contextlib.suppress(BadAnswer):
        wire.page_from(body, {})
