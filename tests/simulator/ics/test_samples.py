"""Exports of four programs, each in its own style."""

from simulator.world import World
from tests.simulator.ics.kit import sample, seen, starts


def test_a_calendar_of_google(world: World) -> None:
    report = sample(world, "google.ics")

    assert report.lines() == ["google.ics:54: Outlook has no alarm EMAIL: left out."]
    assert report.summary() == (
        "google.ics: 1 single events and 1 series are in, 1 occurrences differ and "
        "2 are left out; 1 remarks."
    )
    assert starts(world) == [
        "2026-11-02T08:00", "2026-11-17T10:00", "2026-11-30T08:00", "2026-12-24T00:00",
    ]  # fmt: skip


def test_google_s_series_says_what_it_said_there(world: World) -> None:
    sample(world, "google.ics")

    first, moved, _, holidays = seen(world)

    assert first["iCalUId"] == "4k2h7weekly@google.example"
    assert "Numbers first, then the rest.<br>\r\nBring the list." in first["body"]["content"]
    assert "https://meet.example/abc-defg-hij" in first["body"]["content"]
    assert first["reminderMinutesBeforeStart"] == 10
    assert first["createdDateTime"] == "2026-10-01T08:00:00.0000000Z"
    assert (moved["type"], moved["subject"]) == ("exception", "Weekly numbers, a day later")
    # What the changed occurrence does not say it does not have.
    assert (moved["location"]["displayName"], moved["attendees"]) == ("", [])
    assert (holidays["isAllDay"], holidays["showAs"]) == (True, "free")


def test_attendees_come_with_their_answers_and_nobody_is_mailed(world: World) -> None:
    sample(world, "google.ics")

    series = next(one for one in world.events("alice") if one["recurrence"])

    assert [
        (one["emailAddress"]["name"], one["type"], one["status"]["response"])
        for one in series["attendees"]
    ] == [
        ("kim@fabrikam.example", "optional", "tentativelyAccepted"),
        ("Room 4; the large one", "resource", "accepted"),
    ]
    assert series["isOrganizer"]
    assert world.mails == []


def test_a_calendar_of_outlook(world: World) -> None:
    report = sample(world, "outlook.ics")

    board, *months = seen(world)

    assert report.lines() == []
    assert (board["start"]["dateTime"][:16], board["showAs"]) == ("2026-11-10T13:00", "oof")
    assert (board["sensitivity"], board["importance"]) == ("private", "high")
    assert board["categories"] == ["Red", "Visits, long"]
    assert "Rich <b>words</b>" in board["body"]["content"]
    assert board["allowNewTimeProposals"] is False
    assert (board["isReminderOn"], board["reminderMinutesBeforeStart"]) == (True, 30)
    assert [one["start"]["dateTime"][:10] for one in months] == [
        "2026-11-30", "2026-12-31", "2027-01-29",
    ]  # fmt: skip
    assert {one["showAs"] for one in months} == {"tentative"}


def test_what_somebody_else_organises_is_a_received_copy(world: World) -> None:
    sample(world, "outlook.ics")

    board = seen(world)[0]

    assert not board["isOrganizer"]
    assert board["organizer"]["emailAddress"] == {
        "name": "Dave Dunn", "address": "dave@fabrikam.example",
    }  # fmt: skip
    assert board["responseStatus"] == {"response": "accepted", "time": "2026-10-05T07:00:00Z"}
    assert len(board["attendees"]) == 2
    assert world.mails == world.events("dave") == []


def test_a_calendar_of_apple(world: World) -> None:
    report = sample(world, "apple.ics")

    nowhere = "has no place in Outlook: it is left out."
    assert report.lines() == [
        "apple.ics:22: A calendar holds events only: this VTODO is left out.",
        "apple.ics:31: Outlook takes the last day of months without a 29th; the file skips them.",
        f"apple.ics:32: X-APPLE-TRAVEL-ADVISORY-BEHAVIOR (2 times) {nowhere}",
        "apple.ics:46: Outlook reminds before the start only: left out.",
        "apple.ics:57: Outlook adds no dates to a series: 2026-11-07 was made an event.",
        "apple.ics:57: Outlook adds no dates to a series: 2026-11-08 was made an event.",
        f"apple.ics:58: ATTACH {nowhere}",
        f"apple.ics:59: GEO {nowhere}",
    ]
    timed = [one for one in seen(world) if not one["isAllDay"]]
    assert [(one["subject"], one["start"]["dateTime"][:16]) for one in timed] == [
        ("Call", "2026-11-04T15:00"),  # ten o'clock in New York
        ("Run", "2026-11-05T06:00"),  # without a zone: seven o'clock wherever the mailbox is
        ("Run", "2026-11-07T06:00"),
        ("Run", "2026-11-08T07:00"),
    ]
    assert timed[0]["end"]["dateTime"][:16] == "2026-11-04T15:45"


def test_a_calendar_of_exchange(world: World) -> None:
    report = sample(world, "exchange.ics")

    far, lunch, days, lone = seen(world)

    assert report.lines() == [
        "exchange.ics:59: No series has this occurrence: it was made an event."
    ]
    assert far["start"]["dateTime"][:16] == "2026-11-12T13:30"
    assert far["originalStartTimeZone"] == "Newfoundland Standard Time"
    assert (far["showAs"], far["responseStatus"]["response"]) == ("tentative", "notResponded")
    assert (lunch["subject"], lunch["isCancelled"]) == ("Canceled: Lunch", True)
    assert (days["isAllDay"], days["end"]["dateTime"][:10]) == (True, "2026-11-18")
    assert (lone["type"], lone["iCalUId"]) == ("exception", "EX-4")
