import re
from datetime import UTC, datetime, timedelta

import pytest

from portal import accounts
from portal.tables import Change, Meeting
from tests import calendar_make as make

TEN = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


@pytest.fixture
def own(portal):
    """Alice's default calendar."""
    with portal.writing() as db:
        return make.connected(db, "alice", now=portal.clock())


def only(portal, name="alice"):
    with portal.reading() as db:
        return make.only_meeting(db, name)


def count(portal, table=Meeting) -> int:
    with portal.reading() as db:
        return len(db.query(table).all())


def schedule(browser, **fields):
    filled = {"title": "Plan", "day": "2026-11-20", "start": "10:00", "end": "11:00"}
    return browser.submit(browser.get("/meetings/new"), "Schedule", **(filled | fields))


def test_a_meeting_is_scheduled_and_sent(portal, own, alice):
    page = schedule(
        alice, invitees="bob@contoso.example, Guest <guest@fabrikam.example>", location="Room 1"
    )

    meeting = only(portal)
    assert page.h1 == "Plan"
    assert "Sending" in page.text
    assert (meeting.starts_at, meeting.zone) == (TEN, "Europe/Berlin")
    assert meeting.join_url.startswith("https://meet.jit.si/plan-")
    assert "Guest guest@fabrikam.example" in page.text
    assert count(portal, Change) == 1


def test_the_new_form_begins_at_the_next_half_hour_of_the_persons_zone(portal, bob):
    page = bob.get("/meetings/new")

    shown = [page.value(name) for name in ("day", "start", "end", "zone")]
    assert shown == ["2026-11-18", "10:30", "11:00", "Europe/Berlin"]


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ("2026-11-24", ("2026-11-24", "09:00")),
        ("2026-11-24T16:45", ("2026-11-24", "16:45")),
        ("2026-13-24", ("2026-11-18", "10:30")),
        ("0001-01-01T00:00", ("2026-11-18", "10:30")),
        ("9999-12-31T23:59", ("2026-11-18", "10:30")),
        ("2019-01-01", ("2026-11-18", "10:30")),
    ],
)
def test_the_new_form_can_be_opened_at_a_time(bob, asked, shown):
    page = bob.get(f"/meetings/new?start={asked}")

    assert (page.value("day"), page.value("start")) == shown


def test_sending_the_same_form_twice_makes_one_meeting(portal, own, alice):
    form = alice.get("/meetings/new")
    fields = {"title": "Plan", "invitees": "bob@contoso.example"}

    first = alice.submit(form, "Schedule", **fields)
    second = alice.submit(form, "Schedule", **fields)

    assert first.path == second.path
    assert (count(portal), count(portal, Change)) == (1, 1)


def test_a_key_of_somebody_else_gives_no_way_to_their_meeting(portal, own, alice, dave):
    schedule(alice)
    theirs = only(portal).key

    page = dave.submit(
        dave.get("/meetings/new"), "Schedule", title="Mine", key=theirs, start="23:00", end="23:30"
    )

    assert page.h1 == "Mine"
    assert only(portal, "dave").key != theirs


def test_a_key_that_is_none_is_replaced(portal, bob):
    schedule(bob, key="<script>")

    assert re.fullmatch(r"[0-9a-f-]{36}", only(portal, "bob").key)


WRONG = [
    ({"title": ""}, "title", "title"),
    ({"title": "   "}, "title", "title"),
    ({"title": "x" * 256}, "title", "255"),
    ({"day": ""}, "day", "day"),
    ({"day": "2026-02-30"}, "day", "date"),
    ({"day": "2026-11-10"}, "day", "passed"),
    ({"day": "2099-11-10"}, "day", "five years"),
    ({"day": "0001-01-01"}, "day", ""),
    ({"day": "9999-12-31", "zone": "America/Los_Angeles"}, "day", ""),
    ({"start": "25:00"}, "start", "time"),
    ({"end": "10:00"}, "end", "after the start"),
    ({"end": "09:00"}, "end", "after the start"),
    ({"end_day": "2026-11-28"}, "end_day", "seven days"),
    ({"end_day": "2026-11-19"}, "end", "after the start"),
    ({"zone": "Mars/Olympus"}, "zone", "zone"),
    ({"zone": "../../etc/passwd"}, "zone", "zone"),
    ({"day": "2027-03-28", "start": "02:30", "end": "04:00"}, "start", "go forward"),
    ({"invitees": "bob@contoso.example, nobody"}, "invitees", "“nobody”"),
    ({"invitees": "a@b"}, "invitees", "address"),
    ({"invitees": "a\r\nBcc: b@x.example"}, "invitees", "address"),
    ({"invitees": ",".join(f"p{n}@x.example" for n in range(101))}, "invitees", "100"),
    ({"location": "x" * 256}, "location", "255"),
    ({"description": "x" * 8001}, "description", "8000"),
]


@pytest.mark.parametrize(("fields", "place", "word"), WRONG, ids=range(len(WRONG)))
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_stored(
    portal, own, alice, fields, place, word
):
    page = schedule(alice, **fields)

    assert page.status == 422
    assert word in page.errors[place]
    assert (count(portal), count(portal, Change)) == (0, 0)


def test_what_was_entered_is_kept_when_something_is_wrong(own, alice):
    page = schedule(alice, title="", location="Room 1", start="14:00", invitees="a@x.example")

    kept = [page.value(name) for name in ("location", "start", "invitees")]
    assert kept == ["Room 1", "14:00", "a@x.example"]


def test_invitees_are_each_kept_once_and_never_the_host(portal, own, alice):
    schedule(alice, invitees="A@x.example; a@X.example\nalice@contoso.example\n\n b@x.example,")

    with portal.reading() as db:
        meeting = make.only_meeting(db, "alice")
        assert [one.address for one in meeting.invitees] == ["a@x.example", "b@x.example"]


def test_a_meeting_over_midnight_and_one_in_another_zone(portal, own, alice):
    page = schedule(
        alice, start="23:00", end="01:00", end_day="2026-11-21", zone="America/New_York"
    )

    meeting = only(portal)
    assert meeting.ends_at - meeting.starts_at == timedelta(hours=2)
    assert "Saturday 21 November 2026, 05:00 – 07:00" in page.text
    assert "America/New_York (UTC-5)" in page.text


def test_without_a_connection_the_page_says_nobody_is_invited(portal, bob):
    form = bob.get("/meetings/new")
    page = schedule(bob, invitees="guest@fabrikam.example")

    assert "nobody is invited" in form.notices[0]
    assert "Only here" in page.text
    assert page.link("Download .ics") == f"/meetings/{only(portal, 'bob').id}.ics"


def test_a_meeting_from_before_the_connection_is_sent_at_one_click(portal, alice):
    schedule(alice, invitees="guest@fabrikam.example")
    with portal.writing() as db:
        make.connected(db, "alice", now=portal.clock())

    page = alice.get(f"/meetings/{only(portal).id}")
    sent = alice.submit(page, "Send")

    assert "1 person gets mail from Outlook: guest@fabrikam.example." in page.text
    assert "Sending" in sent.text
    assert count(portal, Change) == 1


def test_an_account_without_a_link_template_offers_no_link(portal, own, alice):
    with portal.writing() as db:
        accounts.the_account(db).join_link_template = ""

    page = alice.get("/meetings/new")
    schedule(alice)

    assert "join link" not in page.text
    assert only(portal).join_url is None


def test_the_ics_is_a_file_to_keep(portal, bob):
    schedule(bob)

    answer = bob.get(f"/meetings/{only(portal, 'bob').id}.ics")

    assert answer.headers["Content-Type"].startswith("text/calendar")
    assert "attachment" in answer.headers["Content-Disposition"]
    assert "SUMMARY:Plan" in answer.body


def test_the_list_shows_what_is_ahead_and_what_is_past(portal, bob):
    empty = bob.get("/meetings")
    schedule(bob)
    upcoming = bob.get("/meetings")
    portal.clock.advance(days=3)

    past = portal.signed_in("bob").get("/meetings?view=past")

    assert empty.link("Schedule a meeting") == "/meetings/new"
    assert "Friday 20 November 2026, 10:00 – 11:00" in upcoming.text
    assert "Only here" in upcoming.text
    assert past.link("Plan")


def test_many_meetings_are_listed_by_pages(portal, bob):
    with portal.writing() as db:
        for number in range(51):
            make.meeting(
                db, "bob", f"No {number}", TEN + timedelta(hours=number), now=portal.clock()
            )

    first = bob.get("/meetings")
    second = bob.follow(first, "Later")

    assert (first.text.count("No "), second.link("No 50") != "") == (50, True)
    assert bob.get("/meetings?page=999999999999").status == 200
    assert bob.get("/meetings?page=-1").status == 200


@pytest.mark.parametrize("tail", ["", "/edit", ".ics"])
def test_somebody_elses_meeting_is_not_there(portal, own, alice, dave, carol, tail):
    schedule(alice)

    for stranger in (dave, carol):
        assert stranger.get(f"/meetings/{only(portal).id}{tail}").status == 404
    assert dave.get(f"/live/meetings/{only(portal).id}", htmx=True).status == 404


@pytest.mark.parametrize("tail", ["/edit", "/cancel", "/send"])
def test_somebody_elses_meeting_cannot_be_touched(portal, own, alice, dave, tail):
    schedule(alice)

    answer = dave.post(f"/meetings/{only(portal).id}{tail}", {"title": "Mine"})

    assert answer.status == 404
    assert (only(portal).title, only(portal).cancelled_at) == ("Plan", None)
