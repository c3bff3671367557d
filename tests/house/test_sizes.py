"""Budgets: what is longer than this is two things."""

import ast
from pathlib import Path

import pytest

from tests.house.rooms import ROOT, parsed, python_files, templates

MODULE, FUNCTION, TEMPLATE, TEST = 300, 40, 120, 30


def lines(path: Path) -> int:
    return len((ROOT / path).read_text(encoding="utf-8").splitlines())


@pytest.mark.parametrize("path", python_files(), ids=str)
def test_modules_are_short(path: Path) -> None:
    assert lines(path) <= MODULE


@pytest.mark.parametrize("path", templates(), ids=str)
def test_templates_are_short(path: Path) -> None:
    assert lines(path) <= TEMPLATE


@pytest.mark.parametrize("path", python_files(), ids=str)
def test_functions_are_short(path: Path) -> None:
    long = []
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > (TEST if node.name.startswith("test_") else FUNCTION):
                long.append(f"{node.name} ({length} lines)")

    assert not long, f"{path}: {long}"
