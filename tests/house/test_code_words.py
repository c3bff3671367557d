"""Every code with which the sync itself puts something off is told in a sentence."""

import ast
from collections.abc import Iterator
from pathlib import Path

from blueprints.code_words import WORDS
from tests.house.rooms import parsed, python_files, room_of

ERRORS = {"Later", "NotYet", "BadAnswer", "Unanswered"}


def codes(path: Path) -> Iterator[str]:
    """Those written out where the error is raised."""
    for call in (one for one in ast.walk(parsed(path)) if isinstance(one, ast.Call)):
        if isinstance(call.func, ast.Name) and call.func.id in ERRORS and call.args:
            first = call.args[0]
            if isinstance(first, ast.Constant):
                yield str(first.value)


def test_every_code_has_words() -> None:
    """One without goes into WORDS of blueprints/code_words.py."""
    found = {code for path in python_files() if room_of(path) == "sync" for code in codes(path)}

    assert len(found) > 10
    assert found - WORDS.keys() == set()
