"""Sending: servers that are away, addresses that are not there, crashes in the middle."""

from datetime import UTC

from jobs.housekeeping import tidy
from portal import connections
from portal.mailing import mail_settings, mails
from portal.tables import OutgoingMail
from tests import calendar_make, postbox
from tests import make as factory
from tests.jobs.mailroom import ALICE, LOST, change, rows, run, set_up


def test_a_server_that_is_away_costs_time_and_no_mail(portal, alices):
    with postbox.served() as away:
        set_up(portal, away)
    change(portal, state=connections.NEEDS_CONSENT)
    for _ in range(4):
        run(portal, minutes=30)
    with portal.reading() as db:
        code = mail_settings.current(db).code
    with postbox.served() as box:
        set_up(portal, box)
        run(portal, hours=7)

    assert code == "refused"
    assert box.to(ALICE) == [LOST]


def test_tries_become_rarer_and_end_after_three_days(portal, box, alices):
    change(portal, state=connections.NEEDS_CONSENT)
    box.refuses = {"RCPT": "451 try later"}
    for _ in range(24 * 5 * 4):
        run(portal, minutes=15)

    [row] = rows(portal)
    assert (row.due_at, row.code) == (None, "recipient 451")
    assert 10 < row.attempts < 30


def test_an_address_that_does_not_exist_is_not_tried_again_and_holds_up_nobody(portal, box):
    with portal.writing() as db:
        for who in ("alice", "bob"):
            connection = calendar_make.connected(db, who, now=portal.clock()).connection
            connection.state = connections.NEEDS_CONSENT
    box.refuses = {"RCPT": "550 nobody here"}
    run(portal)
    box.refuses = {}
    run(portal, hours=10)

    assert [(row.due_at, row.code, row.attempts) for row in rows(portal)] == [
        (None, "recipient 550", 1)
    ] * 2
    with portal.reading() as db:
        assert mail_settings.current(db).code is None


def test_a_crash_after_the_sending_makes_the_same_mail_again_and_not_another(portal, box, alices):
    """Between the server's answer and our note of it lies a moment nobody can close. The second
    copy bears the same Message-ID, by which mail systems know one mail.
    """
    change(portal, state=connections.NEEDS_CONSENT)
    run(portal)
    with portal.writing() as db:
        row = db.query(OutgoingMail).one()
        row.sent_at, row.due_at = None, portal.clock()
    run(portal)

    first, second = (one["Message-ID"] for one in box.mails)
    assert first == second


def test_not_more_go_in_one_run_than_a_server_takes(portal, box):
    with portal.writing() as db:
        alice = factory.person_id(db, "alice")
        for number in range(25):
            about = {"by": alice}
            once = f"test:{number}"
            mails.note(db, alice, mails.REMINDER, about, once=once, now=portal.clock())

    assert (run(portal), run(portal)) == (20, 5)


def test_nobody_reads_titles_or_secrets_in_a_mail(portal, box, alices):
    change(portal, state=connections.NEEDS_CONSENT, refresh_token="refresh-secret")
    run(portal)

    raw = box.mails[0].as_string()
    assert "refresh-secret" not in raw
    assert set(box.mails[0].keys()) >= {"Date", "Message-ID", "From", "To", "Auto-Submitted"}
    assert box.mails[0]["Date"].datetime == portal.clock().astimezone(UTC)


def test_old_mails_are_forgotten(portal, box, alices):
    change(portal, state=connections.NEEDS_CONSENT)
    run(portal)
    portal.clock.advance(days=91)

    tidy(portal.database, portal.outside)

    assert rows(portal) == []
