"""Calls that between them reach every address of Graph that is simulated."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.simulator.desk import Graph


@dataclass(frozen=True, slots=True)
class Case:
    """One call. `{name}` in path and body stands for what an earlier call kept under that name."""

    method: str
    path: str
    body: Any = None
    status: int = 200
    keep: dict[str, str] = field(default_factory=dict)  # name -> key of the answer, a.b.0.c
    headers: dict[str, str] = field(default_factory=dict)


def run(graph: Graph, cases: list[Case], known: dict[str, str]) -> None:
    """Make the calls in order; `known` is what paths and bodies may speak of."""
    for case in cases:
        path = _filled(case.path, known)
        response = graph.call(case.method, path, _filled(case.body, known), **case.headers)
        assert response.status_code == case.status, f"{case.method} {path}: {response.text}"
        for name, key in case.keep.items():
            known[name] = _at(response.json, key)


def _filled(value: Any, known: dict[str, str]) -> Any:
    if isinstance(value, str):
        for name, text in known.items():
            value = value.replace("{" + name + "}", text)
        return value
    if isinstance(value, dict):
        return {key: _filled(each, known) for key, each in value.items()}
    if isinstance(value, list):
        return [_filled(each, known) for each in value]
    return value


def _at(body: Any, key: str) -> Any:
    for part in key.split("."):
        body = body[int(part)] if part.isdigit() else body[part]
    return body
