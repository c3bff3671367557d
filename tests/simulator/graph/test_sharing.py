"""Shared calendars: who sees them, how much of them, and by which address."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from simulator.world import World
from tests.simulator.desk import NOVEMBER, Graph, at, timed

SHARED = ("Calendars.ReadWrite", "Calendars.ReadWrite.Shared")
BOB = "/users/bob@contoso.example"
DENIED = (403, "ErrorAccessDenied")


@pytest.fixture
def graph(client: FlaskClient, world: World) -> Graph:
    graph = Graph(client, world)
    graph.sign_in("alice", *SHARED)
    return graph


def copy_of(graph: Graph, owner: str = "bob@contoso.example") -> Any:
    """The owner's calendar in Alice's own list."""
    listed = graph.get("/me/calendars")["value"]
    return next(each for each in listed if each["owner"]["address"] == owner)


def titles(graph: Graph, path: str) -> list[str]:
    """What a calendar shows of November."""
    return [each["subject"] for each in graph.get(f"{path}/calendarView?{NOVEMBER}")["value"]]


def test_a_shared_calendar_is_read_by_the_copy_and_by_its_owner(graph: Graph, world: World) -> None:
    world.add_event("bob", "Lunch", at(4))

    world.share_calendar("bob", "alice", "read")
    copy = copy_of(graph)

    assert (copy["name"], copy["canEdit"], copy["isDefaultCalendar"]) == ("Bob Brook", False, False)
    assert titles(graph, f"/me/calendars/{copy['id']}") == ["Lunch"]
    assert titles(graph, f"{BOB}/calendar") == titles(graph, BOB) == ["Lunch"]
    assert titles(graph, "/me") == []
    entries, _ = graph.round(f"/me/calendars/{copy['id']}/calendarView/delta?{NOVEMBER}")
    assert [each["subject"] for each in entries] == ["Lunch"]


def test_only_who_may_write_writes(graph: Graph, world: World) -> None:
    event = world.add_event("bob", "Lunch", at(4))
    world.share_calendar("bob", "alice", "read")
    path = f"/me/calendars/{copy_of(graph)['id']}/events"

    refusals = [
        graph.error("POST", path, timed(20, 10)),
        graph.error("PATCH", f"{BOB}/calendar/events/{event}", {"subject": "Mine"}),
    ]
    world.share_calendar("bob", "alice", "write")
    graph.call("PATCH", f"{path}/{event}", {"subject": "Ours"})

    assert refusals == [DENIED, DENIED]
    assert copy_of(graph)["canEdit"]
    assert graph.call("POST", path, timed(20, 10)).status_code == 201
    assert [each["subject"] for each in world.events("bob")] == ["Ours", ""]


def test_private_events_are_blocks_of_time_for_others(graph: Graph, world: World) -> None:
    room = {"displayName": "Clinic"}
    world.add_event("bob", "Doctor", at(4), sensitivity="private", location=room)
    world.share_calendar("bob", "alice", "delegateWithoutPrivateEventAccess")
    link = f"{BOB}/calendar/calendarView"

    hidden = graph.get(f"{link}?{NOVEMBER}")["value"][0]
    changes, _ = graph.round(f"{link}/delta?{NOVEMBER}")
    world.share_calendar("bob", "alice", "delegateWithPrivateEventAccess")
    shown = graph.get(f"{link}?{NOVEMBER}")["value"][0]

    assert (hidden["subject"], hidden["location"]["displayName"]) == ("", "")
    assert (hidden["showAs"], hidden["start"]) == ("busy", shown["start"])
    assert (changes[0]["subject"], shown["subject"]) == ("", "Doctor")
    assert copy_of(graph)["canViewPrivateItems"]


def test_who_may_see_titles_only_sees_no_more(graph: Graph, world: World) -> None:
    body = {"contentType": "text", "content": "Bring the plans"}
    world.add_event("bob", "Plans", at(4), body=body, attendees=["carol@contoso.example"])

    world.share_calendar("bob", "alice", "limitedRead")
    seen = graph.get(f"{BOB}/calendar/events")["value"][0]

    assert (seen["subject"], seen["bodyPreview"], seen["attendees"]) == ("Plans", "", [])


def test_sharing_ends_at_the_calendar_that_is_shared(graph: Graph, world: World) -> None:
    projects = world.add_event("bob", "Secret", at(4), calendar="Projects")
    world.share_calendar("bob", "alice", "write")

    assert graph.error("GET", f"{BOB}/events/{projects}") == (404, "ErrorItemNotFound")
    assert graph.error("GET", f"{BOB}/calendars") == DENIED
    assert graph.error("GET", f"{BOB}/mailboxSettings") == DENIED
    assert graph.error("GET", f"{BOB}/calendar/calendarPermissions") == DENIED
    copy = copy_of(graph)["id"]
    assert graph.error("GET", f"/me/calendars/{copy}/calendarPermissions") == DENIED
    assert graph.error("PATCH", f"/me/calendars/{copy}", {"name": "Mine"})[0] == 501


def test_without_the_wider_permission_nothing_of_others_opens(graph: Graph, world: World) -> None:
    world.share_calendar("bob", "alice", "write")
    copy = copy_of(graph)["id"]

    graph.sign_in("alice", "Calendars.ReadWrite")
    narrow = graph.error("GET", f"/me/calendars/{copy}/events")
    graph.sign_in("alice", "Calendars.Read.Shared")

    assert narrow == DENIED
    assert titles(graph, f"/me/calendars/{copy}") == []
    assert graph.error("POST", f"{BOB}/calendar/events", timed(20, 10)) == DENIED


def test_a_copy_removed_from_the_list_leaves_the_owner_his_calendar(
    graph: Graph, world: World
) -> None:
    world.add_event("bob", "Lunch", at(4))
    world.share_calendar("bob", "alice", "read")
    path = f"/me/calendars/{copy_of(graph)['id']}"

    removed = graph.call("DELETE", path)

    assert removed.status_code == 204
    assert graph.error("GET", path) == (404, "ErrorItemNotFound")
    assert len(world.events("bob")) == 1


def test_what_is_shared_by_permission_appears_and_goes(graph: Graph, world: World) -> None:
    graph.sign_in("bob", *SHARED)
    wish = {"emailAddress": {"address": "alice@contoso.example"}, "role": "read"}
    permission = graph.call("POST", "/me/calendar/calendarPermissions", wish).json
    everybody = graph.get("/me/calendar/calendarPermissions")["value"]
    graph.sign_in("alice", *SHARED)
    copy = copy_of(graph)
    graph.sign_in("bob", *SHARED)

    assert permission is not None
    path = f"/me/calendar/calendarPermissions/{permission['id']}"
    graph.call("PATCH", path, {"role": "freeBusyRead"})
    graph.sign_in("alice", *SHARED)

    assert [each["role"] for each in everybody] == ["freeBusyRead", "read"]
    assert everybody[0]["emailAddress"]["name"] == "My Organization"
    assert permission["emailAddress"]["name"] == "Alice Ardent"
    assert graph.error("GET", f"/me/calendars/{copy['id']}") == (404, "ErrorItemNotFound")
    assert graph.error("GET", f"{BOB}/calendar/events") == DENIED


def test_permissions_that_make_no_sense_are_refused(graph: Graph) -> None:
    path = "/me/calendar/calendarPermissions"
    kim = {"address": "kim@outside.example"}
    first = graph.get(path)["value"][0]["id"]

    wishes: list[dict[str, Any]] = [
        {"role": "read"},
        {"emailAddress": kim, "role": "king"},
        {"emailAddress": kim, "role": "write"},
        {"emailAddress": {"address": "alice@contoso.example"}, "role": "read"},
    ]

    assert [graph.error("POST", path, wish)[0] for wish in wishes] == [400] * 4
    assert graph.error("DELETE", f"{path}/{first}")[0] == 400
    assert graph.error("GET", f"{path}/nonsense") == (404, "ErrorItemNotFound")
    assert graph.call("PATCH", f"{path}/{first}", {"role": "none"}).status_code == 200


def test_a_deleted_calendar_goes_from_the_lists_of_others_too(graph: Graph, world: World) -> None:
    world.share_calendar("bob", "alice", "read", "Projects")
    shared = [each["name"] for each in graph.get("/me/calendars")["value"]]
    graph.sign_in("bob", *SHARED)

    projects = graph.get("/me/calendars?$filter=name eq 'Projects'")["value"][0]["id"]
    graph.call("DELETE", f"/me/calendars/{projects}")
    graph.sign_in("alice", *SHARED)

    assert shared == ["Calendar", "Projects", "Holidays", "Projects"]
    assert len(graph.get("/me/calendars")["value"]) == 3


@pytest.mark.switch("mailboxes.old_sharing")
def test_a_calendar_shared_the_old_way_is_listed_but_does_not_open(
    graph: Graph, world: World
) -> None:
    world.share_calendar("bob", "alice", "read")
    world.turn("mailboxes.old_sharing", True, "alice")

    copy = copy_of(graph)["id"]

    refusal = (500, "ErrorInternalServerTransientError")
    assert graph.error("GET", f"/me/calendars/{copy}/calendarView?{NOVEMBER}") == refusal
    assert graph.error("GET", f"/me/calendars/{copy}/events") == refusal
    assert titles(graph, f"{BOB}/calendar") == []
