"""Where Microsoft calls: what is echoed, taken in, refused, and that nothing holds an answer up."""

import json
from datetime import timedelta
from typing import Any

import pytest

from portal import notices, subscriptions
from portal.tables import Connection, Notice, Subscription
from sync.live import Inbox, Taken
from tests import calendar_make
from tests.browse import EXTENSION
from tests.cast import PORTAL
from tests.stage import Stage

SECRETS = {"alice": "alices-secret", "bob": "bobs-secret"}
BOTH = pytest.mark.parametrize("where", ["/hooks/graph", "/hooks/graph-life"])


@pytest.fixture
def inbox(portal) -> Inbox:
    return portal.app.extensions[EXTENSION].inbox


@pytest.fixture(autouse=True)
def subscribed(portal) -> None:
    """Microsoft tells of Alice's and of Bob's calendar."""
    with portal.writing() as db:
        for who, secret in SECRETS.items():
            connection = calendar_make.connected(db, who, now=portal.clock()).connection
            connection.due_at = portal.clock() + timedelta(minutes=5)
            row = subscriptions.begin(
                db, connection.id, address=PORTAL, secret=secret, now=portal.clock()
            )
            ends = portal.clock() + timedelta(days=2)
            subscriptions.granted(row, graph_id=f"of-{who}", expires_at=ends, renew_at=ends)


def told(who: str = "alice", event: str = "event-1", **others: Any) -> dict[str, Any]:
    """One item as Microsoft sends it."""
    return {
        "subscriptionId": f"of-{who}",
        "clientState": SECRETS.get(who),
        "changeType": "updated",
        "resource": f"Users/1/Events/{event}",
        "resourceData": {"id": event},
    } | others


def post(portal, *items: dict[str, Any], where: str = "/hooks/graph", **others: Any) -> Any:
    body = others.pop("body", json.dumps({"value": items}).encode())
    return portal.app.test_client().post(
        where, data=body, content_type="application/json", base_url=PORTAL, **others
    )


def kept(stage: Stage) -> set[str]:
    return {row.graph_id for row in stage.rows(Notice)}


@BOTH
def test_the_check_of_the_address_gets_its_token_back_as_plain_text(portal, where):
    token = "Validation: 1+1%2B1/3= <b>"
    answer = post(portal, where=where, query_string={"validationToken": token}, body=b"")

    assert (answer.status_code, answer.text) == (200, token)
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("token", ["x" * 4097, "two\r\nlines", "\x00"])
def test_no_check_of_microsofts_looks_like_that(portal, token):
    answer = post(portal, query_string={"validationToken": token}, body=b"")

    assert (answer.status_code, answer.data) == (400, b"")


def test_a_notice_is_taken_and_its_mailbox_is_due(portal, stage, inbox):
    answer = post(portal, told())
    inbox.drain()

    assert (answer.status_code, answer.data) == (202, b"")
    assert kept(stage) == {"event-1"}
    due = {row.person_id: row.due_at for row in stage.rows(Connection)}
    assert due[stage.person_id("alice")] == stage.now
    assert due[stage.person_id("bob")] > stage.now
    assert stage.rows(Subscription)[0].heard_at == stage.now


def test_one_post_may_tell_of_several_mailboxes(portal, stage, inbox):
    post(portal, told("alice", "hers"), told("bob", "his"), told("nobody", "no one's"))
    inbox.drain()

    assert kept(stage) == {"hers", "his"}
    assert {row.due_at for row in stage.rows(Connection)} == {stage.now}


@pytest.mark.parametrize(
    "forged",
    [
        told(clientState="guessed"),
        told(clientState=None),
        told(clientState=""),
        told(clientState=SECRETS["bob"]),
        told(clientState="é"),
        told(clientState="guessed", lifecycleEvent="subscriptionRemoved"),
    ],
    ids=str,
)
@BOTH
def test_what_a_stranger_sends_is_refused_and_does_nothing(portal, stage, inbox, forged, where):
    answer = post(portal, forged, where=where)
    inbox.drain()

    assert answer.status_code == 403
    assert kept(stage) == set()
    assert {row.heard_at for row in stage.rows(Subscription)} == {None}


def test_what_is_true_counts_beside_what_is_forged(portal, stage, inbox):
    answer = post(portal, told(event="true"), told(event="forged", clientState="guessed"))
    inbox.drain()

    assert answer.status_code == 202
    assert kept(stage) == {"true"}


def test_a_subscription_that_ended_here_is_not_complained_about(portal, stage, inbox):
    answer = post(portal, told("nobody", clientState="whatever"))
    inbox.drain()

    assert answer.status_code == 202
    assert kept(stage) == set()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'{"value": {}}',
        b'{"value": [1]}',
        b'{"value": [{"clientState": "x"}]}',
        b'{"value": [{"subscriptionId": 1}]}',
        b"[" * 50_000,
        b"\xff\xfe",
    ],
)
@BOTH
def test_what_is_no_notice_is_refused(portal, body, where):
    assert post(portal, where=where, body=body).status_code == 400


def test_more_than_a_quarter_of_a_megabyte_is_not_read(portal):
    assert post(portal, told(event="x" * 300_000)).status_code == 413


def test_an_event_without_a_usable_id_means_looking_everywhere(portal, stage, inbox):
    post(portal, told(resourceData=None))
    inbox.drain()

    assert kept(stage) == {notices.EVERYWHERE}


def test_nothing_is_taken_by_get_and_nobody_gets_a_session(portal):
    client = portal.app.test_client()

    assert client.get("/hooks/graph", base_url=PORTAL).status_code == 405
    assert "Set-Cookie" not in post(portal, told()).headers


def test_an_answer_waits_for_no_writer(portal, stage, inbox):
    post(portal, told())
    inbox.drain()

    with portal.writing():  # somebody holds the only write lock
        answer = post(portal, told(event="meanwhile"), told("bob", "his first"))
    inbox.drain()

    assert answer.status_code == 202
    assert kept(stage) == {"event-1", "meanwhile", "his first"}


def test_the_thread_of_its_own_writes_down_what_comes(portal, stage, inbox):
    inbox.start()
    post(portal, told())
    inbox.stop()

    assert kept(stage) == {"event-1"}


def test_a_mailbox_told_of_too_much_is_looked_at_everywhere(portal, stage, inbox):
    items = [told(event=f"event-{number}") for number in range(notices.MOST + 1)]
    for first in range(0, len(items), 100):
        assert post(portal, *items[first : first + 100]).status_code == 202
    inbox.drain()

    assert kept(stage) == {notices.EVERYWHERE}


def test_when_too_much_waits_the_next_mailbox_is_looked_at_everywhere(portal, stage):
    small = Inbox(portal.database, portal.outside, room=3)

    for item in (*(told(event=f"event-{number}") for number in range(3)), told("bob", "his")):
        assert small.take(json.dumps({"value": [item]}).encode()) is Taken.YES
    small.drain()

    assert kept(stage) == {"event-0", "event-1", "event-2", notices.EVERYWHERE}


def test_the_same_events_again_and_again_are_one_row_each(portal, stage, inbox):
    for _ in range(20):
        post(portal, *(told(event=f"event-{number}") for number in range(10)))
        inbox.drain()

    assert len(stage.rows(Notice)) == 10


@pytest.mark.parametrize(
    ("said", "everywhere"),
    [("reauthorizationRequired", False), ("missed", True), ("subscriptionRemoved", True)],
)
def test_news_of_the_subscription_is_acted_on_by_the_next_turn(
    portal, stage, inbox, said, everywhere
):
    answer = post(portal, told(lifecycleEvent=said, resourceData=None), where="/hooks/graph-life")
    inbox.drain()

    row = stage.rows(Subscription)[0]
    assert answer.status_code == 202
    assert (row.renew_at == stage.now) == (said != "missed")
    assert (row.graph_id is None) == (said == "subscriptionRemoved")
    assert kept(stage) == ({notices.EVERYWHERE} if everywhere else set())
    assert min(one.due_at for one in stage.rows(Connection)) == stage.now


def test_a_connection_that_ended_is_not_brought_back_by_a_late_notice(portal, stage, inbox):
    post(portal, told())
    inbox.drain()
    with portal.writing() as db:
        for row in db.query(Connection):
            subscriptions.forget(db, row.id)
            row.state, row.due_at = "disconnected", None

    answer = post(portal, told(event="late"))
    inbox.drain()

    assert answer.status_code == 202
    assert kept(stage) == set()
    assert {row.due_at for row in stage.rows(Connection)} == {None}
