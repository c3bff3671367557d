"""Files as such: encodings, broken ones, and the two ways in."""

import random
from contextlib import suppress
from pathlib import Path

import pytest

from simulator.ics import NotACalendar, load
from simulator.world import World
from tests.simulator.desk import Graph
from tests.simulator.ics.kit import SAMPLES, calendar, event, seen
from tests.simulator.test_server import ended, run_to_the_end, started

WHOLE = calendar(event("DTSTART:20261110T090000Z", "LOCATION:Café"))


@pytest.mark.parametrize(
    "content",
    [
        WHOLE,
        WHOLE.replace(b"\n", b"\r\n"),
        b"\xef\xbb\xbf" + WHOLE,
        WHOLE.decode().encode("utf-16"),
        WHOLE.replace("LOCATION:Café".encode(), "LOCA\n TION:Ca\n\tfé".encode()),
        WHOLE + WHOLE.replace(b"UID:one", b"UID:two"),
    ],
    ids=["lf", "crlf", "marked", "utf-16", "folded", "two calendars"],
)
def test_a_file_is_read_however_it_is_written(world: World, content: bytes) -> None:
    report = load(world, "alice", content, "a.ics")

    assert report.notes == []
    assert {one["location"]["displayName"] for one in seen(world)} == {"Café"}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "a.ics: this is no iCalendar file: it has no VCALENDAR."),
        (b"\x89PNG\r\n", "a.ics:1: the file is not UTF-8; save it as UTF-8."),
        (WHOLE.decode().encode("cp1252"), "a.ics:8: the file is not UTF-8; save it as UTF-8."),
        (WHOLE.replace(b"END:VEVENT\n", b""), "a.ics:9: END:VCALENDAR closes nothing."),
        (WHOLE.replace(b"END:VCALENDAR\n", b""), "a.ics:1: VCALENDAR has no end."),
        (b"BEGIN:VCARD\nEND:VCARD\n", "a.ics: this is no iCalendar file: it has no VCALENDAR."),
        (b"<html>", "a.ics: this is no iCalendar file: it has no VCALENDAR."),
        (b"BEGIN:VCALENDAR\n" * 50, "a.ics:9: components are nested too deeply."),
        (b" " * (20 * 1024 * 1024 + 1), "a.ics: the file is larger than 20 MB."),
    ],
    ids=range(9),
)
def test_a_file_that_cannot_be_read_is_answered_in_a_sentence(
    world: World, content: bytes, said: str
) -> None:
    with pytest.raises(NotACalendar) as refusal:
        load(world, "alice", content, "a.ics")

    assert str(refusal.value) == said
    assert seen(world) == []


@pytest.mark.parametrize("seed", range(30))
def test_a_damaged_file_is_read_or_refused_but_never_fails(world: World, seed: int) -> None:
    source = random.Random(seed)  # noqa: S311 - must repeat
    lines = (SAMPLES / source.choice(("google.ics", "exchange.ics"))).read_bytes().split(b"\n")
    for _ in range(4):
        one, other = source.randrange(len(lines)), source.randrange(len(lines))
        name, value = lines[one].partition(b":")[0], lines[other].partition(b":")[2]
        lines[one] = source.choice((b"", name + b":" + value, lines[other], lines[one][:-3]))

    with suppress(NotACalendar):
        report = load(world, "alice", b"\n".join(lines), "a.ics")
        assert report.summary().startswith("a.ics: ")
    seen(world)


def test_a_file_comes_in_while_the_simulator_runs(graph: Graph, world: World) -> None:
    _, cursor = graph.first_round()
    body = (SAMPLES / "google.ics").read_bytes()

    answer = graph.client.post("/_control/ics?mailbox=alice", data=body)

    assert answer.status_code == 200
    assert answer.json is not None
    assert (answer.json["singles"], answer.json["series"]) == (1, 1)
    assert answer.json["lines"] == ["body:54: Outlook has no alarm EMAIL: left out."]
    changed, _ = graph.round(cursor)
    assert "Weekly numbers" in {each.get("subject") for each in changed}


@pytest.mark.parametrize("address", ["/_control/ics?mailbox=nobody", "/_control/ics"])
def test_a_file_needs_a_mailbox(graph: Graph, address: str) -> None:
    assert graph.client.post(address, data=WHOLE).status_code == 400


def test_a_broken_file_is_answered_with_its_line(graph: Graph) -> None:
    answer = graph.client.post("/_control/ics?mailbox=alice", data=b"BEGIN:VCALENDAR\n")

    assert (answer.status_code, answer.json) == (400, {"error": "body:1: VCALENDAR has no end."})


def test_the_command_line_names_what_is_wrong(tmp_path: Path) -> None:
    sample, missing = SAMPLES / "google.ics", tmp_path / "missing.ics"

    assert ended("--ics", f"{sample}=nobody") == "--ics: there is no mailbox 'nobody'."
    assert ended("--ics", f"{missing}=alice") == (
        f"{missing} cannot be read: No such file or directory."
    )


def test_the_command_line_reports_what_came_in() -> None:
    sample = SAMPLES / "google.ics"

    said, code = run_to_the_end(started("--events", "0", "--ics", f"{sample}=alice"))

    assert code == 0
    assert said[0] == f"{sample}:54: Outlook has no alarm EMAIL: left out.\n"
    assert said[1].startswith(f"{sample}: 1 single events and 1 series are in, ")
