"""Everything doubtful about writing, each behind its switch."""

from typing import Any

import pytest

from simulator.world import World
from tests.simulator.desk import NOVEMBER, Graph, timed, weekly

BERLIN = "W. Europe Standard Time"
PAGE = {"contentType": "html", "content": "<p>New text</p>"}
ONCE = {"subject": "Once", **timed(20, 10), "transactionId": "t-1"}


def patch(graph: Graph, event: Any, body: Any) -> Any:
    """The answer to a PATCH."""
    return graph.call("PATCH", f"/me/events/{event['id']}", body).json


def series(graph: Graph) -> tuple[Any, list[Any]]:
    """A master on four Mondays of November, and its occurrences."""
    recurrence = weekly(2, "monday", numberOfOccurrences=4)
    master = graph.create({"subject": "Weekly", **timed(2, 10, BERLIN), "recurrence": recurrence})
    return master, instances(graph, master)


def instances(graph: Graph, master: Any) -> list[Any]:
    """The occurrences of a series in November."""
    found: list[Any] = graph.get(f"/me/events/{master['id']}/instances?{NOVEMBER}")["value"]
    return found


@pytest.mark.switch("writes.repeat")
def test_a_repeated_transaction_may_be_a_conflict(graph: Graph, world: World) -> None:
    world.turn("writes.repeat", "conflict", "alice")
    graph.create(ONCE)

    refusal = graph.error("POST", "/me/events", ONCE)

    assert refusal == (409, "ErrorIrresolvableConflict")
    assert len(world.events("alice")) == 1


def test_a_transaction_is_known_in_its_own_mailbox_only(graph: Graph, world: World) -> None:
    graph.create(ONCE)

    graph.sign_in("bob")
    graph.create(ONCE)

    assert len(world.events("bob")) == 1


@pytest.mark.switch("writes.lost_on_occurrence")
def test_a_confirmed_change_of_an_occurrence_may_be_lost(graph: Graph, world: World) -> None:
    master, found = series(graph)
    world.turn("writes.lost_on_occurrence", True, times=1)

    answers = [patch(graph, found[1], {"subject": name})["subject"] for name in ("A", "B")]
    kept = [each["subject"] for each in instances(graph, master)]

    assert answers == ["A", "B"]
    assert kept == ["Weekly", "B", "Weekly", "Weekly"]


@pytest.mark.switch("writes.lost_on_occurrence")
def test_what_was_lost_is_not_in_the_series(graph: Graph, world: World) -> None:
    master, found = series(graph)
    world.turn("writes.lost_on_occurrence", True)

    answer = patch(graph, found[1], timed(10, 12))

    assert answer["type"] == "exception"
    assert instances(graph, master) == found


@pytest.mark.switch("writes.conflict")
def test_a_write_may_conflict_with_nobody(graph: Graph, world: World) -> None:
    made = graph.create(timed(20, 10))
    path = f"/me/events/{made['id']}"
    world.turn("writes.conflict", True, "alice", times=2)

    refusals = [graph.error("PATCH", path, {"subject": "A"}), graph.error("DELETE", path)]

    assert refusals == [(412, "ErrorIrresolvableConflict")] * 2
    assert patch(graph, made, {"subject": "A"})["subject"] == "A"


@pytest.mark.switch("writes.refuse_iana")
def test_names_of_the_iana_list_may_be_refused(graph: Graph, world: World) -> None:
    world.turn("writes.refuse_iana", True, times=1)

    refusal = graph.error("POST", "/me/events", timed(20, 10, "Europe/Berlin"))

    assert refusal == (400, "ErrorPropertyValidationFailure")
    assert graph.create(timed(20, 10, BERLIN))["originalStartTimeZone"] == BERLIN
    assert graph.create(timed(20, 10, "Europe/Berlin"))


@pytest.mark.switch("writes.join_address_late")
def test_a_join_address_may_come_a_moment_later(graph: Graph, world: World) -> None:
    world.turn("writes.join_address_late", True)

    made = graph.create({**timed(20, 10), "isOnlineMeeting": True, "subject": "Call"})
    later = graph.get(f"/me/events/{made['id']}")

    assert (made["isOnlineMeeting"], made["onlineMeeting"]) == (True, {"joinUrl": None})
    assert later["onlineMeeting"]["joinUrl"] in later["body"]["content"]


@pytest.mark.switch("writes.meeting_block")
def test_a_lost_meeting_comes_back_with_every_second_text(graph: Graph, world: World) -> None:
    world.turn("writes.meeting_block", "alternates")
    made = graph.create({**timed(20, 10), "isOnlineMeeting": True})

    links = [patch(graph, made, {"body": PAGE})["onlineMeeting"] for _ in range(4)]

    assert (links[0], links[2]) == (None, None)
    addresses = {each["joinUrl"] for each in (made["onlineMeeting"], links[1], links[3])}
    assert len(addresses) == 3


@pytest.mark.switch("writes.meeting_block")
def test_a_lost_meeting_stays_lost_unless_asked_for_again(graph: Graph) -> None:
    made = graph.create({**timed(20, 10), "isOnlineMeeting": True})

    lost = [patch(graph, made, {"body": PAGE})["onlineMeeting"] for _ in range(2)]
    again = patch(graph, made, {"isOnlineMeeting": True})

    assert lost == [None, None]
    assert again["onlineMeeting"]["joinUrl"] in again["body"]["content"]


@pytest.mark.switch("writes.series_uid")
@pytest.mark.parametrize(("position", "number"), [("different", 5), ("equal", 1)])
def test_occurrences_have_an_ical_uid_of_their_own_or_not(
    graph: Graph, world: World, position: str, number: int
) -> None:
    world.turn("writes.series_uid", position)

    master, found = series(graph)

    assert len({each["iCalUId"] for each in [master, *found]}) == number
    assert {each["uid"] for each in found} == {master["iCalUId"]}


@pytest.mark.switch("writes.rewrite")
def test_what_was_written_may_come_back_in_other_words(graph: Graph, world: World) -> None:
    world.turn("writes.rewrite", True)
    kim = {"emailAddress": {"address": "kim.lee@fabrikam.example", "name": "Kimmy"}}

    made = graph.create({**timed(20, 10, "Europe/Berlin"), "attendees": [kim]})

    assert made["attendees"][0]["emailAddress"]["name"] == "Kim Lee"
    assert made["originalStartTimeZone"] == BERLIN


@pytest.mark.switch("writes.move_of_series")
@pytest.mark.parametrize(("position", "names"), [("dropped", 0), ("kept", 1)])
def test_a_moved_series_keeps_its_exceptions_or_not(
    graph: Graph, world: World, position: str, names: int
) -> None:
    world.turn("writes.move_of_series", position)
    master, found = series(graph)
    patch(graph, found[1], {"subject": "Special"})
    graph.call("DELETE", f"/me/events/{found[2]['id']}")

    patch(graph, master, timed(2, 14, BERLIN))
    left = instances(graph, master)

    assert [each["subject"] for each in left].count("Special") == names
    assert len(left) == 4 - names


@pytest.mark.switch("writes.read_only")
def test_nothing_can_be_written_to_a_calendar_for_reading(graph: Graph, world: World) -> None:
    made = graph.create(timed(20, 10))
    path = f"/me/events/{made['id']}"
    world.turn("writes.read_only", True, "alice")

    tries: list[tuple[str, str, Any]] = [
        ("POST", "/me/events", timed(21, 10)), ("PATCH", path, {"subject": "A"}),
        ("DELETE", path, None),
    ]  # fmt: skip
    refusals = {graph.error(*each) for each in tries}

    assert refusals == {(403, "ErrorAccessDenied")}
    assert graph.get(path) == made


@pytest.mark.switch("writes.mailbox_full")
@pytest.mark.parametrize(
    ("position", "refusal"),
    [("403", (403, "ErrorQuotaExceeded")), ("507", (507, "quotaLimitReached"))],
)
def test_a_full_mailbox_takes_nothing_and_can_be_emptied(
    graph: Graph, world: World, position: str, refusal: tuple[int, str]
) -> None:
    made = graph.create(timed(20, 10))
    world.turn("writes.mailbox_full", position)

    refused = graph.error("POST", "/me/events", timed(21, 10))
    gone = graph.call("DELETE", f"/me/events/{made['id']}")

    assert refused == refusal
    assert gone.status_code == 204


@pytest.mark.switch("writes.deleted_get")
def test_a_deleted_event_may_still_answer_without_a_calendar(graph: Graph, world: World) -> None:
    path = f"/me/events/{graph.create(timed(20, 10))['id']}"
    graph.call("DELETE", path)
    assert graph.error("GET", path) == (404, "ErrorItemNotFound")

    world.turn("writes.deleted_get", "without_calendar")
    found = graph.get(f"{path}?$expand=calendar")

    assert "calendar" not in found
    assert graph.error("GET", f"{path}/calendar") == (404, "ErrorItemNotFound")
    assert graph.error("PATCH", path, {"subject": "A"}) == (404, "ErrorItemNotFound")


@pytest.mark.switch("writes.deleted_again")
def test_a_second_delete_may_be_denied(graph: Graph, world: World) -> None:
    path = f"/me/events/{graph.create(timed(20, 10))['id']}"
    graph.call("DELETE", path)
    assert graph.error("DELETE", path) == (404, "ErrorItemNotFound")

    world.turn("writes.deleted_again", "denied", "alice")

    assert graph.error("DELETE", path) == (403, "ErrorAccessDenied")
