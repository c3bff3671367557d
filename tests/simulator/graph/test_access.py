"""Who may do what: tokens, scopes, mailboxes; failures on request; what is not simulated."""

import logging

import pytest

from simulator.world import World
from tests.conftest import Clock
from tests.simulator.desk import NOVEMBER, Graph, at, timed

VIEW = f"/me/calendarView?{NOVEMBER}"


def test_without_a_valid_token_nothing_is_answered(graph: Graph, clock: Clock) -> None:
    clock.advance(hours=2)
    expired = graph.call("GET", "/me")
    graph.headers = {}

    assert expired.status_code == 401
    assert "WWW-Authenticate" in expired.headers
    assert graph.error("GET", "/me") == (401, "InvalidAuthenticationToken")


def test_reading_needs_a_scope_and_writing_a_stronger_one(graph: Graph) -> None:
    graph.sign_in("alice", "User.Read")
    unread = graph.error("GET", VIEW)
    graph.sign_in("alice", "Calendars.Read")

    assert unread == (403, "ErrorAccessDenied")
    assert graph.get(VIEW)["value"] == []
    assert graph.error("POST", "/me/events", timed(20, 10)) == (403, "ErrorAccessDenied")
    assert graph.error("GET", "/me/mailboxSettings") == (403, "ErrorAccessDenied")
    assert graph.error("GET", "/me") == (403, "Authorization_RequestDenied")


def test_a_person_reaches_only_the_own_mailbox(graph: Graph) -> None:
    assert graph.get("/users/alice@contoso.example/calendars")["value"]
    assert graph.error("GET", "/users/bob@contoso.example/calendars")[0] == 403
    assert graph.error("GET", "/users/dave@fabrikam.example/calendars")[0] == 404


def test_an_application_reaches_every_mailbox_of_its_tenant_only(
    graph: Graph, world: World
) -> None:
    graph.as_app("Calendars.ReadWrite")
    bob, dave = world.person("bob").id, world.person("dave").id

    made = graph.create(timed(20, 10), calendar=f"/users/{bob}")

    assert world.event("bob", made["id"])
    assert graph.error("GET", f"/users/{dave}/calendars") == (404, "Request_ResourceNotFound")


def test_somebody_without_a_mailbox_is_told_so(graph: Graph, world: World) -> None:
    world.take_mailbox("alice")

    assert graph.error("GET", VIEW) == (404, "MailboxNotEnabledForRESTAPI")
    assert graph.get("/me")["mail"] is None


def test_a_calendar_that_is_read_only_refuses_writing(graph: Graph) -> None:
    calendars = graph.get("/me/calendars")["value"]
    holidays = next(each["id"] for each in calendars if not each["canEdit"])

    refusal = graph.error("POST", f"/me/calendars/{holidays}/events", timed(20, 10))

    assert refusal == (403, "ErrorAccessDenied")


def test_what_is_not_simulated_says_so(graph: Graph, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        response = graph.call("GET", "/me/messages")

    assert response.status_code == 501
    assert "GET /v1.0/me/messages" in response.text
    assert "GET /v1.0/me/messages" in caplog.text


@pytest.mark.parametrize("path", ["/me/events/$count", "/users/$count", "/me/events/x/$value"])
def test_what_stands_for_no_id_is_taken_for_none(graph: Graph, path: str) -> None:
    response = graph.call("GET", path)

    assert response.status_code == 501
    assert f"GET /v1.0{path}" in response.text


def test_the_beta_version_is_not_simulated_and_says_so(
    graph: Graph, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        response = graph.client.get("/beta/me/events", headers=graph.headers)

    assert (response.status_code, response.json["error"]["code"]) == (501, "NotImplemented")  # type: ignore[index]
    assert "GET /beta/me/events" in response.text
    assert "GET /beta/me/events" in caplog.text
    assert len(response.headers["request-id"]) == 36


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PUT", "/me/events"), ("PATCH", "/me/events"), ("DELETE", "/me/calendar/events"),
        ("GET", "/me/events/x/cancel"), ("GET", "/$batch"), ("TRACE", "/me"),
        ("POST", "/me/events/x"), ("POST", "/subscriptions/x"), ("POST", "/me/contacts/x"),
        ("OPTIONS", "/me/messages"), ("COPY", "/everything"),
    ],
)  # fmt: skip
def test_a_method_that_graph_does_not_know_is_not_allowed(
    graph: Graph, method: str, path: str
) -> None:
    response = graph.call(method, path)

    assert (response.status_code, response.json["error"]["code"]) == (405, "BadRequest")  # type: ignore[index]
    assert len(response.headers["request-id"]) == 36


@pytest.mark.parametrize("address", ["/v1.0", "/v1.0/", "/beta", "/v1.0//me", "/v1.0/me/"])
def test_odd_addresses_are_answered_in_the_words_of_graph(graph: Graph, address: str) -> None:
    response = graph.client.get(address, headers=graph.headers, follow_redirects=True)

    assert response.status_code == 501
    assert response.json["error"]["code"] == "NotImplemented"  # type: ignore[index]


@pytest.mark.parametrize("body", [b"{", b"[]", b"\xff", b'"text"', b'{"subject": NaN}'])
def test_a_body_that_is_not_a_json_object_is_refused(graph: Graph, body: bytes) -> None:
    headers = {**graph.headers, "Content-Type": "application/json"}

    response = graph.client.post("/v1.0/me/events", data=body, headers=headers)

    assert (response.status_code, response.json["error"]["code"]) == (400, "RequestBodyRead")  # type: ignore[index]


def test_a_body_above_4_mb_is_refused(graph: Graph) -> None:
    body = {"subject": "x" * 4 * 1024 * 1024, **timed(20, 10)}

    assert graph.error("POST", "/me/events", body) == (413, "RequestEntityTooLarge")


@pytest.mark.parametrize("query", ["$filter=bodyPreview eq 'x'", "$expand=attachments"])
def test_an_option_that_is_not_simulated_says_so(graph: Graph, world: World, query: str) -> None:
    world.add_event("alice", "Lunch", at(4))

    assert graph.error("GET", f"/me/events?{query}") == (501, "NotImplemented")


def test_failures_strike_as_often_as_asked_and_where_asked(graph: Graph, world: World) -> None:
    world.fail_next(429, "ApplicationThrottled", retry_after="2", times=2, path_contains="View")

    throttled = graph.call("GET", VIEW)

    assert graph.get("/me")
    assert (throttled.status_code, throttled.headers["Retry-After"]) == (429, "2")
    assert graph.error("GET", VIEW) == (429, "ApplicationThrottled")
    assert graph.get(VIEW)["value"] == []


def test_a_failure_may_concern_one_person(graph: Graph, world: World) -> None:
    world.fail_next(503, "serviceNotAvailable", person="bob")

    assert graph.get(VIEW)["value"] == []
    graph.sign_in("bob")
    assert graph.error("GET", VIEW) == (503, "serviceNotAvailable")


@pytest.mark.parametrize(("after_effect", "events"), [(True, 1), (False, 0)])
def test_a_connection_breaks_before_or_after_the_effect(
    graph: Graph, world: World, after_effect: bool, events: int
) -> None:
    world.drop_next(after_effect=after_effect, path_contains="/events")

    with pytest.raises(ConnectionResetError):
        graph.call("POST", "/me/events", timed(20, 10))

    assert len(world.events("alice")) == events


def test_the_control_addresses_act_and_refuse_nonsense(graph: Graph, world: World) -> None:
    fail = {"status": 503, "code": "ErrorServerBusy", "times": 1}

    good = graph.client.post("/_control/fail", json=fail)
    policy = graph.client.post("/_control/consent", json={"policy": "admin_only"})
    bad = graph.client.post("/_control/fail", json={"stats": 503})
    foreign = graph.client.post(
        "/_control/latency", json={"ms": 5}, environ_base={"REMOTE_ADDR": "192.0.2.7"}
    )

    codes = [each.status_code for each in (good, policy, bad, foreign)]
    assert codes == [200, 200, 400, 403]
    assert world.consent_policy == "admin_only"
    assert graph.error("GET", VIEW) == (503, "ErrorServerBusy")


@pytest.mark.parametrize(
    ("sender", "headers"),
    [
        ("192.0.2.7", {}),
        ("192.0.2.7", {"X-Forwarded-For": "127.0.0.1"}),
        ("192.0.2.7", {"Forwarded": "for=127.0.0.1", "X-Real-IP": "127.0.0.1"}),
        ("127.0.0.1", {"X-Forwarded-For": "192.0.2.7"}),
        ("::1", {"Forwarded": "for=192.0.2.7"}),
    ],
)
def test_the_control_addresses_are_for_this_machine_alone(
    graph: Graph, sender: str, headers: dict[str, str]
) -> None:
    asked = {"environ_base": {"REMOTE_ADDR": sender}, "headers": headers}

    assert graph.client.get("/_control/switches", **asked).status_code == 403  # type: ignore[arg-type]
    assert graph.client.post("/_control/fail", json={}, **asked).status_code == 403  # type: ignore[arg-type]


def test_every_answer_carries_request_ids_and_its_date(graph: Graph, clock: Clock) -> None:
    response = graph.call("GET", "/me", client_request_id="mine")

    assert response.headers["client-request-id"] == "mine"
    assert len(response.headers["request-id"]) == 36
    assert response.date == clock()
