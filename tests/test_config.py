"""Settings of the process: a wrong value stops the start with a sentence that names it."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import config

ROOT = Path(__file__).parent.parent
KEY = "A" * 43 + "="


@pytest.fixture
def variables(monkeypatch, tmp_path):
    """Sets variables for a load in an empty folder, where no `.env` lies."""
    monkeypatch.chdir(tmp_path)

    def put(**values):
        for name, value in values.items():
            monkeypatch.setenv(name, value)

    return put


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("WEB_THREADS", "1", "greater than or equal to 2"),
        ("WEB_THREADS", "many", "valid integer"),
        ("BIND", "8080", "HOST:PORT"),
        ("BIND", "127.0.0.1:99999", "HOST:PORT"),
        ("JOBS", "maybe", "'on' or 'off'"),
        ("DURABLE", "no", "'full' or 'normal'"),
        ("LOG_LEVEL", "loud", "'debug'"),
        ("DATABASE_URL", "postgresql://db/portal", "SQLite"),
        ("DATABASE_URL", "sqlite:///", "name a file"),
        ("DATABASE_URL", "sqlite:///:memory:", "name a file"),
        ("SEAL_KEYS", "short", "44 characters"),
        ("ENTRA_BASE", "http://login.example.org", "https"),
        ("GRAPH_BASE", "ftp://graph.example.org", "https"),
        ("GRAPH_BASE", "graph", "https"),
        ("GRAPH_BASE", "https://[", "IPv6"),
        ("ENTRA_BASE", "https://login.example.org; script-src *", "signs"),
        ("METRICS_TOKEN", "short", "at least 20 signs"),
        ("TRUSTED_PROXIES", "-1", "greater than or equal to 0"),
    ],
)
def test_a_wrong_value_is_named(variables, name, value, says):
    variables(**{name: value})

    with pytest.raises(config.WrongSetting) as raised:
        config.load()

    sentence = str(raised.value)
    assert sentence.startswith(f"{name} cannot be used: ")
    assert says in sentence
    assert sentence.count("\n") == 0


def test_a_wrong_key_is_not_repeated_in_the_sentence(variables):
    variables(SEAL_KEYS="hunter2-hunter2")

    with pytest.raises(config.WrongSetting) as raised:
        config.load()

    assert "hunter2" not in str(raised.value)


def test_plain_http_is_accepted_for_this_machine_only(variables):
    for host in ("localhost", "127.0.0.1:8365", "[::1]:8365", "simulator.localhost"):
        variables(GRAPH_BASE=f"http://{host}/v1.0/")
        assert config.load().graph_base == f"http://{host}/v1.0"


def test_several_keys_are_read_in_their_order(variables):
    variables(SEAL_KEYS=f"{KEY}, {'B' * 43}=")

    settings = config.load()

    assert settings.seal_keys == (KEY, "B" * 43 + "=")
    assert KEY not in repr(settings)


def test_a_file_of_variables_is_read_from_the_folder(variables, tmp_path):
    (tmp_path / ".env").write_text("WEB_THREADS=5\n")

    assert config.load().web_threads == 5


def test_every_variable_is_documented():
    rows = re.findall(r"^\| (`[A-Z].*?) \|", (ROOT / "docs/install.md").read_text(), re.MULTILINE)

    documented = {name for row in rows for name in re.findall(r"`([A-Z_]+)`", row)}
    assert documented == {name.upper() for name in config.Settings.model_fields}


def test_everything_has_a_default(variables):
    settings = config.load()

    assert (settings.bind, settings.port) == ("127.0.0.1:8080", 8080)
    assert settings.database_url == "sqlite:///instance/lockstep.db"
    assert settings.key_file == Path("instance/seal.keys")


@pytest.mark.parametrize(
    ("variables_", "says"),
    [
        ({"BIND": "nowhere"}, "BIND cannot be used"),
        ({"SEAL_KEYS_FILE": "missing.keys"}, "missing.keys is missing"),
    ],
)
def test_the_program_does_not_start_and_says_why_in_one_sentence(tmp_path, variables_, says):
    ended = subprocess.run(
        [sys.executable, str(ROOT / "app.py"), "run"],
        env={"PATH": os.environ["PATH"], **variables_},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert ended.returncode == 1
    assert says in ended.stderr
    assert "Traceback" not in ended.stderr
    assert not (tmp_path / "instance").exists()
