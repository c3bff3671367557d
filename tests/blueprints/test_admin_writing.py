"""Admin > Writing to Outlook: the plan only shown, held mailboxes, a restored database."""

import pytest
from sqlalchemy import select

from portal import restored
from portal.tables import Audit, Connection, Meeting
from tests import staff
from tests.browse import Browser
from tests.cast import PASSWORD
from tests.conftest import Portal
from tests.page import Page
from tests.stage import Stage

BOB = "bob@contoso.example"


@pytest.fixture
def carol(portal: Portal) -> Browser:
    """She has not proved lately who she is."""
    return portal.signed_in("carol", lately=False)


@pytest.fixture
def connected(stage: Stage, alice: Browser) -> Stage:
    """Alice's calendar is connected and read."""
    stage.connect(alice, "alice")
    stage.rest()
    return stage


def titles(stage: Stage) -> list[str]:
    return [str(event["subject"]) for event in stage.world.events("alice")]


def emptied(stage: Stage, count: int) -> None:
    for n in range(count):
        stage.schedule("alice", f"Meeting {n}", invitees=[BOB] if n == 0 else [])
    stage.rest()
    for event in stage.world.events("alice"):
        if str(event["subject"]).startswith("Meeting "):
            stage.world.delete_event("alice", event["id"])
    stage.world.mails.clear()
    stage.look()


def of_alice(stage: Stage) -> str:
    return f"/admin/writing/{stage.person_id('alice')}"


def decide(stage: Stage, browser: Browser, button: str, password: str = PASSWORD) -> Page:
    return browser.submit(browser.get(of_alice(stage)), button, own_password=password)


def ended(stage: Stage) -> int:
    return sum(one.cancelled_at is not None for one in stage.rows(Meeting))


def test_only_shown_for_everybody_writes_nothing_and_says_so_to_the_person(
    connected: Stage, carol: Browser, alice: Browser
) -> None:
    carol.submit(carol.get("/admin/writing"), "Only show, for everybody")
    connected.schedule("alice", "Review", invitees=[BOB])
    connected.look()

    page, profile = carol.get("/admin/writing"), alice.get("/profile")

    assert "What waits comes to 1 write, 0 meetings that would end, and 1 mail." in page.text
    assert "Your administrator holds changes back" in profile.text
    assert "1 waiting change would mail 1 person." in profile.text
    assert ("Review" in titles(connected), connected.world.mails) == (False, [])


def test_what_outlook_does_is_still_taken_over_meanwhile(connected: Stage, carol: Browser) -> None:
    meeting_id = connected.schedule("alice", "Review")
    connected.rest()
    (event,) = [one for one in connected.world.events("alice") if one["subject"] == "Review"]

    carol.submit(carol.get("/admin/writing"), "Only show, for everybody")
    connected.world.rename_event("alice", event["id"], "Renamed in Outlook")
    connected.look()

    assert [one.title for one in connected.rows(Meeting) if one.id == meeting_id] == [
        "Renamed in Outlook"
    ]


def test_letting_go_says_what_happens_and_then_it_goes(connected: Stage, carol: Browser) -> None:
    carol.submit(carol.get("/admin/writing"), "Only show, for everybody")
    connected.schedule("alice", "Review", invitees=[BOB])
    connected.rest()

    page = carol.get("/admin/writing")
    carol.submit(page, "Let them go")
    connected.rest()

    assert "1 change is written to Outlook at once" in page.text
    assert [mail.to for mail in connected.world.mails] == [BOB]
    assert [row.act for row in connected.rows(Audit) if row.subject == "dry_run"] == [
        "setting changed"
    ] * 2


def test_only_shown_for_one_person(connected: Stage, carol: Browser) -> None:
    carol.submit(carol.get(of_alice(connected)), "Only show")
    connected.schedule("alice", "Review", invitees=[BOB])
    connected.look()
    before = titles(connected)

    page = carol.get(of_alice(connected))
    carol.submit(page, "Let them go")
    connected.rest()

    assert "Put into Outlook as a new event. 1 person gets mail." in page.text
    assert ("Review" in before, "Review" in titles(connected)) == (False, True)
    acts = [row.act for row in connected.rows(Audit)]
    assert acts.count("changes held back") == acts.count("changes let go") == 1


def test_the_administrator_reads_numbers_and_no_titles(connected: Stage, carol: Browser) -> None:
    emptied(connected, 6)
    carol.submit(carol.get("/admin/writing"), "Only show, for everybody")
    connected.schedule("alice", "Secret talks", invitees=[BOB])

    whole, hers = carol.get("/admin/writing"), carol.get(of_alice(connected))

    assert "Held: 6 meetings" in hers.text
    for page in (whole, hers):
        assert "Secret talks" not in page.text
        assert "Meeting 0" not in page.text
        assert BOB not in page.text


def test_an_administrator_lets_more_than_twenty_go(connected: Stage, carol: Browser) -> None:
    emptied(connected, 21)

    decide(connected, carol, "They were meant to go: cancel all")
    connected.rest()

    assert (ended(connected), connected.world.mails) == (21, [])
    assert connected.rows(Connection)[0].state == "connected"
    (noted,) = [row for row in connected.rows(Audit) if row.act == "removals released"]
    assert noted.person_id == connected.person_id("carol")


def test_an_administrator_puts_all_back(connected: Stage, carol: Browser) -> None:
    emptied(connected, 6)

    decide(connected, carol, "Put all back into Outlook")
    connected.rest()

    assert (ended(connected), sum("Meeting " in title for title in titles(connected))) == (0, 6)
    assert [mail.to for mail in connected.world.mails] == [BOB]


def test_an_administrator_signs_in_again_too(connected: Stage, carol: Browser) -> None:
    emptied(connected, 6)

    page = decide(connected, carol, "They were meant to go: cancel all", password="guess")

    assert (page.status, ended(connected)) == (422, 0)


def test_a_restored_database_is_told_to_administrators_until_they_have_read_it(
    connected: Stage, carol: Browser
) -> None:
    with connected.database.writing() as db:
        restored.note_restored(db, now=connected.now)

    told = carol.get("/admin/people")
    carol.submit(told, "I have read it")

    assert "The database was restored from a copy" in told.text
    assert "restored from a copy" not in carol.get("/admin/people").text


def test_fifty_mailboxes_are_listed_and_the_others_are_a_page_away(
    portal: Portal, carol: Browser
) -> None:
    with portal.writing() as db:
        staff.hire(db, 60, now=portal.clock())

    page = carol.get("/admin/writing")
    rest = carol.follow(page, "Later")

    assert ("Person 0049" in page.text, "Person 0050" in page.text) == (True, False)
    assert ("Person 0050" in rest.text, "Person 0059" in rest.text) == (True, True)
    assert carol.get("/admin/writing?page=99").text == rest.text


def test_switching_it_makes_every_mailbox_due(portal: Portal, carol: Browser) -> None:
    with portal.writing() as db:
        staff.hire(db, 3, now=portal.clock())

    carol.submit(carol.get("/admin/writing"), "Only show, for everybody")

    with portal.reading() as db:
        assert set(db.scalars(select(Connection.due_at))) == {portal.clock()}
