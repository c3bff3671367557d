"""What Microsoft answers behind the scenes: refusals, forged proofs, broken and partial answers."""

import json
from collections.abc import Callable
from typing import Any

import httpx2
import pytest

from portal.tables import Connection
from tests.browse import Browser
from tests.stage import Stage, consent

Change = Callable[[httpx2.Response], httpx2.Response]


class Detour(httpx2.BaseTransport):
    """The way to Microsoft, on which the answers of the token endpoint may be changed."""

    def __init__(self, way: httpx2.BaseTransport) -> None:
        self.way = way
        self.change: Change | None = None

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        answer = self.way.handle_request(request)
        if self.change is None or not request.url.path.endswith("/token"):
            return answer
        answer.read()
        return self.change(answer)


@pytest.fixture
def microsoft(microsoft: httpx2.BaseTransport) -> Detour:
    return Detour(microsoft)


@pytest.fixture
def back(stage: Stage, alice: Browser) -> str:
    """The address at which Microsoft sends Alice back, with consent given."""
    stage.switch(on=True)
    return consent(stage.simulator, stage.world, stage.leave_for_microsoft(alice), "alice")


def refused(stage: Stage, browser: Browser, back: str, caplog: pytest.LogCaptureFixture) -> str:
    """Comes back to the profile: a sentence, a line in the log, nothing stored, no secret told."""
    answer = browser.get(back, follow=False)

    number = answer.headers["X-Request-ID"]
    lines = [
        one.getMessage() for one in caplog.records if one.name.startswith("blueprints.connect")
    ]
    assert [line for line in lines if number in line], caplog.text
    assert back.partition("code=")[2].partition("&")[0] not in caplog.text
    assert "@" not in "".join(lines)
    assert stage.rows(Connection) == []
    assert str(answer.location).endswith("/profile#integration")
    return browser.get("/profile").notices[0]


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (7000215, "did not accept the client secret"),
        (7000222, "client secret has expired"),
        (50173, "has ended the permission"),
        (50057, "account is disabled"),
        (54005, "used twice"),
        (70008, "no longer valid"),
        (501481, "used twice"),
        (53003, "rule of your organisation"),
        (999999, "sign in again"),
    ],
)
def test_every_refusal_of_a_code_has_its_sentence(
    stage: Stage,
    alice: Browser,
    back: str,
    caplog: pytest.LogCaptureFixture,
    number: int,
    expected: str,
) -> None:
    stage.world.fail_next_token(number)

    said = refused(stage, alice, back, caplog)

    assert expected in said
    assert f"AADSTS{number}" in caplog.text


def test_a_member_is_sent_to_an_administrator_who_is_told_how_to_mend_it(
    stage: Stage, alice: Browser, carol: Browser
) -> None:
    stage.switch(on=True)
    said = []
    for browser, who in ((alice, "alice"), (carol, "carol")):
        door = stage.leave_for_microsoft(browser)
        stage.world.fail_next_token(7000222)
        page = browser.get(consent(stage.simulator, stage.world, door, who))
        said.append(page.notices[0])

    assert "Tell an administrator of this portal, and name AADSTS7000222" in said[0]
    assert "Make a new client secret in Entra" in said[1]


@pytest.mark.parametrize(
    "forged",
    [
        {"iss": "https://evil.example/v2.0"},
        {"iss": None},
        {"nonce": "another"},
        {"nonce": None},
        {"nonce": 7},
        {"aud": "another-app"},
        {"aud": ["10c57e90-0000-4000-8000-00000000a990"]},
        {"exp": 0},
        {"nbf": 9_999_999_999},
        {"iat": 9_999_999_999},
        {"tid": "not-a-guid"},
        {"oid": "' OR 1=1"},
        {"oid": None},
    ],
    ids=str,
)
def test_a_proof_that_does_not_stand_connects_nobody(
    stage: Stage,
    alice: Browser,
    back: str,
    caplog: pytest.LogCaptureFixture,
    forged: dict[str, Any],
) -> None:
    stage.world.forge_next_id_token(**forged)

    assert "did not check out" in refused(stage, alice, back, caplog)


def page_of_a_proxy(_answer: httpx2.Response) -> httpx2.Response:
    return httpx2.Response(200, html="<h1>Please sign in to the guest network</h1>")


def bad_gateway(_answer: httpx2.Response) -> httpx2.Response:
    return httpx2.Response(502, html="<h1>Bad gateway</h1>")


def busy(_answer: httpx2.Response) -> httpx2.Response:
    return httpx2.Response(429, headers={"Retry-After": "120"}, json={})


def cut_short(answer: httpx2.Response) -> httpx2.Response:
    return httpx2.Response(200, content=answer.content[:-10])


def elsewhere(_answer: httpx2.Response) -> httpx2.Response:
    return httpx2.Response(302, headers={"Location": "https://evil.example/"})


def with_fields(answer: httpx2.Response, **fields: Any) -> httpx2.Response:
    told = {**json.loads(answer.content), **fields}
    return httpx2.Response(200, json={name: one for name, one in told.items() if one is not None})


def lost(_answer: httpx2.Response) -> httpx2.Response:
    raise httpx2.ReadError("the line went dead")


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (page_of_a_proxy, "could not be understood"),
        (cut_short, "could not be understood"),
        (elsewhere, "Microsoft"),
        (lambda answer: with_fields(answer, access_token=None), "could not be understood"),
        (lambda answer: with_fields(answer, access_token=""), "could not be understood"),
        (lambda answer: with_fields(answer, expires_in="soon"), "could not be understood"),
        (lambda answer: with_fields(answer, expires_in=-5), "could not be understood"),
        (lambda answer: with_fields(answer, token_type="mac"), "could not be understood"),
        (lambda answer: with_fields(answer, id_token=None), "did not check out"),
        (lambda answer: with_fields(answer, id_token="a.b.c"), "did not check out"),
        (lambda answer: with_fields(answer, refresh_token=None), "lasting access"),
        (lambda answer: with_fields(answer, scope="User.Read"), "did not grant"),
        (lambda answer: with_fields(answer, scope=None), "did not grant"),
    ],
)
def test_an_answer_that_is_not_what_it_should_be_becomes_a_sentence(
    stage: Stage,
    alice: Browser,
    back: str,
    caplog: pytest.LogCaptureFixture,
    microsoft: Detour,
    change: Change,
    expected: str,
) -> None:
    microsoft.change = change

    assert expected in refused(stage, alice, back, caplog)


def waited_for(stage: Stage, browser: Browser, back: str, caplog: pytest.LogCaptureFixture) -> bool:
    """Whether one is led to where it is tried again; nothing is stored, no secret told."""
    answer = browser.get(back, follow=False)
    assert back.partition("code=")[2].partition("&")[0] not in caplog.text
    assert stage.rows(Connection) == []
    return str(answer.location).endswith("/connect/finishing")


@pytest.mark.parametrize("number", [65001, 700016, 90024])
def test_a_refusal_that_passes_is_waited_for(
    stage: Stage, alice: Browser, back: str, caplog: pytest.LogCaptureFixture, number: int
) -> None:
    stage.world.fail_next_token(number)

    assert waited_for(stage, alice, back, caplog)


@pytest.mark.parametrize("change", [bad_gateway, busy, lost])
def test_an_answer_that_does_not_come_now_is_waited_for(
    stage: Stage,
    alice: Browser,
    back: str,
    caplog: pytest.LogCaptureFixture,
    microsoft: Detour,
    change: Change,
) -> None:
    microsoft.change = change

    assert waited_for(stage, alice, back, caplog)


def test_less_than_was_asked_for_is_taken_and_said(
    stage: Stage, alice: Browser, back: str, microsoft: Detour
) -> None:
    microsoft.change = lambda answer: with_fields(answer, scope="User.Read Calendars.Read")

    page = alice.get(back)

    assert stage.rows(Connection)[0].calendar_access == "read"
    assert "granted only seeing your calendar" in page.notices[1]
    assert "Only see" in page.text
