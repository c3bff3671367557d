"""Mails: each occasion is one, whatever flaps or is looked at twice."""

from datetime import date, timedelta

import pytest

from portal import connections, eligibility, people, registrations
from portal.mailing import mails
from tests import calendar_make
from tests import make as factory
from tests.conftest import Portal
from tests.jobs.mailroom import ALICE, BACK, CAROL, LOST, OLIVIA, change, rows, run


def test_a_lost_consent_is_told_once_however_often_it_is_looked_at(portal, box, alices):
    change(portal, state=connections.NEEDS_CONSENT)

    for _ in range(5):
        run(portal, minutes=1)
    run(portal, days=9)

    assert box.to(ALICE) == [LOST]
    assert "http://portal.localhost/profile#integration" in box.text()
    assert box.mails[0]["From"].addresses[0].display_name == "Contoso"


def test_when_it_works_again_that_is_told_once_too(portal, box, alices):
    change(portal, state=connections.NEEDS_CONSENT)
    run(portal)
    change(portal, state=connections.CONNECTING)
    run(portal, minutes=1)
    change(portal, state=connections.CONNECTED)
    for _ in range(3):
        run(portal, minutes=1)

    assert box.to(ALICE) == [LOST, BACK]


def test_a_mailbox_that_flaps_all_day_makes_one_mail_of_a_kind(portal, box, alices):
    for _ in range(10):
        change(portal, state=connections.NEEDS_CONSENT)
        run(portal, hours=1)
        change(portal, state=connections.CONNECTED)
        run(portal, hours=1)

    assert box.to(ALICE) == [LOST, BACK]


def test_the_next_loss_after_a_day_is_told_again(portal, box, alices):
    for _ in range(2):
        change(portal, state=connections.NEEDS_CONSENT)
        run(portal, hours=25)
        change(portal, state=connections.CONNECTED)
        run(portal, minutes=1)

    assert box.to(ALICE) == [LOST, BACK] * 2


def test_a_loss_that_is_over_before_its_mail_could_go_is_not_told(portal, box, alices):
    change(portal, state=connections.NEEDS_CONSENT)
    box.refuses = {"MAIL": "451 later"}
    run(portal)
    box.refuses = {}
    change(portal, state=connections.CONNECTED)
    run(portal, minutes=5)

    assert box.mails == []
    assert [row.code for row in rows(portal)] == [mails.OVERTAKEN]


@pytest.mark.parametrize(
    ("values", "title"),
    [
        ({"held_at": "now", "state": "held"}, "Your calendar is held"),
        ({"cut_off_at": "later", "cut_off_why": eligibility.DOMAIN}, "Your calendar will be cut"),
        ({"cut_off_at": "now", "cut_off_why": "domain", "state": "blocked"}, "Your calendar is no"),
    ],
)
def test_what_ends_a_connection_or_holds_it_is_told_once(portal, box, alices, values, title):
    moments = {"now": portal.clock(), "later": portal.clock() + timedelta(days=7)}
    change(portal, **{name: moments.get(value, value) for name, value in values.items()})

    for _ in range(3):
        run(portal, minutes=1)
    run(portal, hours=30)

    [told] = box.to(ALICE)
    assert told.startswith(title)


def test_the_notice_names_the_day_and_then_the_end_is_told(portal, box, alices):
    ends = portal.clock() + timedelta(days=2)
    change(portal, cut_off_at=ends, cut_off_why=eligibility.DOMAIN, good_at=portal.clock())
    run(portal)
    change(portal, state=connections.BLOCKED)
    run(portal, days=2, minutes=1)

    first, second = box.to(ALICE)
    assert first == "Your calendar will be cut off on 20 November 2026"
    assert second == "Your calendar is no longer connected"
    assert "Nothing is deleted" in box.text(0)


def test_administrators_hear_of_held_mailboxes_in_one_mail(portal, box):
    with portal.writing() as db:
        for who in ("alice", "bob", "dave"):
            connection = calendar_make.connected(db, who, now=portal.clock()).connection
            connection.held_at, connection.state = portal.clock(), connections.HELD

    for _ in range(3):
        run(portal, minutes=1)
    run(portal, days=3)

    assert box.to(CAROL) == box.to(OLIVIA) == ["3 mailboxes are held by the brake"]
    assert ALICE not in box.text()


def test_a_permission_of_the_whole_organisation_is_not_a_mail_for_everybody(portal, box):
    with portal.writing() as db:
        for who in ("alice", "bob"):
            connection = calendar_make.connected(db, who, now=portal.clock()).connection
            connection.mode, connection.state = "application", connections.NEEDS_CONSENT

    for _ in range(3):
        run(portal, minutes=1)

    assert box.to(ALICE) == []
    assert box.to(CAROL) == ["The portal may no longer open 2 mailboxes"]


def expires(portal: Portal, on: date) -> None:
    with portal.writing() as db:
        row = registrations.current(db)
        assert row is not None
        row.expires_on = on


def test_a_secret_that_ends_is_told_30_7_and_1_days_before_to_administrators(portal, box):
    expires(portal, date(2026, 12, 31))

    for _ in range(60):
        run(portal, days=1)

    when = ["in 30 days", "in 7 days", "tomorrow"]
    said = [f"The portal's client secret at Microsoft ends {words}" for words in when]
    assert box.to(CAROL) == box.to(OLIVIA) == said
    assert box.to(ALICE) == []


def test_a_secret_renewed_in_time_is_told_no_further(portal, box):
    expires(portal, date(2026, 12, 1))
    run(portal)
    expires(portal, date(2028, 12, 1))
    run(portal, days=20)

    assert len(box.to(CAROL)) == 1


def test_who_is_disabled_gets_nothing(portal, box, alices):
    change(portal, state=connections.NEEDS_CONSENT)
    with portal.writing() as db:
        people.by_id(db, factory.person_id(db, "alice")).disabled_at = portal.clock()

    run(portal)

    assert box.mails == []


def test_without_a_mail_server_nothing_is_kept_to_be_sent(portal, alices):
    change(portal, state=connections.NEEDS_CONSENT)

    assert run(portal) == 0
    assert rows(portal) == []


def remind(portal: Portal) -> bool:
    with portal.writing() as db:
        alice = people.by_id(db, factory.person_id(db, "alice"))
        carol = factory.person_id(db, "carol")
        return mails.remind(db, alice, by=carol, now=portal.clock())


def test_a_reminder_goes_once_a_day_and_names_who_asks(portal, box):
    asked = [remind(portal), remind(portal)]
    run(portal)
    portal.clock.advance(hours=25)
    asked.append(remind(portal))
    run(portal)

    assert asked == [True, False, True]
    assert box.to(ALICE) == ["Connect your calendar"] * 2
    assert "Carol Chen asks you" in " ".join(box.text().split())


def test_a_reminder_is_not_sent_to_somebody_who_has_connected_meanwhile(portal, box):
    remind(portal)
    with portal.writing() as db:
        calendar_make.connected(db, "alice", now=portal.clock())

    run(portal)

    assert box.mails == []
