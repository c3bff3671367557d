"""Profiles and the directory: who sees whom, and how much of them."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from simulator.world import World
from tests.simulator.desk import Graph

EVENTUAL = {"ConsistencyLevel": "eventual"}
USUAL = {
    "@odata.context", "businessPhones", "displayName", "givenName", "id", "jobTitle", "mail",
    "mobilePhone", "officeLocation", "preferredLanguage", "surname", "userPrincipalName",
}  # fmt: skip
BASIC = {"displayName", "givenName", "id", "mail", "surname", "userPrincipalName"}
DENIED = (403, "Authorization_RequestDenied")
UNSUPPORTED = (400, "Request_UnsupportedQuery")


@pytest.fixture
def graph(client: FlaskClient, world: World) -> Graph:
    graph = Graph(client, world)
    graph.sign_in("alice", "User.ReadBasic.All")
    return graph


def names(graph: Graph, query: str, **headers: str) -> list[str]:
    """The first names a query of the directory finds."""
    return [each["givenName"] for each in graph.get(f"/users?{query}", **headers)["value"]]


def test_a_profile_shows_the_usual_unless_more_is_selected(graph: Graph) -> None:
    graph.sign_in("alice", "User.Read", "MailboxSettings.Read")

    more = graph.get("/me?$select=mail,proxyAddresses,otherMails,mailboxSettings,userType")

    assert graph.get("/me").keys() == USUAL
    assert more["proxyAddresses"] == ["SMTP:alice@contoso.example"]
    assert more["mailboxSettings"]["timeZone"] == "W. Europe Standard Time"
    assert (more["otherMails"], more["userType"]) == ([], "Member")
    assert more.keys() == {
        "@odata.context", "mail", "proxyAddresses", "otherMails", "mailboxSettings", "userType",
    }  # fmt: skip
    assert graph.error("GET", "/me?$select=shoeSize")[0] == 400
    assert graph.error("GET", "/me?$expand=manager")[0] == 501


def test_settings_in_a_profile_need_their_own_permission(graph: Graph) -> None:
    graph.sign_in("alice", "User.Read")

    assert graph.error("GET", "/me?$select=mailboxSettings") == (403, "ErrorAccessDenied")


def test_of_others_the_basic_permission_shows_the_basics(graph: Graph) -> None:
    bob = graph.get("/users/bob@contoso.example")

    assert bob.keys() == {"@odata.context", *BASIC}
    assert graph.get("/users")["value"][0].keys() == BASIC
    assert graph.error("GET", "/users/bob@contoso.example?$select=accountEnabled") == DENIED
    assert graph.error("GET", "/users?$filter=accountEnabled eq true") == DENIED
    graph.sign_in("alice", "User.Read")
    assert graph.error("GET", "/users/bob@contoso.example") == DENIED
    assert graph.error("GET", "/users") == DENIED


def test_a_stronger_permission_shows_who_is_disabled(graph: Graph, world: World) -> None:
    graph.sign_in("alice", "User.Read.All")

    world.disable("bob")

    assert names(graph, "$filter=accountEnabled eq false") == ["Bob"]
    assert graph.get("/users/bob@contoso.example?$select=accountEnabled")["accountEnabled"] is False


def test_a_search_needs_the_header_that_admits_delay(graph: Graph) -> None:
    search = '$search="displayName:br" OR "mail:car"'

    assert graph.error("GET", f"/users?{search}") == UNSUPPORTED
    assert names(graph, search, **EVENTUAL) == ["Bob", "Carol"]
    assert names(graph, '$search="displayName:chen carol"', **EVENTUAL) == ["Carol"]
    assert names(graph, '$search="displayName:b" AND "surname:x"', **EVENTUAL) == []
    both = '$search=("surname:brook" OR "surname:chen") AND "mail:bob"'
    assert names(graph, both, **EVENTUAL) == ["Bob"]


@pytest.mark.parametrize(
    "search", ["kim", '"kim"', '"shoeSize:4"', '"mail:a" NOT "mail:b"', '("mail:a"', '"mail:a" OR']
)
def test_a_search_that_nobody_can_read_is_refused(graph: Graph, search: str) -> None:
    refusal = graph.error("GET", f"/users?$search={search}", **EVENTUAL)

    assert refusal == (400, "Request_BadRequest")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("startswith(displayName,'car') or startswith(mail,'bo')", ["Bob", "Carol"]),
        ("startswith(userPrincipalName,'erin') and givenName eq 'ERIN'", ["Erin"]),
        ("startswith(surname,'ard') or surname eq 'Chen'", ["Alice", "Carol"]),
        ("mail eq 'dave@fabrikam.example'", []),
    ],
)
def test_filters_work_without_the_header(graph: Graph, query: str, found: list[str]) -> None:
    assert names(graph, f"$filter={query}") == found


@pytest.mark.parametrize(
    "query", ["$filter=endswith(mail,'example')", "$filter=surname ne 'x'",
              "$filter=surname eq 'x'&$orderby=displayName"],
)  # fmt: skip
def test_advanced_queries_need_the_header(graph: Graph, query: str) -> None:
    assert graph.error("GET", f"/users?{query}") == UNSUPPORTED
    assert graph.call("GET", f"/users?{query}", **EVENTUAL).status_code == 200


def test_the_directory_pages_by_opaque_tokens(graph: Graph) -> None:
    page = graph.get("/users?$top=2&$orderby=displayName desc&$count=true", **EVENTUAL)
    rest = graph.get(page["@odata.nextLink"], **EVENTUAL)

    assert page["@odata.count"] == 5
    assert "$skiptoken=" in page["@odata.nextLink"]
    assert [each["givenName"] for each in page["value"] + rest["value"]][:3] == [
        "Frank", "Erin", "Carol",
    ]  # fmt: skip
    assert "@odata.count" not in graph.get("/users?$count=true")
    assert graph.error("GET", "/users?$top=1000")[0] == 400
    assert graph.error("GET", "/users?$skip=1")[0] == 400


@pytest.mark.parametrize(
    ("path", "cost"),
    [("/users", "2"), ("/users?$select=id", "1"), ("/users?$top=5", "1"),
     ("/users?$top=5&$select=id", "1"), ("/users/bob@contoso.example", "2")],
)  # fmt: skip
def test_an_answer_says_what_it_cost(graph: Graph, path: str, cost: str) -> None:
    assert graph.call("GET", path).headers["x-ms-resource-unit"] == cost


def test_nobody_looks_across_the_border_of_a_tenant(graph: Graph, world: World) -> None:
    dave = world.person("dave").id

    assert "Dave" not in names(graph, "$top=999")
    assert graph.error("GET", f"/users/{dave}") == (404, "Request_ResourceNotFound")
    graph.sign_in("dave", "User.ReadBasic.All")
    assert names(graph, "$top=999") == ["Dave"]


def test_a_guest_is_found_with_an_address_elsewhere(graph: Graph, world: World) -> None:
    world.add_guest("Gus Guest", "gus@outside.example")
    graph.sign_in("alice", "User.Read.All")

    wanted = "$filter=userType eq 'Guest'&$select=mail,userPrincipalName,userType"
    guest: Any = graph.get(f"/users?{wanted}")["value"]

    assert guest == [
        {
            "userPrincipalName": "gus_outside.example#EXT#@contoso.example",
            "mail": "gus@outside.example",
            "userType": "Guest",
        }
    ]
    found = names(graph, '$search="mail:gus@out"', **EVENTUAL)
    assert found == ["Gus"]


def test_relevant_people_are_colleagues_and_contacts(graph: Graph, world: World) -> None:
    kim = [{"address": "kim@northwind.example", "name": "Kim"}]
    world.add_contact("alice", displayName="Kim Lind", emailAddresses=kim)
    legacy = [{"address": "/o=ExchangeLabs/cn=x", "name": "X"}]
    world.add_contact("alice", displayName="Kim Legacy", emailAddresses=legacy)
    graph.sign_in("alice", "People.Read")

    everybody = graph.get("/me/people?$top=50")["value"]
    found = graph.get("/me/people?$search=ki northw")["value"]

    scores = [each["scoredEmailAddresses"][0]["relevanceScore"] for each in everybody]
    assert scores == sorted(scores, reverse=True)
    assert [each["displayName"] for each in found] == ["Kim Lind"]
    assert found[0]["personType"] == {"class": "Person", "subclass": "PersonalContact"}
    assert everybody[1]["personType"]["subclass"] == "OrganizationUser"
    assert graph.get('/me/people?$search="bob@con"')["value"][0]["displayName"] == "Bob Brook"
