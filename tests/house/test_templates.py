"""Templates: no inline script or style, macros and fragments that are all used."""

import re
from collections.abc import Iterator
from pathlib import Path

from tests.house.rooms import ROOT, python_files, room_of, templates

INLINE = re.compile(
    r"""\sstyle=|\son[a-z]+=|hx-on|javascript:|["']js:|<style|<script(?![^>]*\ssrc=)"""
)
MACRO = re.compile(r"{%-?\s*macro\s+(\w+)")
IMPORT = re.compile(r"{%-?\s*from\s+\"([^\"]+)\"\s+import\s+([^%]+?)\s*-?%}")
BOOTSTRAP = re.compile(
    r'class="([^"]* )?(btn|form-control|form-select|form-check|card|row|col)[ "]'
)
UNESCAPED = re.compile(r"(\w+)\s*\|\s*safe\b")
# Written into the page as it is, each with who has cleaned it.
CLEANED = {
    "templates/calendar/event.html": ["body"],  # blueprints/foreign_html.py, by a list of tags
}
PAGES = [path for path in templates() if "simulator" not in path.parts]
PYTHON = "\n".join(
    (ROOT / path).read_text(encoding="utf-8")
    for path in python_files()
    if room_of(path) in ("blueprints", "app", "simulator")
)


def said(path: Path) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def code(path: Path) -> str:
    """Without comments, which may name what is not done."""
    return re.sub(r"{#.*?#}", "", said(path), flags=re.S)


ALL = {path: code(path) for path in templates()}


def test_no_template_holds_script_or_style() -> None:
    assert [str(path) for path, text in ALL.items() if INLINE.search(text)] == []


def test_nothing_is_written_unescaped_but_what_was_cleaned() -> None:
    found = {str(path): UNESCAPED.findall(text) for path, text in ALL.items()}

    assert {path: names for path, names in found.items() if names} == CLEANED


def test_every_imported_macro_is_used() -> None:
    assert [one for path in PAGES for one in _imported_in_vain(path)] == []


def _imported_in_vain(path: Path) -> Iterator[str]:
    text = ALL[path]
    for _file, names in IMPORT.findall(text):
        for name in names.split(","):
            used_as = name.split(" as ")[-1].strip()
            if not re.search(rf"\b{used_as}\b", IMPORT.sub("", text)):
                yield f"{path} imports {used_as} and does not use it"


def test_every_macro_is_used_somewhere() -> None:
    imported = {name for text in ALL.values() for name in _imported(text)}
    for path in PAGES:
        for name in MACRO.findall(ALL[path]):
            here = len(re.findall(rf"\b{name}\b", IMPORT.sub("", ALL[path]))) > 1
            assert here or name in imported, f"nobody uses {name} of {path}"


def _imported(text: str) -> Iterator[str]:
    for _file, names in IMPORT.findall(text):
        yield from (name.split(" as ")[0].strip() for name in names.split(","))


def test_looks_live_in_components() -> None:
    places = ("components", "base.html", "base_narrow.html")
    others = [path for path in PAGES if path.parts[1] not in places]

    # Bootstrap's classes
    assert [str(path) for path in others if BOOTSTRAP.search(ALL[path])] == []


def test_every_template_is_served_or_part_of_another() -> None:
    assert [str(path) for path in PAGES if not _is_shown(path)] == []


def _is_shown(path: Path) -> bool:
    quoted = f'"{"/".join(path.parts[1:])}"'
    built = f'f"{path.parts[1]}/' in PYTHON and not path.stem.startswith("_")
    return quoted in PYTHON or built or _is_named(path, quoted)


def _is_named(path: Path, quoted: str) -> bool:
    return any(quoted in text for other, text in ALL.items() if other != path)


def test_every_fragment_is_part_of_a_page() -> None:
    """Served alone as well where htmx asks for it, but never only alone."""
    fragments = [path for path in PAGES if path.stem.startswith("_")]

    assert [str(path) for path in fragments if not _is_part(path)] == []


def _is_part(path: Path) -> bool:
    quoted = f'"{"/".join(path.parts[1:])}"'
    beside = [text for other, text in ALL.items() if other.parent == path.parent]
    by_name = quoted in PYTHON and any(re.search(r"include \w+ %", text) for text in beside)
    return by_name or _is_named(path, quoted)
