"""The server of the command line: kept connections, several at once, a clean end."""

import http.client
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from flask import Flask

from simulator import create_app, options
from simulator.__main__ import main
from simulator.server import Server
from simulator.world import World
from tests.simulator.desk import SCOPES

PARTS = (b'{"requests": [{"id": "1", "method": "GET",', b' "url": "/me"}]}')


def serving(app: Flask) -> Iterator[Server]:
    """The application on a port of its own, until the test ends."""
    running = Server("127.0.0.1", 0, app)
    thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield running
    running.shutdown()
    thread.join()
    running.server_close()


@pytest.fixture
def server(simulator: Flask) -> Iterator[Server]:
    yield from serving(simulator)


@pytest.fixture
def plain_server(world: World) -> Iterator[Server]:
    """Without a judge, who would wait for whole answers."""
    yield from serving(create_app(world))


def connect(server: Server) -> http.client.HTTPConnection:
    """A connection to the running server."""
    return http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=10)


def test_a_connection_is_kept(server: Server) -> None:
    connection = connect(server)

    answers = []
    for _ in range(3):
        connection.request("GET", "/healthz")
        answers.append(connection.getresponse().read())
        kept = connection.sock

    assert answers == [b"ok\n"] * 3
    assert kept is not None
    connection.close()


def test_several_are_served_at_once(server: Server, world: World) -> None:
    # Each call waits until all eight have arrived: one after another would never end.
    meeting = threading.Barrier(8, timeout=10)

    def call(number: int) -> int:
        connection = connect(server)
        connection.connect()
        meeting.wait()
        connection.request("GET", "/outlook")
        status = connection.getresponse().status
        connection.close()
        return status

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(call, range(8))) == [200] * 8


def test_a_broken_connection_is_broken_on_the_wire(server: Server, world: World) -> None:
    world.drop_next(after_effect=False, path_contains="/v1.0/me")
    connection = connect(server)
    connection.request("GET", "/v1.0/me")

    with pytest.raises((http.client.RemoteDisconnected, ConnectionResetError)):
        connection.getresponse()
    connection.close()


@pytest.fixture
def signed_in(world: World) -> dict[str, str]:
    alice = world.person("alice")
    token, _ = world.grants.issue_access(alice.id, alice.tenant.id, "", frozenset(SCOPES))
    return {"Authorization": f"Bearer {token}"}


def test_a_body_may_break_off_in_the_middle(
    plain_server: Server, world: World, signed_in: dict[str, str]
) -> None:
    world.turn("wire.drop", "middle", times=1)
    connection = connect(plain_server)
    connection.request("GET", "/v1.0/me", headers=signed_in)

    answer = connection.getresponse()
    with pytest.raises(http.client.IncompleteRead) as cut:
        answer.read()

    assert answer.status == 200
    assert len(cut.value.partial) == int(answer.headers["Content-Length"]) // 2
    connection.close()


def test_a_slow_body_comes_in_pieces(
    plain_server: Server, world: World, signed_in: dict[str, str]
) -> None:
    passed = threading.Semaphore(0)

    def wait(seconds: float) -> None:
        assert passed.acquire(timeout=10)

    world.wait = wait
    world.turn("wire.slow_body", 1_000)
    connection = connect(plain_server)
    connection.request("GET", "/v1.0/me", headers=signed_in)

    passed.release(2)
    answer = connection.getresponse()
    first = answer.read(32)
    passed.release(1_000)

    assert len(first) == 32
    assert len(first + answer.read()) == int(answer.headers["Content-Length"])
    connection.close()


def test_a_body_sent_in_chunks_is_read(
    server: Server, world: World, signed_in: dict[str, str]
) -> None:
    connection = connect(server)
    headers = {**signed_in, "Content-Type": "application/json"}

    for _ in range(2):
        body = (part for part in PARTS)
        connection.request("POST", "/v1.0/$batch", body=body, headers=headers)
        answer = connection.getresponse()
        assert (answer.status, b"alice@" in answer.read()) == (200, True)

    connection.close()


def test_addresses_come_from_the_host_that_was_asked(server: Server, world: World) -> None:
    alice = world.person("alice")
    token, _ = world.grants.issue_access(alice.id, alice.tenant.id, "", frozenset(SCOPES))
    connection = connect(server)
    headers = {"Authorization": f"Bearer {token}", "Host": "graph.example:8365"}

    connection.request("GET", "/v1.0/me", headers=headers)
    body = connection.getresponse().read().decode()

    assert '"@odata.context":"http://graph.example:8365/v1.0/' in body
    connection.close()


def started(*words: str) -> "subprocess.Popen[str]":
    """The program with these words on its command line, a small world, and a free port."""
    command = [sys.executable, "-m", "simulator", "--port", "0", *words]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def run_to_the_end(running: "subprocess.Popen[str]") -> tuple[list[str], int]:
    """What it says until it serves, and its code after SIGTERM."""
    said: list[str] = []
    assert running.stdout is not None
    while not said or not said[-1].startswith("Client id"):
        said.append(running.stdout.readline())
        assert said[-1], "it ended before it served"
    running.send_signal(signal.SIGTERM)
    running.communicate(timeout=20)
    return said, running.returncode


def test_the_command_serves_and_ends_on_sigterm() -> None:
    said, code = run_to_the_end(started("--events", "10"))

    assert said[0].startswith("Simulated Outlook: http://127.0.0.1:")
    assert code == 0


def test_the_world_of_a_file_goes_on_at_the_next_start(tmp_path: Path) -> None:
    file = tmp_path / "world"
    first, _ = run_to_the_end(
        started("--events", "10", "--state", str(file), "--clock", "2026-11-18T09:00:00Z")
    )
    second, code = run_to_the_end(started("--events", "20", "--state", str(file)))

    assert (len(first), code) == (2, 0)
    assert second[0] == f"{file}: the world of 2026-11-18 09:00 UTC goes on.\n"
    assert second[1] == f"{file} holds a world already: --events not used.\n"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--port", "http"), "argument --port: 'http' is not a whole number from 0 to 65535."),
        (("--port", "65536"), "argument --port: '65536' is not a whole number from 0 to 65535."),
        (("--events", "-1"), "argument --events: '-1' is not a whole number from 0 to 1000000."),
        (("--seed", "x"), "argument --seed: 'x' is not a whole number."),
        (("--ics", "file.ics"), "argument --ics: 'file.ics' is not FILE=MAILBOX."),
        (("--clock", "noon"), "argument --clock: 'noon' is not a moment with an offset, like"),
        (("--clock", "2026-11-18T09:00"), "is not a moment with an offset"),
        (("--state",), "argument --state: expected one argument"),
        (("--colour",), "unrecognized arguments: --colour"),
    ],
)  # fmt: skip
def test_a_wrong_word_is_answered_in_one_sentence(
    words: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        options.read(list(words))

    lines = capsys.readouterr().err.splitlines()
    assert (end.value.code, len(lines)) == (2, 1)
    assert said in lines[0]


def ended(*words: str) -> str:
    """The last words of a program that does not start."""
    with pytest.raises(SystemExit) as end:
        main(["--port", "0", "--events", "0", *words])
    return str(end.value.code)


def test_a_taken_port_is_answered_in_one_sentence(server: Server) -> None:
    port = str(server.server_port)

    assert (
        ended("--port", port) == f"127.0.0.1:{port} cannot be listened on: Address already in use."
    )


def test_a_file_that_holds_no_world_stops_the_start(tmp_path: Path) -> None:
    file = tmp_path / "notes"
    file.write_text("Buy milk.\n")

    assert ended("--state", str(file)) == (
        f"{file} holds no world of the simulator: name another file for --state."
    )


def test_what_stops_a_start_is_said_at_its_end() -> None:
    with started("--ics", "missing.ics=nobody", "--events", "0") as running:
        _, said = running.communicate(timeout=20)

    assert (running.returncode, said) == (1, "--ics: there is no mailbox 'nobody'.\n")
