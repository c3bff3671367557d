"""Contacts: what is kept of them, what is refused, how they are found."""

from typing import Any

import pytest

from simulator.world import World
from tests.conftest import Clock
from tests.simulator.desk import Graph

KIM = {"address": "kim@northwind.example", "name": "Kim"}


def made(graph: Graph, **words: Any) -> Any:
    """The contact a POST makes."""
    response = graph.call("POST", "/me/contacts", words)
    assert response.status_code == 201, response.text
    return response.json


def names(graph: Graph, query: str) -> list[str]:
    """The names a list of contacts shows."""
    return [each["displayName"] for each in graph.get(f"/me/contacts?{query}")["value"]]


def test_a_contact_keeps_what_it_is_given_and_shows_the_rest_empty(graph: Graph) -> None:
    contact = made(
        graph, displayName="Kim", emailAddresses=[KIM], homeAddress={"city": "Lund"}, title=None
    )

    shown = graph.get(f"/me/contacts/{contact['id']}")

    assert shown["emailAddresses"] == [KIM]
    assert shown["homeAddress"] == {"city": "Lund"}
    assert (shown["businessAddress"], shown["businessPhones"]) == ({}, [])
    assert (shown["surname"], shown["title"], shown["birthday"]) == (None, None, None)


def test_names_are_made_up_from_their_parts(graph: Graph) -> None:
    contact = made(graph, givenName="Kim", middleName="A.", surname="Lind")
    company = made(graph, companyName="Northwind")

    assert (contact["displayName"], contact["fileAs"]) == ("Kim A. Lind", "Lind, Kim")
    assert (company["displayName"], company["fileAs"]) == ("", "Northwind")


@pytest.mark.parametrize("written", ["1974-07-22T00:00:00Z", "1974-07-22T23:30:00+02:00"])
def test_a_birthday_keeps_its_day_and_loses_its_time(graph: Graph, written: str) -> None:
    contact = made(graph, displayName="Mum", birthday=written)

    assert contact["birthday"] == "1974-07-22T11:59:00Z"


def test_the_three_addresses_are_places_of_one_list(graph: Graph) -> None:
    contact = made(graph, displayName="Kim", emailAddresses=[KIM, {"address": "b@x.example"}])
    path = f"/me/contacts/{contact['id']}"

    graph.call("PATCH", path, {"primaryEmailAddress": None})
    shown = graph.get(path)

    assert contact["secondaryEmailAddress"] == {"address": "b@x.example", "name": "b@x.example"}
    assert [each["address"] for each in shown["emailAddresses"]] == ["b@x.example"]
    assert shown["primaryEmailAddress"]["address"] == "b@x.example"
    assert shown["secondaryEmailAddress"] is None


def test_a_change_leaves_alone_what_it_does_not_name(graph: Graph, clock: Clock) -> None:
    contact = made(graph, displayName="Kim", companyName="Northwind", categories=["Blue"])
    clock.advance(minutes=1)

    body = {"companyName": None, "categories": [], "nickName": "K"}
    changed = graph.call("PATCH", f"/me/contacts/{contact['id']}", body).json

    assert changed is not None
    assert (changed["displayName"], changed["companyName"]) == ("Kim", None)
    assert (changed["categories"], changed["nickName"]) == ([], "K")
    assert changed["changeKey"] != contact["changeKey"]
    assert changed["lastModifiedDateTime"] > contact["lastModifiedDateTime"]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ({"shoeSize": 42}, "RequestBodyRead"),
        ({"surname": 42}, "RequestBodyRead"),
        ({"surname": "x" * 256}, "ErrorPropertyValidationFailure"),
        ({"businessPhones": "1"}, "RequestBodyRead"),
        ({"businessPhones": ["1", "2", "3"]}, "ErrorPropertyValidationFailure"),
        ({"emailAddresses": [KIM] * 4}, "ErrorPropertyValidationFailure"),
        ({"emailAddresses": [{"mail": "x"}]}, "RequestBodyRead"),
        ({"homeAddress": {"planet": "Mars"}}, "RequestBodyRead"),
        ({"birthday": "yesterday"}, "RequestBodyRead"),
    ],
)
def test_what_does_not_fit_is_refused(graph: Graph, words: dict[str, Any], code: str) -> None:
    assert graph.error("POST", "/me/contacts", words) == (400, code)
    assert graph.get("/me/contacts")["value"] == []


def test_a_contact_changed_meanwhile_is_not_overwritten(graph: Graph, world: World) -> None:
    contact = made(graph, displayName="Kim")
    path, stale = f"/me/contacts/{contact['id']}", contact["@odata.etag"]

    world.change_contact("alice", contact["id"], nickName="K")

    conflict = (412, "ErrorIrresolvableConflict")
    assert graph.error("PATCH", path, {"title": "Dr"}, If_Match=stale) == conflict
    assert graph.error("DELETE", path, If_Match=stale) == conflict
    fresh = graph.get(path)["@odata.etag"]
    assert graph.call("DELETE", path, If_Match=fresh).status_code == 204
    assert graph.error("GET", path) == (404, "ErrorItemNotFound")


def test_contacts_are_found_by_address_and_by_the_beginning_of_a_name(
    graph: Graph, world: World
) -> None:
    world.add_contact("alice", displayName="Kim Lind", emailAddresses=[KIM])
    world.add_contact("alice", displayName="Ravi Menon", companyName="O'Hara")

    by_address = "$filter=emailAddresses/any(a:a/address eq 'KIM@northwind.example')"
    assert names(graph, by_address) == ["Kim Lind"]
    assert names(graph, "$filter=startswith(displayName,'ra')") == ["Ravi Menon"]
    assert names(graph, "$filter=companyName eq 'O''Hara'") == ["Ravi Menon"]
    assert names(graph, "$orderby=displayName desc") == ["Ravi Menon", "Kim Lind"]
    assert graph.error("GET", "/me/contacts?$search=kim")[0] == 400
    assert graph.error("GET", "/me/contacts?$filter=shoeSize eq 42")[0] == 400


def test_a_list_comes_in_pages_of_ten(graph: Graph, world: World) -> None:
    for number in range(12):
        world.add_contact("alice", displayName=f"Kim {number}")

    page = graph.get("/me/contacts?$select=displayName&$count=true")
    rest = graph.get(page["@odata.nextLink"])["value"]

    assert (len(page["value"]), page["@odata.count"], len(rest)) == (10, 12, 2)
    assert rest[0].keys() == {"@odata.etag", "id", "displayName"}


def test_reading_needs_a_permission_and_writing_a_stronger_one(graph: Graph) -> None:
    graph.sign_in("alice", "Contacts.Read")

    assert graph.get("/me/contacts")["value"] == []
    assert graph.error("POST", "/me/contacts", {"displayName": "Kim"})[0] == 403
    graph.sign_in("alice", "Calendars.ReadWrite")
    assert graph.error("GET", "/me/contacts") == (403, "ErrorAccessDenied")


def test_the_sample_has_the_oddities_of_real_address_books(clock: Clock) -> None:
    world = World.seeded(people=2, events=10, now=clock)
    twin = World.seeded(people=2, events=10, now=clock)

    found = world.contacts("alice")

    addresses = [entry["address"] for each in found for entry in each["emailAddresses"]]
    assert 8 <= len(found) <= 16
    assert any(address.startswith("/o=ExchangeLabs/") for address in addresses)
    assert any(each["displayName"] == "" and each["companyName"] for each in found)
    assert any(each["birthday"] for each in found)
    assert world.contacts("alice", "Suppliers")
    assert found == twin.contacts("alice") != world.contacts("bob")


@pytest.mark.parametrize("name", ["extensions", "photo", "singleValueExtendedProperties"])
def test_what_hangs_on_contacts_is_not_simulated_and_says_so(graph: Graph, name: str) -> None:
    graph.call("POST", "/me/contacts", {"givenName": "Kim"})

    response = graph.call("GET", f"/me/contacts?$expand={name}")

    assert response.status_code == 501
    assert name in response.text
