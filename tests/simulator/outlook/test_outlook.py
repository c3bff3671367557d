"""The Outlook page: people, a week, adding, changing and deleting by hand."""

import html5lib
import pytest
from flask.testing import FlaskClient

from simulator.world import World
from tests.simulator.desk import at, weekly

FORM = {
    "title": "Lunch",
    "place": "Canteen",
    "start": "2026-11-18T12:00",
    "end": "2026-11-18T13:00",
}
ALICE = "/outlook/alice@contoso.example"
PAGES = ["/outlook", ALICE, f"{ALICE}/new?day=2026-11-18", "/outlook/mails", "/outlook/trouble"]


def test_the_first_page_lists_the_people(client: FlaskClient) -> None:
    page = client.get("/", follow_redirects=True).text

    assert "Simulated Outlook" in page
    assert "dave@fabrikam.example" in page


def test_a_week_shows_what_it_holds_in_the_mailboxes_zone(
    client: FlaskClient, world: World
) -> None:
    world.add_event("alice", "Planning", at(18, 9))
    world.add_event("alice", "Retrospective", at(25, 9))

    page = client.get(ALICE).text

    assert "Planning" in page
    assert '10:00<span class="till">–11:00' in page
    assert "Retrospective" not in page
    assert "Retrospective" in client.get(f"{ALICE}?day=2026-11-25").text


def test_an_event_is_added_by_hand(client: FlaskClient, world: World) -> None:
    answer = client.post(f"{ALICE}/new", data=FORM)

    (event,) = world.events("alice")
    assert answer.headers["Location"].endswith("?day=2026-11-18")
    assert event["subject"] == "Lunch"
    assert event["start"]["dateTime"] == "2026-11-18T11:00:00.0000000"
    assert event["location"]["displayName"] == "Canteen"


def test_an_all_day_event_includes_its_last_day(client: FlaskClient, world: World) -> None:
    client.post(f"{ALICE}/new", data={**FORM, "all_day": "yes"})

    (event,) = world.events("alice")
    assert event["isAllDay"]
    assert event["end"]["dateTime"] == "2026-11-19T00:00:00.0000000"


def test_an_event_is_moved_and_deleted_by_hand(client: FlaskClient, world: World) -> None:
    event = world.add_event("alice", "Planning", at(18, 9))
    path = f"{ALICE}/events/{event}"

    client.post(path, data={**FORM, "action": "save"})
    moved = world.event("alice", event)
    client.post(path, data={"action": "delete", "start": FORM["start"]})

    assert moved is not None
    assert moved["start"]["dateTime"] == "2026-11-18T11:00:00.0000000"
    assert world.event("alice", event) is None
    assert client.get(path).status_code == 404


def test_one_occurrence_is_changed_and_its_series_is_a_click_away(
    client: FlaskClient, world: World
) -> None:
    world.add_event("alice", "Weekly", at(18), recurrence=weekly(18, "wednesday"))
    occurrence = world.view("alice", at(18, 0), at(19, 0))[0]["id"]

    page = client.get(f"{ALICE}/events/{occurrence}").text
    client.post(f"{ALICE}/events/{occurrence}", data={**FORM, "action": "save"})

    assert "Open the series" in page
    assert [each["subject"] for each in world.view("alice", at(18, 0), at(26, 0))] == [
        "Lunch", "Weekly",
    ]  # fmt: skip


@pytest.mark.parametrize("end", ["2026-11-18T11:00", "nonsense", ""])
def test_a_wrong_time_is_said_and_nothing_is_stored(
    client: FlaskClient, world: World, end: str
) -> None:
    answer = client.post(f"{ALICE}/new", data={**FORM, "end": end})

    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert 'value="Lunch"' in answer.text
    assert world.events("alice") == []


@pytest.mark.parametrize("path", PAGES)
def test_the_pages_are_valid_and_strict(client: FlaskClient, path: str) -> None:
    response = client.get(path)

    html5lib.HTMLParser(strict=True).parse(response.text)
    assert response.text.count("<h1>") == 1
    assert "style=" not in response.text
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]


@pytest.mark.parametrize("path", ["/outlook/nobody", f"{ALICE}/events/gone"])
def test_what_is_not_there_is_said_on_a_page(client: FlaskClient, path: str) -> None:
    response = client.get(path)

    assert response.status_code == 404
    assert 'href="/outlook"' in response.text
    html5lib.HTMLParser(strict=True).parse(response.text)


def test_renaming_a_series_by_hand_keeps_its_exceptions(client: FlaskClient, world: World) -> None:
    series = world.add_event("alice", "Weekly", at(18), recurrence=weekly(18, "wednesday"))
    occurrence = world.view("alice", at(18, 0), at(19, 0))[0]["id"]
    world.rename_event("alice", occurrence, "Kick-off")

    form = {"title": "Weekly round", "place": "", "action": "save"}
    span = {"start": "2026-11-18T10:00", "end": "2026-11-18T11:00"}
    client.post(f"{ALICE}/events/{series}", data={**form, **span})

    subjects = [each["subject"] for each in world.view("alice", at(18, 0), at(26, 0))]
    assert subjects == ["Kick-off", "Weekly round"]
