"""What every answer carries, and what an error says."""

from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError


def test_an_address_that_leads_nowhere_says_what_to_do(alice):
    page = alice.get("/nowhere")

    assert page.status == 404
    assert page.headers["X-Request-ID"] in page.text


@pytest.mark.parametrize("method", ["put", "delete"])
def test_a_method_the_page_does_not_know_is_refused(alice, method):
    answer = getattr(alice.client, method)("/sign-in", base_url=alice.address)

    assert answer.status_code in (400, 405)


def test_a_method_that_is_not_there_is_answered_with_those_that_are(alice):
    answer = alice.client.open("/meetings", method="TRACE", base_url=alice.address)

    assert (answer.status_code, sorted(answer.allow)) == (405, ["GET", "HEAD", "OPTIONS"])


def test_a_form_larger_than_any_of_ours_is_refused(alice):
    page = alice.post("/profile", {"name": "x" * 600_000})

    assert page.status == 413


def test_a_database_that_cannot_be_written_is_said_to_be_busy(alice, portal):
    alice.get("/profile")
    portal.database.write_engine.dispose()
    lock = portal.database.write_engine.raw_connection()
    try:
        lock.cursor().execute("BEGIN IMMEDIATE")
        portal.app.extensions["lockstep"].database.write_engine.dispose()
        page = alice.post("/profile", {"name": "Alice", "zone": "UTC"})
    finally:
        lock.cursor().execute("ROLLBACK")
        lock.close()

    assert page.status == 503


@pytest.mark.parametrize("path", ["/calendar", "/live/calendar/month", "/sign-in", "/nowhere"])
def test_a_database_that_cannot_be_read_is_said_in_a_whole_page(alice, portal, path):
    portal.close()
    for file in Path(portal.database.path).parent.glob("lockstep.db*"):
        file.write_bytes(b"not a database")

    page = alice.client.get(path, base_url=alice.address)

    assert page.status_code == (404 if path == "/nowhere" else 503)
    assert page.headers["X-Request-ID"] in page.text
    assert "Content-Security-Policy" in page.headers


def test_the_log_learns_of_an_error_without_what_people_wrote(portal):
    with pytest.raises(IntegrityError) as refused, portal.writing() as db:
        db.execute(text("INSERT INTO people (name) VALUES (:name)"), {"name": "Alice Ardent"})

    assert "Alice" not in str(refused.value)


def test_by_https_the_cookie_stays_on_this_host(portal):
    answer = portal.app.test_client().get("/sign-in", base_url="https://portal.example.org")

    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-lockstep=")
    assert all(part in cookie for part in ("Secure", "HttpOnly", "Path=/", "SameSite=Lax"))
    assert "Strict-Transport-Security" in answer.headers


def test_health_is_open_and_tells_nothing_but_health(visitor):
    assert visitor.client.get("/healthz").json == {"alive": True}
    assert visitor.client.get("/readyz").json == {"schema": True, "dispatcher": False}


def test_a_schema_that_is_not_at_head_is_not_ready(visitor, portal):
    with portal.database.write_engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0000'"))

    answer = visitor.client.get("/readyz")

    assert (answer.status_code, answer.json["schema"]) == (503, False)
