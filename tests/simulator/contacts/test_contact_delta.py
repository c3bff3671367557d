"""Changes of contacts: rounds of one folder, and of the folders themselves."""

import pytest

from simulator.world import World
from tests.simulator.desk import IMMUTABLE, Graph

DELTA = "/me/contacts/delta"
GONE = {"reason": "deleted"}


def test_the_first_round_tells_everything_and_the_next_only_changes(
    graph: Graph, world: World
) -> None:
    kept, changed, deleted = (
        world.add_contact("alice", displayName=name) for name in ("Kim", "Ravi", "Tom")
    )
    everything, link = graph.round(DELTA, size=2)

    world.change_contact("alice", changed, surname="Menon")
    world.delete_contact("alice", deleted)
    added = world.add_contact("alice", displayName="Ana")
    changes, link = graph.round(link)
    quiet, _ = graph.round(link)

    assert [each["id"] for each in everything] == [kept, changed, deleted]
    assert [each["id"] for each in changes] == [changed, deleted, added]
    assert changes[0]["surname"] == "Menon"
    assert changes[1] == {"id": deleted, "@removed": GONE}
    assert quiet == []


def test_a_change_during_a_round_comes_with_the_next(graph: Graph, world: World) -> None:
    for name in ("Kim", "Ravi", "Tom"):
        world.add_contact("alice", displayName=name)
    page = graph.get(DELTA, Prefer=f"{IMMUTABLE}, odata.maxpagesize=1")

    world.change_contact("alice", page["value"][0]["id"], nickName="K")
    rest, link = graph.round(page["@odata.nextLink"])
    later, _ = graph.round(link)

    assert [each["displayName"] for each in rest] == ["Ravi", "Tom"]
    assert [each["nickName"] for each in later] == ["K"]


def test_a_moved_contact_leaves_one_folder_and_arrives_in_the_other(
    graph: Graph, world: World
) -> None:
    folder = world.add_contact_folder("alice", "Suppliers")
    contact = world.add_contact("alice", displayName="Kim")
    _, here = graph.round(DELTA)
    _, there = graph.round(f"/me/contactFolders/{folder}/contacts/delta")

    world.move_contact("alice", contact, "Suppliers")

    assert graph.round(here)[0] == [{"id": contact, "@removed": GONE}]
    arrived = graph.round(there)[0]
    assert [(each["id"], each["parentFolderId"]) for each in arrived] == [(contact, folder)]


def test_with_normal_ids_a_contact_that_came_back_replaces_its_former_self(
    graph: Graph, world: World
) -> None:
    world.add_contact_folder("alice", "Suppliers")
    contact = world.add_contact("alice", displayName="Kim")
    graph.headers.pop("Prefer")
    first = graph.get(DELTA)

    world.move_contact("alice", contact, "Suppliers")
    world.move_contact("alice", contact)
    rows = graph.get(first["@odata.deltaLink"])["value"]

    assert rows[0] == {"id": first["value"][0]["id"], "@removed": GONE}
    assert (rows[-1]["displayName"], rows[-1]["id"] != rows[0]["id"]) == ("Kim", True)


def test_what_the_first_call_selects_holds_for_all_that_follow(graph: Graph, world: World) -> None:
    world.add_contact("alice", displayName="Kim", surname="Lind")
    entries, link = graph.round(f"{DELTA}?$select=displayName")

    world.add_contact("alice", displayName="Ravi", surname="Menon")
    later, _ = graph.round(link)

    assert [set(each) for each in (*entries, *later)] == [{"@odata.etag", "id", "displayName"}] * 2


def test_folders_have_rounds_of_their_own(graph: Graph, world: World) -> None:
    kept = world.add_contact_folder("alice", "Suppliers")
    gone = world.add_contact_folder("alice", "Old")
    everything, link = graph.round("/me/contactFolders/delta")

    graph.call("PATCH", f"/me/contactFolders/{kept}", {"displayName": "Sellers"})
    graph.call("DELETE", f"/me/contactFolders/{gone}")
    world.add_contact("alice", displayName="Kim")
    changes, _ = graph.round(link)

    assert [each["id"] for each in everything] == [kept, gone]
    assert changes[0]["displayName"] == "Sellers"
    assert changes[1:] == [{"id": gone, "@removed": GONE}]


def test_cursors_die_and_belong_to_one_folder_of_one_mailbox(graph: Graph, world: World) -> None:
    folder = world.add_contact_folder("alice", "Suppliers")
    _, link = graph.round(DELTA)
    token = link.partition("?")[2]
    dead = (410, "SyncStateNotFound")

    assert graph.error("GET", f"/me/contactFolders/{folder}/contacts/delta?{token}") == dead
    assert graph.error("GET", f"/me/contactFolders/delta?{token}") == dead
    assert graph.error("GET", f"{DELTA}?$deltatoken=nonsense") == dead
    world.expire_delta_tokens("alice")
    assert graph.error("GET", link) == dead


def test_rounds_of_contacts_misbehave_as_those_of_events_do(graph: Graph, world: World) -> None:
    contact = world.add_contact("alice", displayName="Kim")
    _, link = graph.round(DELTA)
    world.turn("delta.reason", "changed")

    world.delete_contact("alice", contact)
    changes, link = graph.round(link)
    world.turn("delta.dead", True, times=1)

    assert changes == [{"id": contact, "@removed": {"reason": "changed"}}]
    assert graph.error("GET", link) == (410, "SyncStateNotFound")


@pytest.mark.parametrize("option", ["$filter=surname eq 'x'", "$orderby=surname", "$search=x"])
def test_a_round_is_not_filtered(graph: Graph, option: str) -> None:
    assert graph.error("GET", f"{DELTA}?{option}") == (400, "ErrorInvalidUrlQuery")


def test_the_hand_and_the_log_agree(graph: Graph, world: World) -> None:
    contact = world.add_contact("alice", displayName="Kim")

    world.change_contact("alice", contact, nickName="K")
    world.delete_contact("alice", contact)

    changes = world.person("alice").mailbox.contacts.changes
    assert [each.kind for each in changes] == ["created", "updated", "deleted"]
