"""Sign-in and mailbox against the simulated Microsoft 365, from consent to a dead cursor."""

import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
import stamina

from m365 import errors, transport
from m365.graph import Graph
from m365.identity import (
    Identity,
    MicrosoftUser,
    Registration,
    Tokens,
    consent_error,
    names,
    scopes_for,
)
from m365.remote import Content, RemoteEvent, RemovedEvent
from m365.wire import MEETING_PROPERTY, event_payload
from simulator import registration as simulated
from simulator.world import World
from tests.cast import CALLBACK, SIMULATOR

START = datetime(2026, 10, 1, tzinfo=UTC)
END = datetime(2027, 1, 1, tzinfo=UTC)
TALK = datetime(2026, 12, 2, 9, 0, tzinfo=UTC)
REGISTRATION = Registration(simulated.CONTOSO, simulated.CLIENT_ID, secret=simulated.CLIENT_SECRET)


class Person:
    """Somebody who has signed in: their tokens, who Microsoft says they are, their mailbox."""

    def __init__(self, tokens: Tokens, user: MicrosoftUser, graph: Graph, calendar: str) -> None:
        self.tokens, self.user, self.graph, self.calendar = tokens, user, graph, calendar


@pytest.fixture
def http(microsoft: httpx2.BaseTransport) -> transport.Http:
    return transport.client(microsoft)


@pytest.fixture
def identity(http: transport.Http, clock: Callable[[], datetime]) -> Identity:
    return Identity(http, SIMULATOR, clock=clock)


def consented(
    identity: Identity, http: transport.Http, world: World, who: str, press: str = "accept"
) -> dict[str, str]:
    """What comes back to the redirect address after a person pressed that button."""
    address = identity.consent_address(
        REGISTRATION,
        redirect_uri=CALLBACK,
        scopes=names(scopes_for("read_write")),
        state="a-state",
        nonce="a-nonce",
        verifier="v" * 64,
    )
    found = http.post(address, data={"person": world.person(who).id, "decision": press})
    query = parse_qs(urlsplit(found.headers["location"]).query)
    return {name: values[0] for name, values in query.items()}


def redeem(identity: Identity, code: str) -> tuple[Tokens, MicrosoftUser]:
    return identity.redeem(
        REGISTRATION, code=code, verifier="v" * 64, redirect_uri=CALLBACK, nonce="a-nonce"
    )


@pytest.fixture
def alice(identity: Identity, http: transport.Http, world: World) -> Person:
    tokens, user = redeem(identity, consented(identity, http, world, "alice")["code"])
    graph = Graph(
        http,
        f"{SIMULATOR}/v1.0",
        tokens.access_token,
        request_id=lambda: str(uuid.uuid4()),
    )
    calendar = next(each.graph_id for each in graph.calendars() if each.is_default)
    return Person(tokens, user, graph, calendar)


def all_pages(person: Person) -> tuple[list[RemoteEvent | RemovedEvent], str]:
    page = person.graph.changes(person.calendar, start=START, end=END)
    items = list(page.items)
    while page.next_link:
        page = person.graph.follow(page.next_link)
        assert page.broken == ()
        items += page.items
    assert page.delta_link is not None
    return items, page.delta_link


def since(person: Person, link: str) -> list[RemoteEvent | RemovedEvent]:
    page = person.graph.follow(link)
    assert page.delta_link is not None
    return list(page.items)


def test_who_signed_in_is_who_owns_the_mailbox(alice: Person, world: World) -> None:
    me = alice.graph.me()

    assert (alice.user.tenant_id, alice.user.object_id) == (simulated.CONTOSO, me.object_id)
    assert me.object_id == world.person("alice").id
    assert alice.tokens.refresh_token
    assert "Calendars.ReadWrite" in alice.tokens.scopes


def test_a_code_is_good_once(identity: Identity, http: transport.Http, world: World) -> None:
    code = consented(identity, http, world, "alice")["code"]
    redeem(identity, code)

    with pytest.raises(errors.StartAgain, match="AADSTS54005"):
        redeem(identity, code)


def test_a_refresh_brings_tokens_until_the_sessions_are_revoked(
    alice: Person, identity: Identity, world: World
) -> None:
    old = alice.tokens.refresh_token or ""
    new = identity.refresh(REGISTRATION, tenant_id=simulated.CONTOSO, refresh_token=old)
    assert new.refresh_token != old

    world.revoke("alice")

    with pytest.raises(errors.NeedsConsent, match="AADSTS50173"):
        identity.refresh(REGISTRATION, tenant_id=simulated.CONTOSO, refresh_token=old)


def test_a_forged_token_of_the_simulator_signs_nobody_in(
    identity: Identity, http: transport.Http, world: World
) -> None:
    code = consented(identity, http, world, "alice")["code"]
    world.forge_next_id_token(iss="https://evil.example/v2.0")

    with pytest.raises(errors.BadProof):
        redeem(identity, code)


def test_the_registration_of_the_simulator_checks_out(identity: Identity, alice: Person) -> None:
    found = identity.check_registration(REGISTRATION, CALLBACK)

    assert {finding.name: finding.ok for finding in found}["Client id and secret"] is True
    wrong = Registration(simulated.CONTOSO, simulated.CLIENT_ID, secret="wrong")
    assert any(
        "AADSTS7000215" in finding.sentence
        for finding in identity.check_registration(wrong, CALLBACK)
    )


def test_the_calendars_and_the_zone_are_read(alice: Person) -> None:
    calendars = alice.graph.calendars()

    assert sum(each.is_default for each in calendars) == 1
    assert alice.graph.mailbox_zone() is not None


def test_a_window_is_filled_and_then_only_changes_come(alice: Person, world: World) -> None:
    lunch = world.add_event("alice", "Lunch", TALK)
    items, link = all_pages(alice)
    assert any(isinstance(item, RemoteEvent) and item.title == "Lunch" for item in items)

    world.move_event("alice", lunch, TALK + timedelta(hours=2))

    (moved,) = since(alice, link)
    assert isinstance(moved, RemoteEvent)
    assert (moved.graph_id, moved.starts) == (lunch, TALK + timedelta(hours=2))


def test_a_deletion_comes_as_removed_and_the_event_is_gone(alice: Person, world: World) -> None:
    lunch = world.add_event("alice", "Lunch", TALK)
    _, link = all_pages(alice)

    world.delete_event("alice", lunch)

    assert RemovedEvent(lunch) in since(alice, link)
    with pytest.raises(errors.Gone):
        alice.graph.event(lunch)


def test_the_list_shows_what_the_delta_showed(alice: Person) -> None:
    items, _ = all_pages(alice)
    from_delta = {
        item.graph_id for item in items if isinstance(item, RemoteEvent) and item.kind != "master"
    }

    pages = alice.graph.view(alice.calendar, START, END)

    assert {item.graph_id for page in pages for item in page.items} == from_delta


def test_a_series_is_expanded_by_microsoft(alice: Person) -> None:
    items, _ = all_pages(alice)
    slim = next(item for item in items if isinstance(item, RemoteEvent) and item.slim)
    assert slim.series_id is not None

    pages = list(alice.graph.instances(slim.series_id, START, END))

    found = [item for page in pages for item in page.items if isinstance(item, RemoteEvent)]
    assert slim.graph_id in {item.graph_id for item in found}
    assert all(item.title and not item.slim for item in found)


def test_a_meeting_is_written_found_changed_and_deleted(alice: Person) -> None:
    content = Content("Talk", TALK, TALK + timedelta(hours=1), "Europe/Berlin", location="Room 4")
    payload = event_payload(content)
    made = alice.graph.create(alice.calendar, payload, transaction_id="t-1", meeting_key="m-7")
    again = alice.graph.create(alice.calendar, payload, transaction_id="t-1", meeting_key="m-7")
    assert (again.graph_id, made.starts, made.zone) == (made.graph_id, TALK, "Europe/Berlin")

    (found,) = alice.graph.find_by_property(alice.calendar, "m-7")
    assert found.extended == {MEETING_PROPERTY: "m-7"}
    assert alice.graph.calendar_id_of(made.graph_id) == alice.calendar

    changed = alice.graph.patch(made.graph_id, {"subject": "Tea"}, if_match=made.change_key)
    assert changed.title == "Tea"
    with pytest.raises(errors.ChangedMeanwhile):
        alice.graph.patch(made.graph_id, {"subject": "Soup"}, if_match=made.change_key)

    alice.graph.delete(made.graph_id)
    with pytest.raises(errors.Gone):
        alice.graph.delete(made.graph_id)


def test_an_all_day_event_keeps_its_dates(alice: Person) -> None:
    first, last = TALK.date(), TALK.date() + timedelta(days=2)
    content = Content(
        "Fair", all_day=True, zone="Asia/Tokyo", first_day=first, last_day_exclusive=last
    )

    made = alice.graph.create(alice.calendar, event_payload(content), transaction_id="t-2")

    assert (made.all_day, made.first_day, made.last_day_exclusive) == (True, first, last)


def test_an_old_cursor_is_dead(alice: Person, world: World) -> None:
    _, link = all_pages(alice)

    world.expire_delta_tokens("alice")

    with pytest.raises(errors.CursorDead):
        alice.graph.follow(link)


def test_faults_come_out_with_their_meaning(alice: Person, world: World) -> None:
    world.fail_next(429, "ApplicationThrottled", retry_after="2.5")
    with pytest.raises(errors.Throttled) as caught:
        alice.graph.me()
    assert caught.value.retry_after == 2.5

    world.expire_access_tokens("alice")
    with pytest.raises(errors.TokenRefused):
        alice.graph.me()


def test_a_cut_connection_is_asked_again(alice: Person, world: World) -> None:
    world.drop_next(2, after_effect=False)

    with stamina.set_testing(True, attempts=3):
        assert alice.graph.me().name


def test_a_mailbox_that_is_not_there_is_said_so(alice: Person, world: World) -> None:
    world.take_mailbox("alice")

    with pytest.raises(errors.NoMailbox):
        alice.graph.calendars()


@pytest.mark.parametrize(
    ("press", "kind"),
    [("cancel", errors.ConsentDeclined), ("back", errors.AdminApprovalNeeded)],
)
def test_a_refused_consent_comes_back_with_its_meaning(
    identity: Identity,
    http: transport.Http,
    world: World,
    press: str,
    kind: type[errors.MicrosoftError],
) -> None:
    world.consent_policy = "admin_only" if press == "back" else "user"

    back = consented(identity, http, world, "bob", press)

    assert type(consent_error(back["error"], back["error_description"])) is kind
