"""The program at the command line: what it refuses, and what it leaves on the disk."""

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

import app as program
from outside import Outside
from portal import schema
from portal.sealing import NoKey, new_key, read_keys, write_keys
from portal.tables import Audit, Person
from server import Server
from tests.cast import PASSWORD
from tests.conftest import settings_in


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Runs a command in an empty folder that holds a key; answers what it said."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SEAL_KEYS", new_key())
    monkeypatch.setenv("LOG_LEVEL", "warning")

    def command(*words: str) -> Result:
        return CliRunner().invoke(program.cli, words)

    return command


def others_may(path):
    return path.stat().st_mode & 0o077


def test_what_the_portal_keeps_is_for_its_owner_alone(tmp_path):
    folder = tmp_path / "instance"
    write_keys(folder / "seal.keys", [new_key()])

    database = program.prepare_data(settings_in(folder), Outside())

    with database.writing() as db:
        db.scalars(select(Person)).all()
        assert not [path.name for path in (folder, *folder.iterdir()) if others_may(path)]
    database.close()


def test_a_file_that_is_no_database_is_refused_in_a_sentence(tmp_path):
    (tmp_path / "lockstep.db").write_bytes(b"letters, not pages" * 99)

    with pytest.raises(schema.CannotOpen, match=r"lockstep\.db cannot be used: file is not a"):
        program.prepare_data(settings_in(tmp_path), Outside())


def test_a_place_where_nothing_can_be_kept_is_refused_in_a_sentence(tmp_path):
    (tmp_path / "taken").write_text("a file where a folder should be")

    with pytest.raises(schema.CannotOpen, match="cannot be used"):
        program.prepare_data(settings_in(tmp_path / "taken"), Outside())
    with pytest.raises(NoKey, match="cannot be written"):
        write_keys(tmp_path / "taken" / "seal.keys", [new_key()])


def test_a_key_file_of_anything_else_is_refused_in_a_sentence(tmp_path):
    file = tmp_path / "seal.keys"
    file.touch(mode=0o600)
    for content in (b"", b"\xff\xfe\x00", b"not a key"):
        file.write_bytes(content)
        with pytest.raises(NoKey, match="holds no usable key"):
            read_keys(file)


@pytest.mark.parametrize(
    ("address", "name", "says"),
    [("bob", "Bob", "not an e-mail"), ("bob@contoso.example", " ", "Give a name")],
)
def test_an_owner_who_could_not_sign_in_is_not_made(run, address, name, says):
    ended = run("create-owner", "--address", address, "--name", name, "--password", PASSWORD)

    assert (ended.exit_code, says in ended.output) == (1, True)


def test_an_owner_made_at_the_command_line_is_in_the_audit_log(run, tmp_path):
    whom = ("--address", "Bob@Contoso.example", "--name", "Bob", "--password", PASSWORD)

    assert "bob@contoso.example can sign in as owner" in run("create-owner", *whom).output

    database = program.prepare_data(program.config.load(), Outside())
    with database.reading() as db:
        assert db.scalars(select(Audit.act)).all() == ["owner made by the operator"]
    database.close()


def test_the_server_believes_nobody_about_scheme_and_path():
    """Only TRUSTED_PROXIES says whom to believe, and the application counts them."""
    server = Server(
        make_app=list, start_beside=lambda _: lambda: None, bind="127.0.0.1:8080", threads=2
    )

    assert server.cfg.forwarded_allow_ips == []
