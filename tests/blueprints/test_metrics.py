"""/metrics: counts as Prometheus reads them, for whoever has the token and for nobody else."""

import re

import pytest

from tests import calendar_make
from tests.conftest import Laid, Portal, settings_in

TOKEN = "a-token-of-the-monitor-7"
LINE = re.compile(r'lockstep_[a-z_]+(\{[a-z]+="[^"\n]*"(,[a-z]+="[^"\n]*")*\})? -?[0-9.e+-]+')


@pytest.fixture(scope="module")
def laid_with_token(tmp_path_factory):
    return Laid(settings_in(tmp_path_factory.mktemp("token"), metrics_token=TOKEN))


@pytest.fixture
def measured(laid_with_token, kept_database, outside, clock):
    """A portal that gives its numbers away to whoever has the token."""
    laid_with_token.begin(kept_database)
    running = Portal(laid_with_token, outside, clock)
    yield running
    running.close()


def ask(portal: Portal, **headers: str):
    return portal.app.test_client().get("/metrics", headers=headers)


def test_the_numbers_are_there_for_the_token(measured):
    with measured.writing() as db:
        calendar_make.connected(db, "alice", now=measured.clock())

    answer = ask(measured, Authorization=f"Bearer {TOKEN}")

    assert (answer.status_code, answer.mimetype) == (200, "text/plain")
    lines = answer.text.splitlines()
    assert 'lockstep_connections{state="connected"} 1' in lines
    assert 'lockstep_connections{state="not_set_up"} 4' in lines
    for line in lines:
        assert line.startswith("#") or LINE.fullmatch(line), line
    named = [line.split()[2] for line in lines if line.startswith("# TYPE")]
    assert len(named) == len(set(named)) > 10


@pytest.mark.parametrize(
    "given", ["", "Bearer ", "Bearer wrong", TOKEN[:-1], f"Basic {TOKEN}", "Bearer ü"]
)
def test_without_it_the_address_is_not_there(measured, given):
    assert ask(measured, Authorization=given).status_code == 404


def test_without_a_token_set_it_is_not_there_for_anybody(portal, carol):
    assert ask(portal, Authorization="Bearer ").status_code == 404
    assert carol.get("/metrics").status == 404


def test_nobody_is_named(measured):
    answer = ask(measured, Authorization=f"Bearer {TOKEN}")

    assert "Alice" not in answer.text
    assert "@" not in answer.text
