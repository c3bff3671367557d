"""The two ways into the database, instants, sealed columns."""

import threading
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, OperationalError, StatementError

from portal import accounts, people
from portal.database import Database
from portal.sealing import Keyring, WrongKey, new_key
from portal.tables import Membership, Registration, SessionRow
from tests.cast import CAST


def test_reading_cannot_write(portal):
    with portal.reading() as db:
        accounts.the_account(db).name = "Changed"
        with pytest.raises(OperationalError, match="readonly"):
            db.flush()


def test_what_raises_is_rolled_back(portal):
    def break_off() -> None:
        with portal.writing() as db:
            accounts.the_account(db).name = "Changed"
            db.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        break_off()

    with portal.reading() as db:
        assert accounts.the_account(db).name == "Contoso"


def test_a_reader_sees_one_moment(portal):
    with portal.reading() as db:
        before = len(people.everybody(db))
        with portal.writing() as other:
            other.execute(text("DELETE FROM people"))
        assert len(people.everybody(db)) == before


def test_concurrent_writers_lose_nothing(portal):
    def count_up() -> None:
        for _ in range(20):
            with portal.writing() as db:
                account = accounts.the_account(db)
                account.name = str(int(account.name) + 1)

    with portal.writing() as db:
        accounts.the_account(db).name = "0"
    threads = [threading.Thread(target=count_up) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with portal.reading() as db:
        assert accounts.the_account(db).name == "80"


def test_references_are_enforced(portal):
    with pytest.raises(IntegrityError), portal.writing() as db:
        db.add(Membership(group_id=999, person_id=999, joined_at=portal.clock()))


def test_an_instant_needs_its_zone(portal):
    naive = datetime(2026, 11, 18, 9, 0)  # noqa: DTZ001 - what must be refused
    with pytest.raises(StatementError, match="zone"), portal.writing() as db:
        accounts.the_account(db).set_up_at = naive


def test_an_instant_comes_back_in_utc(portal):
    with portal.writing() as db:
        there = timezone(timedelta(hours=9))
        accounts.the_account(db).set_up_at = datetime(2026, 11, 18, 9, 0, tzinfo=there)

    with portal.reading() as db:
        kept = accounts.the_account(db).set_up_at
    assert kept == datetime(2026, 11, 18, 0, 0, tzinfo=UTC)
    assert kept.tzinfo is UTC


def test_a_sealed_column_holds_no_readable_secret(portal):
    with portal.reading() as db:
        raw = db.execute(text("SELECT client_secret FROM registrations")).scalar_one()
        secret = db.query(Registration).one().client_secret
    assert secret == "simulated-secret"
    assert isinstance(raw, bytes)
    assert secret.encode() not in raw


def test_another_key_does_not_open_it(portal):
    stranger = Database(portal.settings.database_url, Keyring([new_key()]))

    with stranger.reading() as db, pytest.raises(WrongKey):
        db.query(Registration).one()
    stranger.close()


def test_durable_writes_are_the_default(tmp_path, keyring):
    for durable, expected in (("full", 2), ("normal", 1)):
        database = Database(f"sqlite:///{tmp_path / durable}.db", keyring, durable=durable)
        with database.writing() as db:
            assert db.execute(text("PRAGMA synchronous")).scalar_one() == expected
        database.close()


def test_an_address_belongs_to_one_person(portal):
    alice = CAST["alice"]
    with pytest.raises(people.AddressTaken), portal.writing() as db:
        people.add(
            db,
            address=alice.address.upper(),
            name=alice.name,
            role=alice.role,
            zone="UTC",
            password_hash="x",
            must_change_password=False,
            now=portal.clock(),
        )
    with portal.reading() as db:
        assert db.query(SessionRow).count() == 0
