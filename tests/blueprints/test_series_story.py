"""A series in its life: made here, changed on both sides, split, and always the same on both."""

from datetime import UTC, datetime
from typing import Any

import pytest

from portal.tables import Meeting
from tests.browse import Browser
from tests.stage import Stage

FILLED = {
    "title": "Choir", "day": "2026-11-24", "start": "10:00", "end": "11:00",
    "invitees": "bob@contoso.example", "repeats": "weekly", "weekdays": ["tuesday"],
    "ends": "after", "times": "5",
}  # fmt: skip
SINCE, UNTIL = datetime(2026, 11, 20, tzinfo=UTC), datetime(2027, 3, 1, tzinfo=UTC)


def in_outlook(stage: Stage) -> list[tuple[str, str]]:
    """Start (UTC) and title of each date of the choir."""
    return [(one["start"]["dateTime"][:16], one["subject"]) for one in choirs(stage)]


def choirs(stage: Stage) -> list[dict[str, Any]]:
    shown = stage.world.view("alice", SINCE, UNTIL)
    ours = (one for one in shown if "choir" in one["subject"].lower())
    return sorted(ours, key=lambda one: one["start"]["dateTime"])


def here(stage: Stage, alice: Browser) -> list[str]:
    """The dates of the first series, as its page lists them."""
    page = alice.get("/meetings/1")
    return [text for text in page.texts("div", class_="row-title") if ":00" in text]


@pytest.fixture
def series(stage: Stage, alice: Browser) -> str:
    """Five Tuesdays, in Outlook."""
    stage.connect(alice, "alice")
    stage.rest()
    page = alice.submit(alice.get("/meetings/new"), "Schedule", **FILLED)
    stage.rest()
    return page.path


def test_a_series_made_here_is_a_series_in_outlook(stage: Stage, alice: Browser, series: str):
    shown = in_outlook(stage)

    assert [start for start, _ in shown] == [
        "2026-11-24T09:00", "2026-12-01T09:00", "2026-12-08T09:00", "2026-12-15T09:00",
        "2026-12-22T09:00",
    ]  # fmt: skip
    assert "In step" in alice.get(series).text


def test_one_cancelled_and_one_moved_here_are_so_in_outlook(
    stage: Stage, alice: Browser, series: str
):
    alice.submit(alice.get(f"{series}/occurrences/2026-12-01"), "Cancel this one", note="Holiday")
    stage.rest()
    form = alice.get(f"{series}/occurrences/2026-12-08/edit")
    alice.submit(form, "Save this one", day="2026-12-09", title="Choir, with guests")
    stage.rest()
    stage.look()

    assert in_outlook(stage) == [
        ("2026-11-24T09:00", "Choir"), ("2026-12-09T09:00", "Choir, with guests"),
        ("2026-12-15T09:00", "Choir"), ("2026-12-22T09:00", "Choir"),
    ]  # fmt: skip
    assert "In step" in alice.get(series).text
    assert "no way to bring it back" in alice.get(f"{series}/occurrences/2026-12-01").text


def test_one_moved_in_outlook_is_moved_here(stage: Stage, alice: Browser, series: str):
    second = choirs(stage)[1]

    stage.world.move_event("alice", second["id"], datetime(2026, 12, 2, 13, tzinfo=UTC))
    stage.look()

    assert "Wednesday 2 December 2026, 14:00 – 15:00 Changed" in here(stage, alice)
    month = alice.get("/calendar?month=2026-12")
    assert month.text.count("Choir") == 4


def test_later_ones_are_a_series_of_their_own_on_both_sides(
    stage: Stage, alice: Browser, series: str
):
    form = alice.get(f"{series}/occurrences/2026-12-15/later")
    alice.submit(form, "Save these", start="18:00", end="19:00")
    stage.rest()
    stage.look()

    assert [start for start, _ in in_outlook(stage)] == [
        "2026-11-24T09:00", "2026-12-01T09:00", "2026-12-08T09:00", "2026-12-15T17:00",
        "2026-12-22T17:00",
    ]  # fmt: skip
    head, tail = stage.rows(Meeting)
    assert (tail.family, tail.join_url) == (head.key, head.join_url)
    for meeting in (head, tail):
        assert "In step" in alice.get(f"/meetings/{meeting.id}").text


def test_the_end_of_a_series_and_its_cancellation_reach_outlook(
    stage: Stage, alice: Browser, series: str
):
    alice.submit(alice.get(f"{series}/occurrences/2026-12-15"), "Cancel these")
    stage.rest()
    ended = in_outlook(stage)
    alice.submit(alice.get(series), "Cancel series")
    stage.rest()

    assert len(ended) == 3
    assert in_outlook(stage) == []
    assert "Choir" not in alice.get("/calendar?month=2026-12").text


def test_words_of_the_whole_keep_what_differs_and_times_do_not(
    stage: Stage, alice: Browser, series: str
):
    alice.submit(alice.get(f"{series}/occurrences/2026-12-01"), "Cancel this one")
    stage.rest()
    alice.submit(alice.get(f"{series}/edit"), "Save", title="Great choir")
    stage.rest()
    words = in_outlook(stage)
    alice.submit(alice.get(f"{series}/edit"), "Save", start="11:00", end="12:00")
    stage.rest()

    assert [title for _, title in words] == ["Great choir"] * 4
    assert [start[11:] for start, _ in in_outlook(stage)] == ["10:00"] * 5
    stage.look()
    assert "In step" in alice.get(series).text


def test_what_was_only_here_goes_out_with_what_differs(stage: Stage, alice: Browser):
    page = alice.submit(alice.get("/meetings/new"), "Schedule", **FILLED)
    address = page.path
    alice.submit(alice.get(f"{address}/occurrences/2026-12-01"), "Cancel this one")
    form = alice.get(f"{address}/occurrences/2026-12-08/edit")
    alice.submit(form, "Save this one", day="2026-12-09", title="Choir, with guests")
    stage.connect(alice, "alice")
    stage.rest()

    alice.submit(alice.get(address), "Send")
    stage.rest()
    stage.look()

    assert in_outlook(stage) == [
        ("2026-11-24T09:00", "Choir"), ("2026-12-09T09:00", "Choir, with guests"),
        ("2026-12-15T09:00", "Choir"), ("2026-12-22T09:00", "Choir"),
    ]  # fmt: skip
    assert "In step" in alice.get(address).text


def test_a_split_before_anything_was_sent_makes_two_series(stage: Stage, alice: Browser):
    stage.connect(alice, "alice")
    stage.rest()
    address = alice.submit(alice.get("/meetings/new"), "Schedule", **FILLED).path
    form = alice.get(f"{address}/occurrences/2026-12-15/later")
    alice.submit(form, "Save these", title="Great choir")
    stage.rest()
    stage.look()

    assert [title for _, title in in_outlook(stage)] == ["Choir"] * 3 + ["Great choir"] * 2


def test_a_single_meeting_begins_to_repeat_and_stops_again(stage: Stage, alice: Browser):
    stage.connect(alice, "alice")
    stage.rest()
    address = alice.submit(
        alice.get("/meetings/new"), "Schedule", **(FILLED | {"repeats": ""})
    ).path
    stage.rest()
    alice.submit(alice.get(f"{address}/edit"), "Save", repeats="daily", ends="after", times="3")
    stage.rest()
    three = in_outlook(stage)
    alice.submit(alice.get(f"{address}/edit"), "Save", repeats="")
    stage.rest()
    stage.look()

    assert [start[:10] for start, _ in three] == ["2026-11-24", "2026-11-25", "2026-11-26"]
    assert len(in_outlook(stage)) == 1
    assert "In step" in alice.get(address).text
