"""Budgets: what is longer than this is two things."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.house.rooms import ROOT, parsed, python_files, templates

MODULE, FUNCTION, TEMPLATE, TEST = 300, 40, 120, 30


def lines(path: Path) -> int:
    return len((ROOT / path).read_text(encoding="utf-8").splitlines())


def longer(paths: list[Path], most: int) -> list[str]:
    return [f"{path}: {count}" for path in paths if (count := lines(path)) > most]


def test_modules_are_short() -> None:
    assert longer(python_files(), MODULE) == []


def test_templates_are_short() -> None:
    assert longer(templates(), TEMPLATE) == []


def test_functions_are_short() -> None:
    assert [one for path in python_files() for one in long_functions(path)] == []


def long_functions(path: Path) -> Iterator[str]:
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > (TEST if node.name.startswith("test_") else FUNCTION):
                yield f"{path}: {node.name} ({length} lines)"
