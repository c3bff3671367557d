"""Whatever is noted in the timeline has a sentence, and no sentence waits for a code."""

import ast
from collections.abc import Iterator

from blueprints.timeline_words import FIELDS, WHAT, WHY
from tests.house.rooms import parsed, python_files, room_of

WHAT_AT = 3  # timeline.note(db, subject, side, what, ...)


def _notes() -> Iterator[tuple[str, ast.Call]]:
    for path in python_files():
        if room_of(path) not in ("sync", "portal", "blueprints", "jobs"):
            continue
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "timeline.note":
                yield f"{path}:{node.lineno}", node


def _strings(node: ast.AST | None) -> set[str]:
    found = (
        (each.value for each in ast.walk(node) if isinstance(each, ast.Constant)) if node else ()
    )
    return {value for value in found if isinstance(value, str)}


def _keyword(call: ast.Call, name: str) -> ast.AST | None:
    return next((one.value for one in call.keywords if one.arg == name), None)


def test_everything_noted_has_a_sentence():
    for place, call in _notes():
        said = _strings(call.args[WHAT_AT])
        assert said, f"{place}: the code has to be a literal, for this test to see it"
        assert said <= set(WHAT), f"{place}: blueprints/timeline_words.py has no {said - set(WHAT)}"


def test_every_reason_noted_has_a_sentence():
    for place, call in _notes():
        reasons = _strings(_keyword(call, "why"))
        assert reasons <= set(WHY), f"{place}: no reason {reasons - set(WHY)} in timeline_words.py"


def test_every_field_noted_has_a_name():
    for place, call in _notes():
        named = _strings(_keyword(call, "fields"))
        assert named <= set(FIELDS), f"{place}: no field {named - set(FIELDS)}"


def test_no_sentence_is_left_over():
    noted = {code for _place, call in _notes() for code in _strings(call.args[WHAT_AT])}

    assert set(WHAT) == noted
