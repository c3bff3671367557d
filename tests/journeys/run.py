"""Runs the browser journeys, or says which were left out: python -m tests.journeys.run."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

import click
import pytest

from tests.journeys import chromium

HERE = Path(__file__).parent
JOURNEY = re.compile(r"^@pytest\.mark\.browser\n(?:@.*\n)*def test_(\w+)", re.MULTILINE)
WORKERS = "2"


def main() -> int:
    """The exit code. In CI, journeys that cannot be made are a failure."""
    if lacking := chromium.lacking():
        click.echo(left_out(lacking))
        return 1 if os.environ.get("CI") else 0
    return pytest.main(["-q", "-m", "browser", "-n", WORKERS, "--dist", "loadfile", str(HERE)])


def left_out(lacking: str) -> str:
    return "\n".join(
        (
            f"{lacking}, so these journeys in a browser were left out:",
            *(f"  - {journey}" for journey in journeys()),
            f"To have them: {chromium.HOW_TO_HAVE_IT}",
        )
    )


def journeys() -> list[str]:
    """Their names as sentences."""
    texts = (file.read_text() for file in sorted(HERE.glob("test_*.py")))
    return [name.replace("_", " ") for text in texts for name in JOURNEY.findall(text)]


if __name__ == "__main__":
    sys.exit(main())
