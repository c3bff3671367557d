"""How everybody's connection stands, on Admin > People, and an administrator's pause."""

from datetime import datetime

from portal import people
from portal.tables import Audit, Connection
from tests.browse import Browser
from tests.page import words
from tests.stage import Stage


def line(page_of: Browser, name: str) -> str:
    rows = page_of.get("/admin/people").all("tr")
    return next(words(row) for row in rows if words(row).startswith(name))


def test_the_list_tells_of_everybody_how_their_connection_stands(
    stage: Stage, alice: Browser, carol: Browser
) -> None:
    stage.connect(alice, "alice")
    stage.rest()

    told = line(carol, "Alice")
    assert "Connected Same address OAuth 2.0 18 November 2026, 10:00" in told
    assert "Not set up" in line(carol, "Bob")


def test_the_list_names_the_cause_in_plain_words(
    stage: Stage, alice: Browser, carol: Browser
) -> None:
    stage.connect(alice, "alice")
    stage.rest()
    stage.world.revoke("alice")
    stage.world.expire_access_tokens("alice")
    stage.look()

    said = line(carol, "Alice")

    assert "Needs consent" in said
    assert "AADSTS" in said


def test_an_administrator_pauses_and_resumes_and_the_log_has_it(
    stage: Stage, alice: Browser, carol: Browser
) -> None:
    stage.connect(alice, "alice")
    stage.rest()

    page = carol.submit(carol.get(f"/admin/people/{alice.person_id}"), "Pause calendar")
    paused = line(carol, "Alice")
    carol.submit(page, "Resume calendar")

    assert "Paused by an administrator." in paused
    assert [row.paused_by for row in stage.rows(Connection)] == [None]
    acts = [(row.person_id, row.act) for row in stage.rows(Audit) if row.act.startswith("conn")]
    who = carol.person_id
    assert acts == [(who, "connection paused"), (who, "connection resumed")]


def test_whoever_waits_for_an_approval_is_listed_so(
    stage: Stage, alice: Browser, carol: Browser
) -> None:
    with stage.database.writing() as db:
        person = people.by_id(db, alice.person_id or 0)
        person.approval_asked_at = datetime.fromisoformat("2026-11-18T09:00:00+00:00")

    assert "Waiting for approval" in line(carol, "Alice")


def test_there_is_nothing_to_pause_without_a_connection(carol: Browser, bob: Browser) -> None:
    for act in ("pause", "resume"):
        assert carol.post(f"/admin/people/{bob.person_id}/{act}").status == 404
