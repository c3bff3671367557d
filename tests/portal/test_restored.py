"""A database that was put back from a copy is noticed, and a first start alarms nobody."""

from pathlib import Path

import pytest

from portal import accounts, restored
from portal.tables import Audit


@pytest.fixture
def file(portal):
    return Path(portal.database.path).with_name(restored.FILE)


def count_up(portal):
    return restored.count_up(portal.database, now=portal.clock())


def epoch(portal):
    with portal.reading() as db:
        return accounts.the_account(db).epoch


def is_noted(portal):
    with portal.reading() as db:
        return accounts.the_account(db).restored_at is not None


def test_a_first_start_after_the_upgrade_alarms_nobody(portal, file):
    assert not file.exists()

    assert not count_up(portal)
    assert not count_up(portal)

    assert not is_noted(portal)
    assert epoch(portal) == int(file.read_text())
    assert file.stat().st_mode & 0o077 == 0


def test_a_copy_put_back_is_noticed_once(portal, file):
    count_up(portal)
    with portal.writing() as db:
        db.connection().exec_driver_sql("UPDATE accounts SET epoch = 1")
    file.write_text("5\n")

    assert count_up(portal)
    assert not count_up(portal)

    assert is_noted(portal)
    assert file.read_text() == "7\n"
    with portal.reading() as db:
        assert [row.act for row in db.query(Audit)] == ["database restored"]


def test_a_crash_between_the_row_and_the_file_alarms_nobody(portal, file):
    count_up(portal)
    with portal.writing() as db:
        accounts.the_account(db).epoch += 1

    assert not count_up(portal)


@pytest.mark.parametrize("content", ["", "many\n", "-3\n"])
def test_a_file_nobody_can_read_alarms_nobody(portal, file, content):
    file.write_text(content)

    assert not count_up(portal)
    assert epoch(portal) == int(file.read_text())


def test_a_disk_that_takes_no_file_does_not_stop_the_start(portal, file):
    file.with_suffix(".new").mkdir()

    assert not count_up(portal)
    assert not file.exists()
