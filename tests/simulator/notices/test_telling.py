"""What is told: every change by whoever it was made, in the form the subscriber asked for."""

import pytest

from simulator.mailbox.store import Mailbox
from simulator.notices import news
from simulator.world import World
from tests.simulator.desk import Graph, at, timed, weekly
from tests.simulator.notices.receiver import HOOK, Desk, Receiver


def test_a_change_is_told_as_microsoft_writes_it(desk: Desk, graph: Graph, world: World) -> None:
    made = desk.subscribe(changeType="created")

    event = graph.create({**timed(20, 10), "subject": "Lunch"})
    (note,) = desk.notes()

    alice = world.person("alice")
    resource = f"Users/{alice.id}/Events/{event['id']}"
    assert note.pop("id")
    assert note == {
        "subscriptionId": made["id"],
        "subscriptionExpirationDateTime": made["expirationDateTime"],
        "clientState": "the secret",
        "changeType": "created",
        "tenantId": alice.tenant.id,
        "resource": resource,
        "resourceData": {
            "@odata.type": "#Microsoft.Graph.Event", "@odata.id": resource,
            "@odata.etag": event["@odata.etag"], "id": event["id"],
        },
    }  # fmt: skip


@pytest.mark.switch("notices.extra_updates")
@pytest.mark.parametrize("extra", [0, 1, 2])
def test_one_change_is_told_several_times(desk: Desk, world: World, extra: int) -> None:
    desk.subscribe()
    world.turn("notices.extra_updates", extra)
    more = ["updated"] * extra

    event = world.add_event("alice", "Lunch", at(20))
    created = desk.arrived()
    world.rename_event("alice", event, "Late lunch")
    updated = desk.arrived()
    world.delete_event("alice", event)

    assert (created, updated) == (["created", *more], ["updated", *more])
    assert desk.arrived() == ["deleted"]


def test_own_writes_come_back_and_share_a_post(
    desk: Desk, graph: Graph, world: World, receiver: Receiver
) -> None:
    desk.subscribe()
    desk.subscribe(changeType="deleted")

    event = graph.create(timed(20, 10))
    graph.call("DELETE", f"/me/events/{event['id']}")
    taken = world.notices.deliver_due()

    assert taken == 4
    assert [where for where, _ in receiver.got] == ["hook"]


@pytest.mark.parametrize("prefer", ['IdType="ImmutableId"', ""])
def test_ids_have_the_form_that_was_asked_for(
    desk: Desk, graph: Graph, world: World, prefer: str
) -> None:
    graph.headers["Prefer"] = prefer
    desk.subscribe()
    graph.headers["Prefer"] = 'IdType="ImmutableId"' if not prefer else ""

    world.add_event("alice", "Lunch", at(20))
    told = desk.notes()[0]["resourceData"]["id"]

    graph.headers["Prefer"] = prefer
    assert graph.get("/me/events")["value"][0]["id"] == told


def test_a_changed_occurrence_is_told_by_its_own_id(desk: Desk, world: World) -> None:
    world.add_event("alice", "Weekly", at(2), recurrence=weekly(2, "monday"))
    second = world.view("alice", at(9, 0), at(10, 0))[0]["id"]
    desk.subscribe()

    world.rename_event("alice", second, "Another name")

    assert {each["resourceData"]["id"] for each in desk.notes()} == {second}


def test_one_calendar_is_watched_without_the_others(desk: Desk, world: World) -> None:
    mailbox = world.person("alice").mailbox
    private = mailbox.calendar_id(mailbox.add_calendar("Private"))
    desk.subscribe(resource=f"me/calendars/{private}/events")

    event = world.add_event("alice", "Lunch", at(20))
    elsewhere = desk.arrived()
    world.move_to_calendar("alice", event, "Private")
    moved_in = desk.arrived()
    world.move_to_calendar("alice", event, "Calendar")

    assert elsewhere == []
    assert moved_in == ["created", "updated"]
    assert desk.arrived() == ["deleted"]


def test_nobody_hears_of_other_mailboxes_or_earlier_changes(desk: Desk, world: World) -> None:
    world.add_event("alice", "Before", at(20))
    desk.subscribe()
    world.add_event("bob", "Elsewhere", at(20))

    assert desk.arrived() == []


def test_a_mailbox_without_subscriptions_notes_nothing(desk: Desk, world: World) -> None:
    mailbox: Mailbox = world.person("alice").mailbox
    world.add_event("alice", "Before", at(20))
    before = mailbox.news

    made = desk.subscribe()
    world.add_event("alice", "During", at(20))
    during = len(mailbox.news or ())
    desk.graph.call("DELETE", f"/subscriptions/{made['id']}")

    assert (before, during, mailbox.news) == (None, 1, None)


def test_news_nobody_collects_end_in_missed(desk: Desk, world: World) -> None:
    desk.subscribe(changeType="deleted")
    event = world.add_event("alice", "Lunch", at(20))

    for number in range(news.MOST_KEPT):
        world.rename_event("alice", event, f"Lunch {number}")

    assert desk.arrived() == ["missed"]
    world.rename_event("alice", event, "Once more")
    assert desk.arrived() == []


def test_the_same_calls_give_the_same_notifications(desk: Desk, world: World) -> None:
    desk.subscribe(notificationUrl=HOOK)
    world.add_event("alice", "Lunch", at(20))
    first = [each["id"] for each in desk.notes()]

    assert len(set(first)) == len(first) == 2
