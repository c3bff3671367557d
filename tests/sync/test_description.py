"""The description: only our own block is ever replaced, and never at the price of others' words."""

from typing import Any

import pytest

from sync.judging import content
from sync.writing import body
from tests.sync.desk import Desk

MINE = "<p>Bring the <b>folder</b></p>"


def html(desk: Desk, meeting_id: int) -> str:
    outlook = desk.outlook(meeting_id)
    assert outlook is not None
    found: str = outlook["body"]["content"]
    return found


def typed_around(desk: Desk, meeting_id: int, before: str, after: str) -> str:
    """Somebody writes into the event in Outlook, around our block; what Outlook made of it."""
    held = html(desk, meeting_id)
    start = held.index(body.OPENING)
    end = held.index(body.CLOSING, start) + len(body.CLOSING)
    fresh = held[:start] + before + held[start:end] + after + held[end:]
    words: dict[str, Any] = {"body": {"contentType": "html", "content": fresh}}
    desk.world.change_event("alice", desk.outlook_id(meeting_id), words)
    return html(desk, meeting_id)


def test_a_new_event_carries_the_description_and_the_way_in(connected: Desk) -> None:
    meeting_id = connected.settled(description="One\n<Two> & more", has_link=True)

    held = html(connected, meeting_id)

    meeting = connected.meeting(meeting_id)
    assert "<p>One</p><p>&lt;Two&gt; &amp; more</p>" in held
    assert str(meeting.join_url) in held


@pytest.mark.invariant(13)
def test_every_byte_outside_our_block_stays(connected: Desk) -> None:
    meeting_id = connected.settled(description="Old words")
    before = typed_around(connected, meeting_id, MINE + "\r\n\t", "<!-- kept -->\u00a0&nbsp;")

    connected.edit(meeting_id, description="New words")
    connected.rest()

    assert html(connected, meeting_id) == before.replace("Old words", "New words")


@pytest.mark.invariant(13)
def test_a_body_read_as_it_was_takes_back_no_words(connected: Desk) -> None:
    meeting_id = connected.settled(description="Old words")
    connected.advance(minutes=5)
    connected.world.turn("reads.stale", 30)
    before = typed_around(connected, meeting_id, MINE, "")
    connected.look(seconds=1)

    connected.edit(meeting_id, description="New words")
    connected.rest()
    connected.look(minutes=11)

    assert html(connected, meeting_id) == before.replace("Old words", "New words")


def test_a_description_that_did_not_change_is_not_sent(connected: Desk) -> None:
    meeting_id = connected.settled(description="Words")
    typed_around(connected, meeting_id, MINE, "")

    connected.edit(meeting_id, title="Replanning", invitees=["bob@contoso.example"])
    connected.rest()

    assert {name for one in connected.tap.writes for name in one.fields} == {"subject", "attendees"}


def test_an_online_meeting_made_in_outlook_keeps_its_body(connected: Desk) -> None:
    meeting_id = connected.settled(description="Old words")
    connected.world.change_event(
        "alice", connected.outlook_id(meeting_id), {"isOnlineMeeting": True}
    )
    connected.look()
    before = html(connected, meeting_id)

    connected.edit(meeting_id, description="New words", title="Replanning")
    connected.rest()

    outlook = connected.outlook(meeting_id)
    assert outlook is not None
    assert html(connected, meeting_id) == before
    assert (outlook["subject"], outlook["isOnlineMeeting"]) == ("Replanning", True)


@pytest.mark.parametrize("length", [65_000, 66_000, 200_000])
def test_a_long_body_is_never_cut_by_us(connected: Desk, length: int) -> None:
    meeting_id = connected.settled(description="Old words")
    typed_around(connected, meeting_id, "", "é" * (length // 2) + "the end")

    connected.edit(meeting_id, description="New words", location="Room 4")
    connected.rest()

    held = html(connected, meeting_id)
    assert "the end" in held
    assert ("New words" in held) == (length < 65_500)
    assert len(connected.titled("Planning")) == 1


def test_a_description_that_could_not_be_sent_is_no_waiting_edit(connected: Desk) -> None:
    meeting_id = connected.settled(description="Old words")
    words = {"body": {"contentType": "html", "content": "<p>All mine</p>"}}
    connected.world.change_event("alice", connected.outlook_id(meeting_id), words)
    connected.edit(meeting_id, description="New words")
    connected.look()

    connected.world.delete_event("alice", connected.outlook_id(meeting_id))
    connected.look()

    assert connected.meeting(meeting_id).cancelled_in == "outlook"
    assert connected.titled("Planning") == []


@pytest.mark.parametrize(
    "spoiled",
    [
        "<p>gone</p>",
        '<div id="lockstep-meeting"><div>nested</div></div>',
        '<div id="lockstep-meeting">open',
        '<div id="lockstep-meeting">a</div><div id="lockstep-meeting">b</div>',
    ],
)
def test_a_block_that_cannot_be_told_is_left_alone(spoiled: str) -> None:
    assert body.with_block(spoiled, "fresh") is None


def test_a_block_whose_id_outlook_renamed_is_found() -> None:
    held = '<p>a</p><div class="x" id="x_lockstep-meeting"><p>old</p></div><p>b</p>'

    assert body.with_block(held, "<div>new</div>") == "<p>a</p><div>new</div><p>b</p>"


def test_a_block_holds_text_never_markup() -> None:
    hostile = content.Content(
        title="",
        starts=content.midnight(content.date.today()),
        ends=content.midnight(content.date.today()),
        all_day=True,
        zone=None,
        location="",
        description="</div><script>x</script>",
        join_url='https://a.example/"onclick="x',
    )

    made = body.block(hostile)

    assert made.count("</div>") == 1
    assert "<script" not in made
    assert '"onclick' not in made
