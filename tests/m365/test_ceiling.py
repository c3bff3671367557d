"""The largest answers are read within the memory that one worker may take."""

import os
import subprocess
import sys

import pytest

MOST_MEGABYTES = 200
CHILD = """
import json, sys
import httpx2
from m365 import transport
from m365.graph import Graph

def event(number, body):
    at = {"timeZone": "UTC", "dateTime": "2026-11-20T11:00:00.0000000"}
    return json.dumps({
        "id": f"AAMk-{number}=", "type": "singleInstance", "start": at, "end": at,
        "body": {"contentType": "html", "content": body}, "subject": sys.argv[1],
    }).encode()

def answer():
    yield b'{"@odata.deltaLink": "http://graph.test/v1.0/d", "value": ['
    count, size = int(sys.argv[2]), int(sys.argv[3])
    for number in range(count):
        yield (b"," if number else b"") + event(number, "x" * size)
    yield b"]}"

class Body(httpx2.SyncByteStream):
    def __iter__(self):
        yield from answer()

class Wire(httpx2.BaseTransport):
    def handle_request(self, request):
        return httpx2.Response(200, stream=Body())

graph = Graph(
    transport.client(Wire()), "http://graph.test/v1.0", "token", request_id=lambda: "id"
)
page = graph.follow("http://graph.test/v1.0/c")
print(len(page.items), max(len(one.body_html) for one in page.items))
# Of this program alone: the usual measure begins with what its parent had.
status = dict(line.split(":", 1) for line in open("/proc/self/status"))
print(int(status["VmHWM"].split()[0]) // 1024)
"""


def read_in_child(title: str, *, count: int, size: int) -> tuple[str, int]:
    """What the child read, and the megabytes it took at most."""
    told = subprocess.run(
        [sys.executable, "-c", CHILD, title, str(count), str(size)],
        capture_output=True,
        check=True,
        text=True,
    ).stdout.splitlines()
    return told[0], int(told[1])


@pytest.mark.parametrize(
    ("count", "size", "read"),
    [(1060, 62_000, "1060 62000"), (1, 10 * 1024 * 1024, "1 65536")],
    ids=["64 MB page", "10 MB body"],
)
def test_the_largest_answer_fits(count: int, size: int, read: str) -> None:
    found, megabytes = read_in_child("Lunch", count=count, size=size)

    assert found == read
    assert megabytes < MOST_MEGABYTES


def test_a_large_answer_with_half_a_character_is_refused_not_mended() -> None:
    with pytest.raises(subprocess.CalledProcessError) as refused:
        read_in_child(os.fsdecode(b"half \xff"), count=1060, size=62_000)

    assert "BadAnswer: unreadable" in refused.value.stderr
