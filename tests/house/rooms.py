"""What the house tests look at: our files, by room."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
ROOMS = (
    "benchmarks",
    "blueprints",
    "conferencing",
    "jobs",
    "m365",
    "migrations",
    "portal",
    "simulator",
    "sync",
    "tests",
)
TOP = ("app", "config", "demo", "outside", "server")
TEMPLATES = (ROOT / "templates", ROOT / "simulator" / "templates")


def python_files() -> list[Path]:
    """Everything we wrote in Python; migrations are written once and left alone."""
    found = [path for room in ROOMS for path in (ROOT / room).rglob("*.py")]
    found += [ROOT / f"{name}.py" for name in TOP if (ROOT / f"{name}.py").exists()]
    written = [path for path in found if "versions" not in path.parts]
    return sorted(path.relative_to(ROOT) for path in written)


def templates() -> list[Path]:
    return sorted(path.relative_to(ROOT) for top in TEMPLATES for path in top.rglob("*.html"))


def room_of(path: Path) -> str:
    return path.stem if len(path.parts) == 1 else path.parts[0]


def parsed(path: Path) -> ast.Module:
    return ast.parse((ROOT / path).read_text(encoding="utf-8"), str(path))


@cache
def imports_of(path: Path) -> tuple[str, ...]:
    """Full dotted names of all modules (and names from them) that a file imports, any depth."""
    return tuple(_imports(path))


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            package = ".".join(path.parts[: -node.level])
            start = ".".join(filter(None, (package, node.module)))
            yield from (f"{start}.{alias.name}" for alias in node.names)
