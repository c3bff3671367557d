"""The way out: where it may lead, how much it takes in, what it never does."""

import time

import httpx2
import pytest

from m365 import transport
from m365.errors import BadAnswer, Unreachable
from m365.transport import ask, is_below
from tests.m365.desk import BASE, Wire, answer


@pytest.mark.parametrize(
    "address",
    [
        "http://evil.test/v1.0/me",
        "https://graph.test/v1.0/me",
        "http://graph.test:8080/v1.0/me",
        "http://graph.test/beta/me",
        "http://graph.test/v1.0.evil/me",
        "http://graph.test/v1.0/../beta/me",
        "http://graph.test/v1.0/%2e%2e/beta",
        "http://graph.test/v1.0/..%5cbeta\\..\\..",
        "http://graph.test@evil.test/v1.0/me",
        "http://user:word@graph.test/v1.0/me",
        "//evil.test/v1.0/me",
        "/v1.0/me",
        "http://",
        "http://graph.test:99999999/v1.0/me",
        "javascript:alert(1)",
        "",
        "\x00",
    ],
)
def test_nothing_is_sent_outside_the_base(address: str) -> None:
    wire = Wire(answer())

    with pytest.raises(BadAnswer, match="address_outside"):
        ask(wire.http, "GET", address, within=BASE, headers={"Authorization": "Bearer t"})
    assert wire.seen == []


def test_an_address_below_the_base_is_taken() -> None:
    assert is_below(f"{BASE}/me/calendarView/delta?$skiptoken=a%2Fb../c", BASE)
    assert is_below("http://graph.test:80/v1.0/me", BASE + "/")


def test_more_than_64_megabytes_are_refused() -> None:
    flood = (b"x" * 1_048_576 for _ in range(65))
    wire = Wire(httpx2.Response(200, content=flood))

    with pytest.raises(BadAnswer, match="too_large"):
        ask(wire.http, "GET", f"{BASE}/me", within=BASE, headers={})


def test_a_passed_deadline_sends_nothing() -> None:
    wire = Wire(answer())

    with pytest.raises(Unreachable, match="timeout"):
        ask(
            wire.http,
            "GET",
            f"{BASE}/me",
            within=BASE,
            headers={},
            until=time.monotonic() - 1,
        )
    assert wire.seen == []


def test_an_answer_that_only_drips_is_given_up_at_the_deadline() -> None:
    wire = Wire(httpx2.Response(200, content=iter(lambda: b"x", b"")))

    with pytest.raises(Unreachable, match="timeout"):
        ask(
            wire.http,
            "GET",
            f"{BASE}/me",
            within=BASE,
            headers={},
            until=time.monotonic() + 0.05,
        )


@pytest.mark.parametrize(
    ("lost", "code"),
    [
        (httpx2.ConnectError("no route"), "not_connected"),
        (httpx2.ReadError("reset"), "connection_lost"),
        (httpx2.RemoteProtocolError("closed"), "connection_lost"),
        (httpx2.ReadTimeout("slow"), "timeout"),
    ],
)
def test_a_lost_answer_is_unreachable(lost: Exception, code: str) -> None:
    wire = Wire(lost)

    with pytest.raises(Unreachable, match=code):
        ask(wire.http, "POST", f"{BASE}/me", within=BASE, headers={})


def test_broken_compression_is_a_bad_answer() -> None:
    wire = Wire(
        lambda _: httpx2.Response(
            200,
            headers={"content-encoding": "gzip"},
            stream=httpx2.ByteStream(b"this is no gzip"),
        )
    )

    with pytest.raises(BadAnswer, match="undecodable"):
        ask(wire.http, "GET", f"{BASE}/me", within=BASE, headers={})


def test_cookies_are_never_kept() -> None:
    wire = Wire(answer(set_cookie="mailbox=alice; Path=/"), answer())

    ask(wire.http, "GET", f"{BASE}/me", within=BASE, headers={})
    ask(wire.http, "GET", f"{BASE}/me", within=BASE, headers={})

    assert "cookie" not in wire.seen[1].headers


def test_redirects_and_the_environment_are_not_followed() -> None:
    http = transport.client()

    assert http.follow_redirects is False
    assert http.trust_env is False
