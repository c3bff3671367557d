"""Calendars and their groups: made, changed, deleted, and which of them stay."""

from typing import Any

import pytest

from simulator.world import World
from tests.simulator.desk import Graph, at, timed


def added(graph: Graph, **words: Any) -> Any:
    """The calendar a POST makes."""
    response = graph.call("POST", "/me/calendars", words)
    assert response.status_code == 201, response.text
    return response.json


def test_a_new_calendar_is_listed_and_holds_events(graph: Graph) -> None:
    calendar = added(graph, name="Spare", color="lightTeal")
    path = f"/me/calendars/{calendar['id']}"

    graph.create(timed(20, 10), path)

    assert (calendar["hexColor"], calendar["canEdit"]) == ("#4adacc", True)
    assert (calendar["isDefaultCalendar"], calendar["isRemovable"]) == (False, True)
    assert graph.get("/me/calendars")["value"][-1] == {
        key: value for key, value in calendar.items() if key != "@odata.context"
    }
    assert len(graph.get(f"{path}/events")["value"]) == 1


def test_name_and_colour_change(graph: Graph) -> None:
    calendar = added(graph, name="Spare")
    path = f"/me/calendars/{calendar['id']}"

    changed = graph.call("PATCH", path, {"name": "Own", "color": "maxColor", "canEdit": False}).json

    assert changed is not None
    assert (changed["name"], changed["color"], changed["canEdit"]) == ("Own", "maxColor", True)
    assert changed["changeKey"] != calendar["changeKey"]
    default = graph.call("PATCH", "/me/calendar", {"color": "lightRed"}).json
    assert default is not None
    assert (default["color"], default["isDefaultCalendar"]) == ("lightRed", True)


@pytest.mark.parametrize(
    ("wish", "refusal"),
    [
        ({"color": "lightRed"}, (400, "ErrorInvalidParameter")),
        ({"name": ""}, (400, "ErrorInvalidParameter")),
        ({"name": 5}, (400, "RequestBodyRead")),
        ({"name": "Spare", "color": "mauve"}, (400, "RequestBodyRead")),
        ({"name": "Spare", "smell": "good"}, (400, "RequestBodyRead")),
        ({"name": "projects"}, (409, "ErrorFolderExists")),
    ],
)
def test_calendars_that_make_no_sense_are_refused(
    graph: Graph, wish: dict[str, Any], refusal: tuple[int, str]
) -> None:
    assert graph.error("POST", "/me/calendars", wish) == refusal


def test_a_deleted_calendar_takes_its_events_and_calls_off_its_meetings(
    graph: Graph, world: World
) -> None:
    path = f"/me/calendars/{added(graph, name='Spare')['id']}"
    guests = [{"emailAddress": {"address": "bob@contoso.example"}}]
    event = graph.create({**timed(20, 10), "attendees": guests}, path)

    assert graph.call("DELETE", path).status_code == 204

    assert graph.error("GET", path) == (404, "ErrorItemNotFound")
    assert graph.error("GET", f"/me/events/{event['id']}") == (404, "ErrorItemNotFound")
    assert [mail.kind for mail in world.mails] == ["invitation", "cancellation"]
    assert path.rpartition("/")[2] != added(graph, name="Spare")["id"]


def test_the_default_calendar_and_read_only_ones_stay(graph: Graph) -> None:
    calendars = {each["name"]: each for each in graph.get("/me/calendars")["value"]}

    default, holidays = calendars["Calendar"], calendars["Holidays"]

    assert not default["isRemovable"]
    assert graph.error("DELETE", f"/me/calendars/{default['id']}")[0] == 400
    assert graph.error("DELETE", f"/me/calendars/{holidays['id']}") == (403, "ErrorAccessDenied")


def test_the_list_comes_in_pages_of_ten_and_is_filtered(graph: Graph) -> None:
    for number in range(9):
        added(graph, name=f"Spare {number}")

    page = graph.get("/me/calendars")
    rest = graph.get(page["@odata.nextLink"])
    named = graph.get("/me/calendars?$filter=name eq 'Spare 3'&$select=name")["value"]

    assert (len(page["value"]), len(rest["value"])) == (10, 2)
    assert [each["name"] for each in named] == ["Spare 3"]


def test_groups_hold_own_and_shared_calendars_apart(graph: Graph, world: World) -> None:
    world.share_calendar("bob", "alice")

    groups = graph.get("/me/calendarGroups")["value"]
    held = [
        [each["name"] for each in graph.get(f"/me/calendarGroups/{one['id']}/calendars")["value"]]
        for one in groups
    ]

    assert groups[0]["name"] == "My Calendars"
    assert held == [["Calendar", "Projects", "Holidays"], [], ["Bob Brook"]]
    assert graph.error("GET", "/me/calendarGroups/nonsense/calendars")[0] == 400


def test_reminders_go_off_in_a_span(graph: Graph, world: World) -> None:
    world.add_event("alice", "Soon", at(20, 10), reminderMinutesBeforeStart=60)
    world.add_event("alice", "Quiet", at(20, 10), isReminderOn=False)
    world.add_event("alice", "Later", at(20, 10))

    span = "startDateTime='2026-11-20T09:00:00Z',endDateTime='2026-11-20T09:45:00Z'"
    found = graph.get(f"/me/reminderView({span})")["value"]

    assert [each["eventSubject"] for each in found] == ["Soon"]
    assert found[0]["reminderFireTime"]["dateTime"] == "2026-11-20T09:00:00.0000000"
    assert graph.error("GET", "/me/reminderView(startDateTime='x',endDateTime='y')")[0] == 400
