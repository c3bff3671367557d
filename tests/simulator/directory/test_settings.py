"""Settings of a mailbox, the zones it knows, and ids in their two forms."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from simulator.world import World
from tests.simulator.desk import Graph, at

IMMUTABLE, NORMAL = "restImmutableEntryId", "restId"
IANA = "(TimeZoneStandard=microsoft.graph.timeZoneStandard'Iana')"


@pytest.fixture
def graph(client: FlaskClient, world: World) -> Graph:
    graph = Graph(client, world)
    graph.sign_in("alice", "User.Read", "MailboxSettings.ReadWrite", "Calendars.Read")
    return graph


def test_settings_change_as_far_as_they_are_named(graph: Graph) -> None:
    before = graph.get("/me/mailboxSettings")

    hours = {"startTime": "07:30:00", "daysOfWeek": ["monday"]}
    wish = {"timeZone": "Eastern Standard Time", "workingHours": hours}
    answer = graph.call("PATCH", "/me/mailboxSettings", wish).json
    after = graph.get("/me/mailboxSettings")

    assert answer is not None
    assert answer.keys() == {"@odata.context", "timeZone", "workingHours"}
    assert graph.get("/me/mailboxSettings/timeZone")["value"] == "Eastern Standard Time"
    assert after["workingHours"]["startTime"] == "07:30:00.0000000"
    assert after["workingHours"]["endTime"] == before["workingHours"]["endTime"]
    assert after["dateFormat"] == before["dateFormat"]


def test_an_absence_is_announced(graph: Graph) -> None:
    moment = {"dateTime": "2026-12-24T00:00:00", "timeZone": "UTC"}
    away = {"status": "scheduled", "externalAudience": "all", "scheduledStartDateTime": moment}

    graph.call("PATCH", "/me/mailboxSettings", {"automaticRepliesSetting": away})

    shown = graph.get("/me/mailboxSettings?$select=automaticRepliesSetting")
    assert shown["automaticRepliesSetting"].items() >= away.items()
    assert shown.keys() == {"@odata.context", "automaticRepliesSetting"}


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        ({"timeZone": "Mars Standard Time"}, "TimeZoneNotSupportedException"),
        ({"timeZone": 1}, "RequestBodyRead"),
        ({"colour": "red"}, "RequestBodyRead"),
        ({"userPurpose": "room"}, "ErrorInvalidProperty"),
        ({"language": {"locale": "?"}}, "ErrorInvalidParameter"),
        ({"workingHours": {"daysOfWeek": ["funday"]}}, "RequestBodyRead"),
        ({"workingHours": {"startTime": "25:00:00"}}, "RequestBodyRead"),
        ({"workingHours": {"startTime": "18:00:00"}}, "ErrorInvalidParameter"),
        ({"workingHours": 8}, "RequestBodyRead"),
        ({"automaticRepliesSetting": {"status": "maybe"}}, "RequestBodyRead"),
        ({"automaticRepliesSetting": {"mood": "good"}}, "RequestBodyRead"),
        ({"delegateMeetingMessageDeliveryOptions": "never"}, "RequestBodyRead"),
    ],
)
def test_settings_that_make_no_sense_are_refused(
    graph: Graph, wish: dict[str, Any], code: str
) -> None:
    before = graph.get("/me/mailboxSettings")

    assert graph.error("PATCH", "/me/mailboxSettings", wish) == (400, code)
    assert graph.get("/me/mailboxSettings") == before


def test_reading_settings_does_not_allow_writing_them(graph: Graph) -> None:
    graph.sign_in("alice", "MailboxSettings.Read")

    wish = {"timeZone": "UTC"}
    assert graph.error("PATCH", "/me/mailboxSettings", wish) == (403, "ErrorAccessDenied")


@pytest.mark.switch("mailboxes.empty_zone")
def test_a_mailbox_nobody_opened_yet_has_no_zone(graph: Graph, world: World) -> None:
    world.turn("mailboxes.empty_zone", True, "alice")

    assert graph.get("/me/mailboxSettings")["timeZone"] == ""
    assert graph.get("/me/mailboxSettings/timeZone")["value"] == ""


@pytest.mark.switch("mailboxes.custom_hours")
def test_working_hours_may_be_in_a_zone_without_a_name(graph: Graph, world: World) -> None:
    world.turn("mailboxes.custom_hours", True, "alice")

    settings = graph.get("/me/mailboxSettings")

    assert settings["workingHours"]["timeZone"]["name"] == "Customized Time Zone"
    assert settings["workingHours"]["timeZone"]["bias"] == -60
    assert settings["timeZone"] == "W. Europe Standard Time"


def test_zones_are_listed_by_either_standard(graph: Graph) -> None:
    windows = {each["alias"] for each in graph.get("/me/outlook/supportedTimeZones")["value"]}
    iana = graph.get(f"/me/outlook/supportedTimeZones{IANA}")["value"]

    assert {"UTC", "W. Europe Standard Time"} <= windows
    assert {"alias": "Europe/Berlin", "displayName": "(UTC+01:00) Europe/Berlin"} in iana
    assert "Europe/Berlin" not in windows
    martian = f"/me/outlook/supportedTimeZones{IANA}".replace("Iana", "Mars")
    assert graph.error("GET", martian)[0] == 400


def translated(graph: Graph, ids: list[str], source: str, target: str) -> list[dict[str, Any]]:
    """What translateExchangeIds makes of ids."""
    wish = {"inputIds": ids, "sourceIdType": source, "targetIdType": target}
    response = graph.call("POST", "/me/translateExchangeIds", wish)
    assert response.status_code == 200, response.text
    return list(response.json["value"])  # type: ignore[index]


def test_ids_are_translated_there_and_back(graph: Graph, world: World) -> None:
    event, contact = world.add_event("alice", "Lunch", at(4)), world.add_contact("alice")
    calendar = graph.get("/me/calendar")["id"]
    ids = [event, contact, calendar]

    normal = [each["targetId"] for each in translated(graph, ids, IMMUTABLE, NORMAL)]
    back = [each["targetId"] for each in translated(graph, normal, NORMAL, IMMUTABLE)]

    plain = graph.get(f"/me/events/{event}", Prefer="odata.maxpagesize=5")
    assert normal[0] == plain["id"] != event
    assert (normal[2], back) == (calendar, ids)


def test_an_id_that_is_wrong_spoils_no_other(graph: Graph, world: World) -> None:
    event = world.add_event("alice", "Lunch", at(4))
    gone = world.add_contact("alice")
    world.delete_contact("alice", gone)

    found = translated(graph, [event, gone, "nonsense"], IMMUTABLE, NORMAL)
    mistaken = translated(graph, [event], NORMAL, IMMUTABLE)

    codes = [each.get("errorDetails", {}).get("code") for each in (*found, *mistaken)]
    malformed = "ErrorInvalidIdMalformed"
    assert codes == [None, "ErrorItemNotFound", malformed, malformed]


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"inputIds": ["x"] * 1001}, 400),
        ({"inputIds": "x"}, 400),
        ({"sourceIdType": "carrierPigeon"}, 400),
        ({"sourceIdType": "ewsId"}, 501),
    ],
)
def test_translations_beyond_reason_are_refused(
    graph: Graph, changed: dict[str, Any], status: int
) -> None:
    wish = {"inputIds": [], "sourceIdType": NORMAL, "targetIdType": IMMUTABLE, **changed}

    assert graph.error("POST", "/me/translateExchangeIds", wish)[0] == status
