"""What others made is kept unchanged, named with its licence, and nothing else hides beside it."""

import hashlib
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
README = (ROOT / "static/vendor/README.md").read_text()
ROW = re.compile(r"^\| `(?P<file>[^`]+)` \|.*\| `(?P<sha256>[0-9a-f]{64})` \|$", re.MULTILINE)
LISTED = {row["file"]: row["sha256"] for row in ROW.finditer(README)}
SPRITE = ROOT / "static/vendor/bootstrap-icons-1.13.2.svg"
DRAWN = set(re.findall(r'<symbol id="([^"]+)"', SPRITE.read_text()))
NAMED_IN_MACROS = re.compile(r"""\bicon\(\s*["']([\w-]+)["']|\bmark=["']([\w-]+)["']""")


@pytest.mark.parametrize("file", sorted(LISTED))
def test_a_vendored_file_is_the_one_listed(file: str) -> None:
    found = hashlib.sha256((ROOT / file).read_bytes()).hexdigest()

    assert found == LISTED[file]


@pytest.mark.parametrize("folder", ["static/vendor", "tests/vendor"])
def test_every_vendored_script_style_and_picture_is_listed(folder: str) -> None:
    suffixes = {".js", ".css", ".svg"}
    kept = {
        f.relative_to(ROOT).as_posix() for f in (ROOT / folder).rglob("*") if f.suffix in suffixes
    }

    assert kept <= set(LISTED)


def test_every_icon_the_templates_name_is_in_the_sprite() -> None:
    text = "\n".join(t.read_text() for t in (ROOT / "templates").rglob("*.html"))
    named = {a or b for a, b in NAMED_IN_MACROS.findall(text)}

    assert named <= DRAWN


def test_the_readme_lists_the_icons_of_the_sprite() -> None:
    words = README.split("## Icons in the sprite", 1)[1].split("\n\n")[1]

    assert set(re.split(r"[,.\s]+", words)) - {""} == DRAWN
