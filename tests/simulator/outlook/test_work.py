"""What people do at the Outlook page beyond one event: invite, answer, repeat, drag, look back."""

import pytest
from flask.testing import FlaskClient

from simulator.world import World
from tests.simulator.desk import SignIn, at, weekly
from tests.simulator.outlook.test_outlook import ALICE, FORM

BOB = "/outlook/bob@contoso.example"
CALENDARS = {"calendar": "Projects"}


def invited(world: World, *, recurrence: dict[str, object] | None = None) -> tuple[str, str]:
    """A meeting of Alice's with Bob: the id in her mailbox and the id of his copy."""
    more = {"recurrence": recurrence} if recurrence else {}
    event = world.add_event("alice", "Planning", at(18), attendees=["bob@contoso.example"], **more)
    copy = world.copy_of("bob", "alice", event)
    assert copy is not None
    return event, copy


def answers(world: World, event: str) -> list[str]:
    """What Alice's invitees have said."""
    found = world.event("alice", event)
    assert found is not None
    return [each["status"]["response"] for each in found["attendees"]]


def test_inviting_somebody_says_how_many_mails_went_out(client: FlaskClient, world: World) -> None:
    form = {**FORM, "invited": "bob@contoso.example, kim@partner.example\nbob@contoso.example"}

    answer = client.post(f"{ALICE}/new", data=form, follow_redirects=True)

    assert "Exchange sent 2 mails" in answer.text
    assert [each["subject"] for each in world.events("bob")] == ["Lunch"]
    named = [each["emailAddress"]["name"] for each in world.events("alice")[0]["attendees"]]
    assert named == ["Bob Brook", "kim@partner.example"]


@pytest.mark.parametrize("said", ["accepted", "tentativelyAccepted"])
def test_an_invitation_is_answered(client: FlaskClient, world: World, said: str) -> None:
    event, copy = invited(world)

    form = {"answer": said, "comment": "Gladly", "send": "yes"}
    client.post(f"{BOB}/events/{copy}/answer", data=form)

    assert answers(world, event) == [said]
    assert (world.mails[-1].kind, world.mails[-1].comment) == (said, "Gladly")


def test_a_declined_invitation_leaves_the_week(client: FlaskClient, world: World) -> None:
    event, copy = invited(world)

    answer = client.post(
        f"{BOB}/events/{copy}/answer", data={"answer": "declined"}, follow_redirects=True
    )

    assert "Planning" not in answer.text
    assert answers(world, event) == ["none"]  # nobody was told


def test_one_occurrence_is_answered_alone(client: FlaskClient, world: World) -> None:
    _, copy = invited(world, recurrence=weekly(18, "wednesday"))
    second = world.view("bob", at(25, 0), at(26, 0))[0]["id"]

    client.post(f"{BOB}/events/{second}/answer", data={"answer": "accepted", "send": "yes"})

    assert [each["responseStatus"]["response"] for each in world.view("bob", at(18), at(30))] == [
        "notResponded", "accepted",
    ]  # fmt: skip
    assert "Open the series" in client.get(f"{BOB}/events/{second}").text
    assert "The whole series" in client.get(f"{BOB}/events/{copy}").text


def test_nonsense_is_no_answer(client: FlaskClient, world: World) -> None:
    _, copy = invited(world)

    assert client.post(f"{BOB}/events/{copy}/answer", data={"answer": "maybe"}).status_code == 400


def test_a_drag_moves_and_lengthens(client: FlaskClient, world: World) -> None:
    event = world.add_event("alice", "Planning", at(18))

    moved = client.post(f"{ALICE}/events/{event}/move", data={"start": "2026-11-19T08:30"})
    longer = {"start": "2026-11-19T08:30", "minutes": "90"}
    client.post(f"{ALICE}/events/{event}/move", data=longer)

    found = world.event("alice", event)
    assert moved.status_code == 204
    assert found is not None
    assert found["start"]["dateTime"][:16] == "2026-11-19T07:30"
    assert found["end"]["dateTime"][:16] == "2026-11-19T09:00"


def test_a_drag_over_the_neighbour_is_refused_with_the_reason(
    client: FlaskClient, world: World
) -> None:
    world.add_event("alice", "Weekly", at(18), recurrence=weekly(18, "wednesday"))
    first = world.view("alice", at(18, 0), at(19, 0))[0]["id"]

    answer = client.post(f"{ALICE}/events/{first}/move", data={"start": "2026-11-25T10:00"})

    assert answer.status_code == 422
    assert "adjacent occurrence" in answer.text
    assert client.post(f"{ALICE}/events/{first}/move", data={"start": "soon"}).status_code == 422


def test_the_week_is_sent_anew_only_when_something_changed(
    client: FlaskClient, world: World
) -> None:
    part = {"X-Part": "week"}
    version = client.get(ALICE, headers=part).headers["ETag"]

    same = client.get(ALICE, headers={**part, "If-None-Match": version})
    world.add_event("alice", "Planning", at(18))
    changed = client.get(ALICE, headers={**part, "If-None-Match": version})

    assert same.status_code == 304
    assert "Planning" in changed.text
    assert "<html" not in changed.text


def test_a_hidden_calendar_is_not_shown(client: FlaskClient, world: World) -> None:
    client.post(f"{ALICE}/new", data={**FORM, **CALENDARS})

    assert "Lunch" in client.get(ALICE).text
    assert "Lunch" not in client.get(f"{ALICE}?hide=Projects").text


def test_an_event_goes_to_another_calendar(client: FlaskClient, world: World) -> None:
    client.post(f"{ALICE}/new", data=FORM)
    (event,) = world.events("alice")

    client.post(f"{ALICE}/events/{event['id']}", data={**FORM, **CALENDARS})

    assert world.events("alice") == []
    assert [each["id"] for each in world.events("alice", "Projects")] == [event["id"]]


def test_the_mail_log_shows_one_mailbox_or_all_and_is_cleared(
    client: FlaskClient, world: World
) -> None:
    invited(world)

    assert "Planning" in client.get("/outlook/mails?who=bob").text
    assert "Planning" not in client.get("/outlook/mails?who=carol").text
    client.post("/outlook/mails/clear")
    assert "No mail yet" in client.get("/outlook/mails").text


def test_a_switch_is_turned_for_one_person_and_back(client: FlaskClient, world: World) -> None:
    wish = {"switch": "delta.resend", "who": "alice@contoso.example"}
    alice = world.person("alice").id

    client.post("/outlook/trouble", data={**wish, "position": "exception", "times": "2"})
    page = client.get("/outlook/trouble").text
    turned = world.switches.position("delta.resend", alice)
    client.post("/outlook/trouble/back", data=wish)

    assert turned == "exception"
    assert "for Alice Ardent, 2 more times" in page
    assert world.switches.position("delta.resend", alice) == "series"


def test_what_happens_once_happens_to_the_one_chosen(client: FlaskClient, world: World) -> None:
    wish = {"act": "disable", "who": "bob@contoso.example"}

    page = client.post("/outlook/trouble/somebody", data=wish, follow_redirects=True).text

    assert "Disable the account: done, for Bob Brook." in page
    assert [each.name for each in world.people.values() if not each.enabled] == ["Bob Brook"]


def test_secrets_run_out_and_are_renewed(client: FlaskClient, sign_in: SignIn) -> None:
    code = sign_in.code()

    client.post("/outlook/trouble/all", data={"act": "secrets"})
    refused = sign_in.refused(sign_in.redeem(code))
    page = client.post("/outlook/trouble/all", data={"act": "renew"}, follow_redirects=True).text

    assert refused == (401, "invalid_client", 7000222)
    assert "Renew the application’s secrets: done." in page
    assert sign_in.redeem(code).status_code == 200


def test_the_signing_keys_change(client: FlaskClient) -> None:
    def first_key() -> str:
        listed = client.get("/common/discovery/v2.0/keys").json or {}
        return str(listed["keys"][0]["kid"])

    before = first_key()
    client.post("/outlook/trouble/all", data={"act": "roll"})

    assert first_key() != before


def test_who_may_consent_is_chosen(client: FlaskClient, world: World) -> None:
    client.post("/outlook/trouble/consent", data={"policy": "request"})

    chosen = '<option value="request" selected>'
    assert world.consent_policy == "request"
    assert chosen in client.get("/outlook/trouble").text


@pytest.mark.parametrize(
    ("place", "wish"),
    [
        ("somebody", {"act": "explode", "who": "bob"}),
        ("all", {"act": "explode"}),
        ("consent", {"policy": "nobody"}),
    ],
)
def test_what_nobody_does_is_refused(client: FlaskClient, place: str, wish: dict[str, str]) -> None:
    assert client.post(f"/outlook/trouble/{place}", data=wish).status_code == 400


@pytest.mark.parametrize("wish", [{"switch": "x"}, {"switch": "delta.resend", "position": "x"}])
def test_a_wrong_switch_is_said(client: FlaskClient, wish: dict[str, str]) -> None:
    answer = client.post("/outlook/trouble", data=wish)

    assert answer.status_code == 422
    assert 'role="alert"' in answer.text


def test_another_sites_page_cannot_press_the_buttons(client: FlaskClient, world: World) -> None:
    headers = {"Origin": "https://elsewhere.example"}

    answer = client.post(f"{ALICE}/new", data=FORM, headers=headers)

    assert answer.status_code == 403
    assert world.events("alice") == []
    assert client.post(f"{ALICE}/new", data=FORM, headers={"Origin": "http://localhost"}).location


def test_a_called_off_meeting_is_not_answered_any_more(client: FlaskClient, world: World) -> None:
    event, copy = invited(world)
    world.cancel_event("alice", event)

    page = client.get(f"{BOB}/events/{copy}").text

    assert "The organiser, Alice Ardent, has cancelled this." in page
    assert 'value="accepted"' not in page


def test_nobody_stands_among_the_others_invited(client: FlaskClient, world: World) -> None:
    many = [f"guest{number}@woodgrove.example" for number in range(12)]
    event = world.add_event("alice", "All hands", at(18), attendees=["bob@contoso.example", *many])

    hers = client.get(f"{ALICE}/events/{event}").text
    his = client.get(f"{BOB}/events/{world.copy_of('bob', 'alice', event)}").text

    assert "Invited (13)" in hers
    assert '<span class="name" dir="auto">Bob Brook</span>' in hers
    assert "Also invited (12)" in his
    assert '<span class="name" dir="auto">Bob Brook</span>' not in his
