"""Every act that the code writes into the audit log is told in a sentence."""

import ast
from collections.abc import Iterator
from pathlib import Path

from blueprints import audit_words
from tests.house.rooms import ROOT, parsed, python_files, room_of

WRITERS = ("portal", "blueprints", "jobs", "sync")


def acts(path: Path) -> Iterator[str]:
    """Named `act=`, or second to a function that notes something."""
    for call in (one for one in ast.walk(parsed(path)) if isinstance(one, ast.Call)):
        said = [one.value for one in call.keywords if one.arg == "act"]
        if isinstance(call.func, ast.Name) and call.func.id.startswith("_note"):
            said += call.args[1:2]
        for value in said:
            parts = [value.body, value.orelse] if isinstance(value, ast.IfExp) else [value]
            yield from (str(one.value) for one in parts if isinstance(one, ast.Constant))


def test_every_act_has_a_sentence() -> None:
    """One without goes into ACTS of blueprints/audit_words.py."""
    found: set[str] = set()
    for path in python_files():
        text = (ROOT / path).read_text(encoding="utf-8")
        if room_of(path) in WRITERS and "audit.record(" in text:
            found |= set(acts(path))

    assert len(found) > 20
    assert found - audit_words.ACTS.keys() == set()
