"""A colleague's meeting in one's own calendar: shown as that meeting, once, and answered there."""

from datetime import timedelta

import pytest

from portal.tables import Calendar, Change, Connection, Event
from simulator.exchange import Answer
from tests.blueprints import settled
from tests.browse import Browser
from tests.page import Page
from tests.stage import Stage

ALICE, BOB = "alice@contoso.example", "bob@contoso.example"


@pytest.fixture
def invited(stage: Stage, alice: Browser, bob: Browser) -> Stage:
    """Bob has scheduled a meeting here; Alice is invited and has its copy in her Outlook."""
    stage.connect(alice, "alice")
    stage.connect(bob, "bob")
    stage.rest()
    stage.schedule("bob", "Planning", invitees=[ALICE], has_link=True)
    stage.look()
    stage.look()
    return stage


def items(page: Page, title: str = "Planning") -> list[str]:
    return [text for text in page.texts("li", class_="agenda-item") if title in text]


def her_copy(stage: Stage, title: str = "Planning") -> Event:
    mine = [event for event in stage.rows(Event) if event.title == title and not event.is_organizer]
    assert len(mine) == 1
    found: Event = mine[0]
    return found


def event_page(stage: Stage, browser: Browser) -> Page:
    return browser.get(f"/calendar/events/{her_copy(stage).id}")


def response_at_bob(stage: Stage) -> str:
    (theirs,) = (one for one in stage.world.events("bob") if one["subject"] == "Planning")
    response: str = theirs["attendees"][0]["status"]["response"]
    return response


def test_it_shows_once_with_the_hosts_name_and_the_way_in(invited: Stage, alice: Browser) -> None:
    (item,) = items(alice.get("/calendar/agenda"))
    page = event_page(invited, alice)

    assert "Meeting of Bob" in item
    assert "Join" in item
    assert "A meeting of Bob" in page.text
    assert str(page.link("Join")).startswith("https://meet.jit.si/planning-")


def test_a_copy_in_a_second_calendar_is_not_shown_again(invited: Stage, alice: Browser) -> None:
    copy = her_copy(invited)
    again = {c.name: getattr(copy, c.name) for c in Event.__table__.columns if c.name != "id"}
    with invited.database.writing() as db:
        mine = db.get_one(Calendar, copy.calendar_id).connection.calendars
        other = next(one for one in mine if one.id != copy.calendar_id)
        other.ticked = True
        db.add(Event(**(again | {"graph_id": "another", "calendar_id": other.id})))

    assert len(items(alice.get("/calendar/agenda"))) == 1


@pytest.mark.parametrize(
    ("button", "answer", "badge"),
    [("Accept", "accepted", "Accepted"), ("Tentative", "tentativelyAccepted", "Tentative")],
)
def test_an_answer_reaches_the_organiser(
    invited: Stage, alice: Browser, bob: Browser, button: str, answer: Answer, badge: str
) -> None:
    invited.world.mails.clear()

    alice.submit(event_page(invited, alice), button, comment="Gladly")
    (at_once,) = items(alice.get("/calendar/agenda"))
    invited.look()
    theirs = bob.follow(bob.get("/meetings"), "Planning")

    assert response_at_bob(invited) == answer
    assert badge in at_once
    assert badge in items(alice.get("/calendar/agenda"))[0]
    assert badge in theirs.text
    assert [(mail.to, mail.kind) for mail in invited.world.mails] == [(BOB, answer)]
    assert invited.world.mails[0].comment == "Gladly"


def test_what_is_declined_leaves_the_calendar(invited: Stage, alice: Browser) -> None:
    page = alice.submit(event_page(invited, alice), "Decline")
    invited.look()

    assert "You declined “Planning”. It leaves your calendar." in page.text
    assert items(alice.get("/calendar/agenda")) == []
    assert response_at_bob(invited) == "declined"


def test_an_attendee_writes_nothing_else(invited: Stage, alice: Browser) -> None:
    before = len(invited.rows(Change))

    alice.submit(event_page(invited, alice), "Accept")
    invited.look()

    assert len(invited.rows(Change)) == before
    assert her_copy(invited).response == "accepted"


@pytest.mark.parametrize(
    ("status", "code", "said"),
    [
        (429, "TooManyRequests", "Microsoft asked us to slow down."),
        (503, "serviceNotAvailable", "Answer again in a few minutes."),
        (404, "ErrorItemNotFound", "This is no longer in Outlook."),
        (400, "ErrorInvalidRequest", "Microsoft refused this."),
    ],
)
def test_what_microsoft_says_instead_is_a_sentence(
    invited: Stage, alice: Browser, status: int, code: str, said: str
) -> None:
    page = event_page(invited, alice)
    invited.world.fail_next(status, code, path_contains="/accept")

    answered = alice.submit(page, "Accept")

    assert "Your answer was not sent." in answered.text
    assert said in answered.text
    assert her_copy(invited).response != "accepted"


@pytest.mark.parametrize("what", ["over", "called off", "only seen"])
def test_what_cannot_be_answered_any_more_says_so(
    invited: Stage, alice: Browser, what: str
) -> None:
    page = event_page(invited, alice)
    with invited.database.writing() as db:
        event = db.get_one(Event, her_copy(invited).id)
        event.is_cancelled = what == "called off"
        event.ends_at = invited.now if what == "over" else event.ends_at
        for connection in db.query(Connection) if what == "only seen" else ():
            connection.calendar_access = "read"

    late = alice.submit(page, "Accept")

    assert "There is nothing to answer here any more." in late.text
    assert "Your answer" not in event_page(invited, alice).text
    assert response_at_bob(invited) == "none"


def test_ones_own_meeting_is_not_answered(invited: Stage, bob: Browser) -> None:
    (own,) = (one for one in invited.rows(Event) if one.title == "Planning" and one.is_organizer)

    assert "Your answer" not in bob.get(f"/calendar/events/{own.id}").text


def test_where_no_answer_is_wanted_none_is_offered(invited: Stage, alice: Browser) -> None:
    with invited.database.writing() as db:
        db.get_one(Event, her_copy(invited).id).response_requested = False

    assert "Your answer" not in event_page(invited, alice).text


def test_an_answer_nobody_offered_is_refused(invited: Stage, alice: Browser) -> None:
    page = event_page(invited, alice)
    token = page.csrf_token
    address = f"/calendar/events/{her_copy(invited).id}/answer"

    wrong = alice.post(address, {"csrf_token": token, "answer": "maybe"})
    long = alice.post(address, {"csrf_token": token, "answer": "accepted", "comment": "x" * 1001})

    assert "Choose one of the three answers." in wrong.text
    assert "longer than 1000 characters" in long.text
    assert response_at_bob(invited) == "none"


def test_somebody_with_the_same_id_is_not_taken_for_the_host(
    invited: Stage, alice: Browser
) -> None:
    with invited.database.writing() as db:
        db.get_one(Event, her_copy(invited).id).organizer_address = "eve@fabrikam.example"

    (item,) = items(alice.get("/calendar/agenda"))

    assert "Meeting of" not in item


def test_a_series_can_be_answered_as_a_whole_or_once(stage: Stage, alice: Browser) -> None:
    stage.connect(alice, "alice")
    pattern = {"type": "daily", "interval": 1}
    span = {"type": "numbered", "startDate": "2026-11-19", "numberOfOccurrences": 3}
    at = stage.now + timedelta(days=1)
    stage.world.add_event(
        "alice", "Standup", at, organizer=BOB, response="notResponded",
        recurrence={"pattern": pattern, "range": span},
    )  # fmt: skip
    stage.rest()
    first = min(
        (e for e in stage.rows(Event) if e.kind == "occurrence" and e.starts_at >= at),
        key=lambda e: e.starts_at,
    )
    page = alice.get(f"/calendar/events/{first.id}")

    alice.submit(page, "Tentative", scope="one")
    alice.submit(alice.get(f"/calendar/events/{first.id}"), "Accept", scope="series")
    stage.look()

    shown = stage.world.view("alice", at, at + timedelta(days=4))
    answers = [one["responseStatus"]["response"] for one in shown if one["subject"] == "Standup"]
    assert len(answers) == 3
    assert set(answers[1:]) == {"accepted"}


def test_where_only_reading_is_let_nothing_can_be_answered(invited: Stage, alice: Browser) -> None:
    before = event_page(invited, alice).texts("button")

    settled.choose(invited, "calendar_permission", "read")

    assert "Accept" in before
    assert "Accept" not in event_page(invited, alice).texts("button")


def test_while_everything_is_paused_no_answer_goes_out(
    invited: Stage, alice: Browser, carol: Browser
) -> None:
    page = event_page(invited, alice)
    invited.world.mails.clear()
    carol.post("/admin/operations/pause")

    told = alice.submit(page, "Accept")

    assert "Carol Chen paused the sync for everybody on 18 November 2026" in told.text
    assert (response_at_bob(invited), invited.world.mails) == ("none", [])
    carol.post("/admin/operations/resume")
    assert "You accepted" in alice.submit(event_page(invited, alice), "Accept").text


def test_while_ones_calendar_is_paused_no_answer_goes_out(
    invited: Stage, alice: Browser, carol: Browser
) -> None:
    page = event_page(invited, alice)
    invited.world.mails.clear()
    carol.post(f"/admin/people/{alice.person_id}/pause")

    told = alice.submit(page, "Decline")

    assert "an administrator paused your calendar on 18 November 2026" in told.text
    assert (response_at_bob(invited), invited.world.mails) == ("none", [])
