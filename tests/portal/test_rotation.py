"""Sealing keys: files, a first one, and sealing everything anew."""

import pytest
from sqlalchemy import text

from portal import leases, registrations, rotation
from portal.database import Database
from portal.sealing import Keyring, NoKey, WrongKey, new_key, read_keys, write_keys
from tests.conftest import SEAL_KEY


@pytest.fixture
def key_file(tmp_path):
    file = tmp_path / "seal.keys"
    write_keys(file, [SEAL_KEY])
    return file


def test_after_a_rotation_the_new_key_alone_opens_every_secret(portal, key_file):
    count = rotation.rotate(portal.database, key_file, now=portal.clock())

    newest = read_keys(key_file)[0]
    database = Database(portal.settings.database_url, Keyring([newest]))
    with database.reading() as db:
        assert registrations.current(db).client_secret == "simulated-secret"
    database.close()
    assert count == 2
    assert read_keys(key_file) == [newest, SEAL_KEY]


def test_a_second_rotation_drops_the_key_before_the_last(portal, key_file):
    rotation.rotate(portal.database, key_file, now=portal.clock())
    former = read_keys(key_file)[0]
    rotation.rotate(portal.database, key_file, now=portal.clock())

    assert read_keys(key_file)[1:] == [former]


def test_a_value_nobody_can_open_stops_the_rotation_before_anything_is_lost(portal, key_file):
    with portal.writing() as db:
        db.execute(text("UPDATE registrations SET client_secret = x'00ff'"))

    with pytest.raises(WrongKey):
        rotation.rotate(portal.database, key_file, now=portal.clock())

    assert SEAL_KEY in read_keys(key_file)


def test_a_running_portal_is_not_rotated_under_its_feet(portal, key_file):
    with portal.writing() as db:
        leases.lead(db, "a process", now=portal.clock())

    with pytest.raises(rotation.PortalRuns):
        rotation.rotate(portal.database, key_file, now=portal.clock())
    assert read_keys(key_file) == [SEAL_KEY]


def test_a_first_key_is_written_for_its_owner_alone(tmp_path):
    file = tmp_path / "new" / "seal.keys"

    rotation.first_key(file, f"sqlite:///{tmp_path / 'none.db'}")

    assert file.stat().st_mode & 0o077 == 0
    assert len(read_keys(file)) == 1


def test_a_key_that_exists_is_never_replaced(key_file, tmp_path):
    with pytest.raises(NoKey, match="exists already"):
        rotation.first_key(key_file, f"sqlite:///{tmp_path / 'none.db'}")


def test_data_without_its_key_gets_no_new_one(portal, tmp_path):
    with pytest.raises(NoKey, match="could not open it"):
        rotation.first_key(tmp_path / "lost.keys", portal.settings.database_url)


@pytest.mark.parametrize("content", ["", "nonsense\n", f"{'A' * 43}=\nnonsense\n"])
def test_a_damaged_key_file_is_refused(tmp_path, content):
    file = tmp_path / "seal.keys"
    file.touch(mode=0o600)
    file.write_text(content)

    with pytest.raises(NoKey, match="no usable key"):
        read_keys(file)


def test_a_key_file_others_can_read_is_refused(key_file):
    key_file.chmod(0o644)

    with pytest.raises(NoKey, match="chmod 600"):
        read_keys(key_file)


def test_sealing_the_same_text_twice_looks_different(keyring):
    assert keyring.seal("secret") != keyring.seal("secret")
    assert keyring.open(keyring.seal("Größe")) == "Größe"


def test_secrets_for_other_purposes_come_from_every_key(keyring):
    two = Keyring([new_key(), SEAL_KEY])

    assert two.derived("cookies")[1] == keyring.derived("cookies")[0]
    assert keyring.derived("cookies") != keyring.derived("feeds")
