"""What we write, as Graph takes it in."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tzlocal.windows_tz import tz_win

from m365.remote import Attendee, Content
from m365.wire import event_payload

TEN = datetime(2026, 12, 1, 10, 0, tzinfo=ZoneInfo("Europe/Berlin"))
WEEKLY = {"pattern": {"type": "weekly"}, "range": {"type": "noEnd"}}


def timed(**changes: Any) -> Content:
    starts = changes.pop("starts", TEN)
    usual = {"title": "Talk", "zone": "Europe/Berlin"}
    return Content(starts=starts, ends=starts + timedelta(hours=1), **(usual | changes))


def test_a_meeting_is_written_in_its_zone_under_the_windows_name() -> None:
    payload = event_payload(timed())

    assert payload["start"] == {
        "dateTime": "2026-12-01T10:00:00.000000",
        "timeZone": "W. Europe Standard Time",
    }
    assert payload["end"]["dateTime"] == "2026-12-01T11:00:00.000000"
    assert payload["isAllDay"] is False


@pytest.mark.parametrize("zone", [None, "Antarctica/Troll", "Nowhere/Land"])
def test_a_zone_microsoft_cannot_name_is_written_in_utc(zone: str | None) -> None:
    payload = event_payload(timed(zone=zone))

    assert payload["start"] == {"dateTime": "2026-12-01T09:00:00.000000", "timeZone": "UTC"}


def test_an_hour_the_clock_shows_twice_is_written_in_utc() -> None:
    second_half_past_two = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)

    payload = event_payload(timed(starts=second_half_past_two))

    assert payload["start"] == {"dateTime": "2026-10-25T01:30:00.000000", "timeZone": "UTC"}


def test_a_series_keeps_its_zone_even_then() -> None:
    payload = event_payload(
        timed(starts=datetime(2026, 10, 25, 1, 30, tzinfo=UTC), recurrence=WEEKLY)
    )

    assert payload["start"]["timeZone"] == "W. Europe Standard Time"
    assert payload["recurrence"] == WEEKLY


def test_an_all_day_event_is_written_as_midnights() -> None:
    days: dict[str, Any] = {
        "first_day": date(2026, 11, 20),
        "last_day_exclusive": date(2026, 11, 22),
    }

    payload = event_payload(Content("Fair", all_day=True, zone="Europe/Berlin", **days))

    assert payload["isAllDay"] is True
    assert payload["start"]["dateTime"] == "2026-11-20T00:00:00"
    assert payload["end"]["dateTime"] == "2026-11-22T00:00:00"


def test_only_what_changed_is_sent() -> None:
    assert event_payload(timed(title="New"), {"title"}) == {"subject": "New"}
    assert set(event_payload(timed(), {"time"})) == {"isAllDay", "start", "end"}


def test_an_emptied_field_is_sent_as_empty() -> None:
    assert event_payload(timed(), {"location"}) == {"location": {"displayName": ""}}
    assert event_payload(timed(), {"invitees"}) == {"attendees": []}
    assert event_payload(timed(), {"body"}) == {}


def test_invitees_go_with_their_names() -> None:
    kim = Attendee("Kim", "kim@fabrikam.example", "optional")

    payload = event_payload(timed(invitees=(kim,)), {"invitees"})

    address = {"address": "kim@fabrikam.example", "name": "Kim"}
    assert payload["attendees"] == [{"emailAddress": address, "type": "optional"}]


def test_text_that_is_no_text_is_mended_before_it_is_sent() -> None:
    payload = event_payload(timed(title="a\ud800\x00b", body_html="\udfff"))

    assert payload["subject"] == "a?b"
    assert msgspec.json.encode(payload)


def test_a_time_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        event_payload(timed(starts=datetime(2026, 12, 1, 10, 0)))  # noqa: DTZ001 - the point
    with pytest.raises(ValueError, match="dates"):
        event_payload(Content("Fair", all_day=True))


@settings(max_examples=300, deadline=None)
@given(
    st.datetimes(datetime(2024, 1, 1), datetime(2037, 1, 1)),  # noqa: DTZ001 - made aware below
    st.sampled_from(sorted(tz_win)),
)
def test_the_instant_survives_the_way_there_and_back(naive: datetime, zone: str) -> None:
    starts = naive.replace(tzinfo=UTC)

    sent = event_payload(timed(starts=starts, zone=zone))["start"]

    name = sent["timeZone"]
    # Zones that share a Windows name may differ in their own rules; ours is what we wrote by.
    back = ZoneInfo(zone) if name != "UTC" else ZoneInfo("UTC")
    assert datetime.fromisoformat(sent["dateTime"]).replace(tzinfo=back) == starts
