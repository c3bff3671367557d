"""The system's Chromium: where it is, and how a journey starts it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

NAMES = ("/usr/bin/chromium", "chromium", "chromium-browser", "google-chrome")
HOW_TO_HAVE_IT = (
    "Debian, Ubuntu: apt install chromium libatomic1. Elsewhere: CHROMIUM=/path/to/chromium"
)
QUIET = (
    "--no-sandbox",  # the pages are our own, and containers allow no sandbox
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def lacking() -> str | None:
    """What stands in the way of a journey, as the beginning of a sentence; None: nothing does."""
    if found() is None:
        return "No Chromium was found"
    driver = [sys.executable, "-m", "playwright", "--version"]
    if subprocess.run(driver, capture_output=True, check=False).returncode:
        return "The browser's driver did not start"
    return None


def found() -> str | None:
    """The path of the browser; the variable CHROMIUM names another one."""
    names = (given,) if (given := os.environ.get("CHROMIUM")) else NAMES
    return next((path for name in names if (path := shutil.which(name))), None)


@contextmanager
def started() -> Iterator[Browser]:
    """A browser with a fresh profile. Needs found()."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found(), args=list(QUIET))
        try:
            yield browser
        finally:
            browser.close()
