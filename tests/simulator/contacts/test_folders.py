"""Folders of contacts: the hidden default one, those below it, and moving between them."""

from typing import Any

from simulator.world import World
from tests.simulator.desk import Graph

NORMAL = {"Prefer": "odata.maxpagesize=50"}


def added(graph: Graph, name: str, path: str = "/me/contactFolders") -> Any:
    """The folder a POST makes."""
    response = graph.call("POST", path, {"displayName": name})
    assert response.status_code == 201, response.text
    return response.json


def listed(graph: Graph, path: str) -> list[str]:
    """The names of the folders or contacts at a path."""
    return [each["displayName"] for each in graph.get(path)["value"]]


def test_the_default_folder_is_not_listed_but_known_by_name(graph: Graph, world: World) -> None:
    world.add_contact("alice", displayName="Kim")

    folder = graph.get("/me/contactFolders/contacts")
    contact = graph.get("/me/contacts?$top=1&$select=parentFolderId")["value"][0]

    assert listed(graph, "/me/contactFolders") == []
    assert contact["parentFolderId"] == folder["id"]
    assert listed(graph, f"/me/contactFolders/{folder['id']}/contacts") == ["Kim"]


def test_folders_lie_in_folders_and_hold_their_own_contacts(graph: Graph, world: World) -> None:
    outer = added(graph, "Suppliers")
    inner = added(graph, "Old", f"/me/contactFolders/{outer['id']}/childFolders")
    path = f"/me/contactFolders/{inner['id']}/contacts"

    contact = graph.call("POST", path, {"displayName": "Kim"}).json

    assert contact is not None
    assert listed(graph, "/me/contactFolders") == ["Suppliers"]
    assert listed(graph, f"/me/contactFolders/{outer['id']}/childFolders") == ["Old"]
    assert (listed(graph, "/me/contacts"), listed(graph, path)) == ([], ["Kim"])
    assert graph.get(f"/me/contacts/{contact['id']}")["parentFolderId"] == inner["id"]
    elsewhere = f"/me/contactFolders/{outer['id']}/contacts/{contact['id']}"
    assert graph.error("GET", elsewhere) == (404, "ErrorItemNotFound")


def test_a_deleted_folder_takes_everything_in_it_along(graph: Graph, world: World) -> None:
    outer = added(graph, "Suppliers")
    added(graph, "Old", f"/me/contactFolders/{outer['id']}/childFolders")
    contact = world.add_contact("alice", folder="Old", displayName="Kim")

    deleted = graph.call("DELETE", f"/me/contactFolders/{outer['id']}")

    assert deleted.status_code == 204
    assert listed(graph, "/me/contactFolders") == []
    assert graph.error("GET", f"/me/contacts/{contact}") == (404, "ErrorItemNotFound")
    assert graph.error("GET", f"/me/contactFolders/{outer['id']}")[0] == 404


def test_folders_are_renamed_but_the_default_one_stays(graph: Graph) -> None:
    folder = added(graph, "Suppliers")
    added(graph, "Sellers")
    path = f"/me/contactFolders/{folder['id']}"

    graph.call("PATCH", path, {"displayName": "Buyers"})

    taken = (409, "ErrorFolderExists")
    assert graph.get(path)["displayName"] == "Buyers"
    assert graph.error("PATCH", path, {"displayName": "SELLERS"}) == taken
    assert graph.error("POST", "/me/contactFolders", {"displayName": "Sellers"}) == taken
    assert graph.error("POST", "/me/contactFolders", {"displayName": " "})[0] == 400
    assert graph.error("POST", "/me/contactFolders", {"colour": "red"})[0] == 400
    assert graph.error("PATCH", "/me/contactFolders/contacts", {"displayName": "X"})[0] == 403
    assert graph.error("DELETE", "/me/contactFolders/contacts")[0] == 403


def test_a_moved_contact_keeps_its_immutable_id_only(graph: Graph, world: World) -> None:
    added(graph, "Suppliers")
    immutable = world.add_contact("alice", displayName="Kim")
    normal = graph.get("/me/contacts", **NORMAL)["value"][0]["id"]

    world.move_contact("alice", immutable, "Suppliers")

    assert graph.get(f"/me/contacts/{immutable}")["displayName"] == "Kim"
    assert graph.error("GET", f"/me/contacts/{normal}") == (404, "ErrorItemNotFound")
    assert graph.get(f"/me/contacts/{immutable}", **NORMAL)["id"] != normal


def test_ids_of_other_things_are_malformed_here(graph: Graph, world: World) -> None:
    contact = world.add_contact("alice", displayName="Kim")
    folder = graph.get("/me/contactFolders/contacts")["id"]
    foreign = world.add_contact("bob", displayName="Kim")

    malformed = (400, "ErrorInvalidIdMalformed")
    assert graph.error("GET", f"/me/contacts/{folder}") == malformed
    assert graph.error("GET", f"/me/contacts/{foreign}") == malformed
    assert graph.error("GET", f"/me/contactFolders/{contact}/contacts") == malformed
