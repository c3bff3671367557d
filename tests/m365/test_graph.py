"""The Graph client: what it asks, and what it makes of answers that are not the usual ones."""

import json
from datetime import UTC, datetime

import httpx2
import pytest
import stamina

from m365 import errors
from m365.errors import BadAnswer
from m365.wire import MEETING_PROPERTY
from tests.m365.desk import BASE, Wire, answer, delta, error, event

START = datetime(2026, 10, 1, tzinfo=UTC)
END = datetime(2027, 1, 1, tzinfo=UTC)


def test_every_request_asks_for_lasting_ids_and_utc() -> None:
    wire = Wire(answer(200, event()))

    wire.graph().event("AAMk-1=")

    sent = wire.seen[0].headers
    assert sent["prefer"] == 'IdType="ImmutableId", outlook.timezone="UTC", odata.maxpagesize=50'
    assert sent["authorization"] == "Bearer a-token"
    assert sent["client-request-id"] == "00000000-0000-0000-0000-000000000000"


def test_ids_of_any_form_stay_one_step_of_the_path() -> None:
    wire = Wire(answer(200, event()))

    wire.graph().event("AA/Mk+1=")

    assert wire.seen[0].url.raw_path == b"/v1.0/me/events/AA%2FMk%2B1%3D"


def test_another_mailbox_is_asked_by_its_object_id() -> None:
    wire = Wire(answer(200, {"id": "7f", "displayName": "Alice", "mail": None}))

    found = wire.graph(mailbox="7f").me()

    assert wire.seen[0].url.path == "/v1.0/users/7f"
    assert (found.name, found.mail) == ("Alice", None)


def test_a_delta_begins_with_its_window() -> None:
    wire = Wire(delta(event()))

    page = wire.graph().changes("cal", start=START, end=END)

    url = wire.seen[0].url
    assert url.path == "/v1.0/me/calendars/cal/calendarView/delta"
    assert dict(url.params) == {
        "startDateTime": "2026-10-01T00:00:00Z",
        "endDateTime": "2027-01-01T00:00:00Z",
    }
    assert page.delta_link == f"{BASE}/d"


@pytest.mark.parametrize("links", [{"nextLink": f"{BASE}/n", "deltaLink": f"{BASE}/d"}, None])
def test_a_delta_page_has_exactly_one_link(links: dict[str, str] | None) -> None:
    wire = Wire(delta(**links) if links else answer(200, {"value": []}, request_id="6a3b"))

    with pytest.raises(BadAnswer, match="link_missing"):
        wire.graph().follow(f"{BASE}/n")


def test_a_link_that_leads_away_is_not_followed() -> None:
    wire = Wire(delta())

    with pytest.raises(BadAnswer, match="address_outside"):
        wire.graph().follow("https://evil.test/v1.0/me/calendarView/delta?$skiptoken=1")
    assert wire.seen == []


def test_a_foreign_link_in_a_listing_is_not_followed() -> None:
    first = {"value": [event()], "@odata.nextLink": "https://evil.test/v1.0/next"}
    wire = Wire(answer(200, first), delta())

    with pytest.raises(BadAnswer, match="address_outside"):
        list(wire.graph().view("cal", START, END))
    assert len(wire.seen) == 1


def test_a_stored_link_is_sent_as_it_came() -> None:
    wire = Wire(delta())
    link = f"{BASE}/me/calendarView/delta?$deltatoken=Zk3v%2F%2B%3D"

    wire.graph().follow(link)

    assert str(wire.seen[0].url) == link


def test_an_old_cursor_is_told_from_a_bad_request() -> None:
    wire = Wire(error(400, "ErrorInvalidUrlQuery"), error(400, "ErrorInvalidUrlQuery"))

    with pytest.raises(errors.CursorDead):
        wire.graph().follow(f"{BASE}/d")
    with pytest.raises(errors.Refused):
        wire.graph().event("AAMk-1")


def test_calendars_are_read_over_all_pages() -> None:
    first = {"value": [{"id": "c1", "name": "Calendar", "isDefaultCalendar": True}]}
    second = {"value": [{"id": "c2", "color": "lightTeal", "canEdit": True}]}
    wire = Wire(answer(200, first | {"@odata.nextLink": f"{BASE}/n"}), answer(200, second))

    found = wire.graph().calendars()

    assert [each.graph_id for each in found] == ["c1", "c2"]
    assert (found[0].is_default, found[1].color, found[1].can_edit) == (True, "lightTeal", True)


def test_a_calendar_that_cannot_be_read_is_not_left_out() -> None:
    wire = Wire(answer(200, {"value": [{"id": "c1"}, {"id": None}]}))

    with pytest.raises(BadAnswer):
        wire.graph().calendars()


def test_a_listing_without_end_is_given_up() -> None:
    again = {"value": [], "@odata.nextLink": f"{BASE}/n"}
    wire = Wire(*(answer(200, again) for _ in range(500)))

    with pytest.raises(BadAnswer, match="endless_pages"):
        list(wire.graph().instances("AAMk-M", START, END))


def test_a_new_event_carries_its_transaction_and_its_meeting() -> None:
    wire = Wire(answer(201, event()))

    made = wire.graph().create(
        "cal", {"subject": "Lunch"}, transaction_id="t-1", meeting_key="meeting-7"
    )

    assert made.change_key == "key-1"
    assert json.loads(wire.seen[0].content) == {
        "subject": "Lunch",
        "transactionId": "t-1",
        "singleValueExtendedProperties": [{"id": MEETING_PROPERTY, "value": "meeting-7"}],
    }


def test_a_lost_create_is_not_sent_twice() -> None:
    wire = Wire(httpx2.ReadError("reset"))

    with pytest.raises(errors.Unreachable):
        wire.graph().create("cal", {}, transaction_id="t-1")
    assert len(wire.seen) == 1


def test_a_truncated_answer_to_a_create_is_a_bad_answer_with_its_request() -> None:
    wire = Wire(answer(201, b'{"id": "AAMk', request_id="6a3b"))

    with pytest.raises(BadAnswer) as caught:
        wire.graph().create("cal", {}, transaction_id="t-1")
    assert (caught.value.status, caught.value.request_id) == (201, "6a3b")


def test_a_change_names_the_version_it_was_made_from() -> None:
    wire = Wire(answer(200, event()), error(412, "ErrorIrresolvableConflict"))

    wire.graph().patch("AAMk-1", {"subject": "New"}, if_match="key-1")

    assert wire.seen[0].headers["if-match"] == 'W/"key-1"'
    with pytest.raises(errors.ChangedMeanwhile):
        wire.graph().patch("AAMk-1", {"subject": "New"}, if_match="key-0")


def test_deleting_what_is_gone_says_so() -> None:
    wire = Wire(answer(204, b""), error(404, "ErrorItemNotFound"))

    wire.graph().delete("AAMk-1")

    with pytest.raises(errors.Gone):
        wire.graph().delete("AAMk-1", if_match="key-1")


def test_cancelling_tells_the_invitees_why() -> None:
    wire = Wire(answer(202, b""))

    wire.graph().cancel("AAMk-1", "The room burnt down.")

    assert wire.seen[0].url.path == "/v1.0/me/events/AAMk-1/cancel"
    assert json.loads(wire.seen[0].content) == {"comment": "The room burnt down."}


def test_an_event_is_found_by_the_meeting_it_carries() -> None:
    wire = Wire(answer(200, {"value": [event()]}))

    found = wire.graph().find_by_property("cal", "o'meeting")

    asked = wire.seen[0].url.params["$filter"]
    assert asked == (
        "singleValueExtendedProperties/any(ep: "
        f"ep/id eq '{MEETING_PROPERTY}' and ep/value eq 'o''meeting')"
    )
    assert [each.graph_id for each in found] == ["AAMk-1="]


def test_a_get_whose_connection_broke_is_asked_again() -> None:
    wire = Wire(httpx2.ReadError("reset"), httpx2.ConnectError("reset"), answer(200, event()))

    with stamina.set_testing(True, attempts=3):
        found = wire.graph().event("AAMk-1=")

    assert found.title == "Lunch"


@pytest.mark.parametrize("status", [429, 503, 504])
def test_a_pause_is_handed_up_and_not_slept_through(status: int) -> None:
    wire = Wire(error(status, "ApplicationThrottled", retry_after="7.5"))

    with pytest.raises(errors.Later) as caught:
        wire.graph().event("AAMk-1")
    assert caught.value.retry_after == 7.5
    assert len(wire.seen) == 1


@pytest.mark.parametrize("body", [b"<html>maintenance</html>", b"", b"[]", b'{"id": 5}'])
def test_a_success_that_is_none_is_a_bad_answer(body: bytes) -> None:
    wire = Wire(answer(200, body))

    with pytest.raises(BadAnswer):
        wire.graph().event("AAMk-1")


def test_a_window_needs_aware_times() -> None:
    with pytest.raises(ValueError, match="aware"):
        Wire().graph().changes("cal", start=START.replace(tzinfo=None), end=END)
