"""The sent-mail log: who would have had mail, and how often."""

from flask.testing import FlaskClient

from simulator.world import World
from tests.simulator.desk import Graph, at
from tests.simulator.exchange.story import (
    ALICE,
    BOB,
    ERIN,
    KIM,
    answers,
    log,
    mondays,
    november,
    people,
    planning,
    seen,
)


def test_the_mails_of_a_whole_story(world: World) -> None:
    event = planning(world, BOB, KIM)
    assert log(world) == [("invitation", BOB), ("invitation", KIM)]

    world.answer_event("bob", seen(world, "bob", event)["id"], "accepted")
    assert log(world) == [("accepted", ALICE)]

    world.change_event("alice", event, {"attendees": people(BOB, KIM, ERIN)})
    assert log(world) == [("invitation", ERIN)]

    world.move_event("alice", event, at(20, 15))
    assert log(world) == [("update", BOB), ("update", ERIN), ("update", KIM)]

    world.answer_event("bob", seen(world, "bob", event)["id"], "declined", "Too late")
    world.change_event("alice", event, {"attendees": people(BOB, KIM), "subject": "Small talk"})
    assert log(world) == [
        ("declined", ALICE), ("cancellation", ERIN), ("update", BOB), ("update", KIM),
    ]  # fmt: skip

    world.cancel_event("alice", event, "Enough")
    assert {each.comment for each in world.mails} == {"Enough"}
    assert log(world) == [("cancellation", BOB), ("cancellation", KIM)]


def test_a_mail_says_who_sent_it_about_what_and_when(world: World) -> None:
    event = planning(world, BOB)

    [mail] = world.mails

    assert (mail.sender, mail.subject, mail.event_id) == (ALICE, "Planning", event)
    assert (mail.at, mail.occurrence) == (world.now(), "")


def test_an_answer_names_the_organisers_event(world: World) -> None:
    event = planning(world, BOB)

    world.answer_event("bob", seen(world, "bob", event)["id"], "declined")

    assert [each.event_id for each in world.mails] == [event, event]


def test_a_series_with_exceptions_is_a_mail_each(world: World) -> None:
    event = mondays(world, BOB)
    for each in november(world, "alice")[1:3]:
        world.rename_event("alice", each["id"], "Special")
    log(world)

    world.change_event("alice", event, {"location": {"displayName": "Hall"}})

    occurrences = [each.occurrence for each in world.mails]
    assert occurrences == ["", "2026-11-09", "2026-11-16"]
    assert log(world) == [("update", BOB)] * 3


def test_a_forwarded_meeting_has_one_more_guest(graph: Graph, world: World) -> None:
    event = planning(world, BOB)
    theirs = seen(world, "bob", event)
    log(world)
    graph.sign_in("bob")

    body = {"toRecipients": people(ERIN), "comment": "Come along"}
    status = graph.call("POST", f"/me/events/{theirs['id']}/forward", body).status_code

    assert status == 202
    assert answers(world, event) == {BOB: "none", ERIN: "none"}
    assert seen(world, "erin", event)["organizer"]["emailAddress"]["address"] == ALICE
    assert [(each.sender, each.comment) for each in world.mails] == [(BOB, "Come along")] * 2
    assert log(world) == [("forward notice", ALICE), ("invitation", ERIN)]


def test_an_organiser_who_forwards_needs_no_notice(world: World) -> None:
    event = planning(world, BOB)
    log(world)

    world.forward_event("alice", event, [ERIN])

    assert log(world) == [("invitation", ERIN)]


def test_one_occurrence_is_forwarded_alone(world: World) -> None:
    mondays(world, BOB)

    world.forward_event("bob", november(world, "bob")[1]["id"], [ERIN])

    assert [each["start"]["dateTime"][:10] for each in november(world, "erin")] == ["2026-11-09"]
    guests = [len(each["attendees"]) for each in november(world, "alice")]
    assert guests == [1, 2, 1, 1]


def test_an_invitation_from_outside_is_passed_on(world: World) -> None:
    event = world.add_event("bob", "Fair", at(20), organizer=KIM)

    world.forward_event("bob", event, [ERIN])

    [theirs] = november(world, "erin")
    assert theirs["organizer"]["emailAddress"]["address"] == KIM
    assert log(world) == [("forward notice", KIM), ("invitation", ERIN)]


def test_nobody_is_nobody_to_forward_to(graph: Graph, world: World) -> None:
    path = f"/me/events/{planning(world)}/forward"

    refusals = [
        graph.error("POST", path, {"toRecipients": wrong})
        for wrong in ([], [{"emailAddress": {}}], [{"emailAddress": {"address": "nobody"}}], None)
    ]

    assert refusals == [(400, "ErrorInvalidRecipients")] * 3 + [(400, "RequestBodyRead")]


def test_reminders_are_dismissed_and_put_off(graph: Graph, world: World) -> None:
    event = planning(world, BOB)
    path, later = f"/me/events/{event}", {"dateTime": "2026-11-20T09:50:00", "timeZone": "UTC"}
    log(world)

    first = graph.get(path)
    graph.call("POST", f"{path}/snoozeReminder", {"newReminderTime": later})
    second = graph.get(path)
    graph.call("POST", f"{path}/dismissReminder")
    third = graph.get(path)

    assert len({each["changeKey"] for each in (first, second, third)}) == 3
    assert [each["isReminderOn"] for each in (first, second, third)] == [True, True, False]
    refusal = graph.error("POST", f"{path}/snoozeReminder", {})
    assert refusal == (400, "ErrorPropertyValidationFailure")
    assert log(world) == []


def test_what_is_erased_is_not_among_the_deleted(graph: Graph, world: World) -> None:
    event = planning(world, BOB)
    log(world)

    status = graph.call("POST", f"/me/events/{event}/permanentDelete").status_code

    assert (status, world.person("alice").mailbox.deleted) == (204, {})
    assert log(world) == [("cancellation", BOB)]


def test_the_log_is_read_and_cleared_from_outside(client: FlaskClient, world: World) -> None:
    event = planning(world, BOB)

    shown = client.get("/_control/mails").json
    client.post("/_control/mails/clear")

    assert shown == [
        {
            "at": "2026-11-18T09:00:00+00:00", "from": ALICE, "to": BOB, "kind": "invitation",
            "subject": "Planning", "event_id": event, "comment": "", "occurrence": "",
        }
    ]  # fmt: skip
    assert world.mails == []
