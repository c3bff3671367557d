"""Takes the documentation's pictures from the running demo: python -m docs.pictures.take."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import click
from playwright.sync_api import Browser

from demo import PASSWORD, ZONE
from tests.journeys import chromium, programs, steps
from tests.journeys.programs import Site
from tests.journeys.someone import PHONE_AT_NIGHT, WIDE_AND_LIGHT, Someone, Window, sits_down
from tests.journeys.steps import Plans

HERE = Path(__file__).parent
LARGEST = 200 * 1024  # bytes
DARK = replace(WIDE_AND_LIGHT, colours="dark")
ALICE, CAROL = "alice@contoso.example", "carol@contoso.example"


def main() -> None:
    if chromium.found() is None:
        raise SystemExit(f"Pictures need Chromium. {chromium.HOW_TO_HAVE_IT}")
    with (
        tempfile.TemporaryDirectory() as folder,
        programs.demo(Path(folder)) as site,
        chromium.started() as browser,
    ):
        _administration(browser, site)
        _calendar_and_meeting(browser, site)
        _other_looks(browser, site)
        _outlook(browser, site)


def _administration(browser: Browser, site: Site) -> None:
    carol = _signed_in(browser, site, WIDE_AND_LIGHT, CAROL)
    steps.switch_the_integration_on(carol)
    carol.chooses_in_menu("Admin")
    _take(carol, "account-settings")


def _calendar_and_meeting(browser: Browser, site: Site) -> None:
    alice = _signed_in(browser, site, WIDE_AND_LIGHT, ALICE)
    steps.connect_the_calendar(alice, "Alice Ardent")
    alice.sees("Your calendar and this portal are kept in step.")
    for plans in _meetings(steps.tomorrow(ZONE)):
        steps.schedule(alice, plans)
    alice.goes_to(alice.page.url)  # again, without the words that greet a new meeting
    _take(alice, "meeting")
    alice.goes_to("/profile")
    alice.page.locator("#integration").evaluate("part => part.scrollIntoView()")
    _take(alice, "profile")
    alice.chooses_in_menu("Calendar")
    _take(alice, "calendar")


def _meetings(day: date) -> tuple[Plans, ...]:
    return (
        Plans("Demo", day + timedelta(days=3), "11:00", "11:30"),
        Plans("Retro", day + timedelta(days=1), "13:00", "14:00"),
        Plans("Launch", day, "14:00", "14:45", "Bob Brook <bob@contoso.example>"),
    )


def _other_looks(browser: Browser, site: Site) -> None:
    for window, name in ((DARK, "calendar-dark"), (PHONE_AT_NIGHT, "calendar-phone")):
        alice = _signed_in(browser, site, window, ALICE)
        alice.chooses_in_menu("Calendar")
        _take(alice, name)


def _outlook(browser: Browser, site: Site) -> None:
    somebody = sits_down(browser, site, WIDE_AND_LIGHT)
    somebody.goes_to(f"{site.microsoft}/outlook/{ALICE}")
    _take(somebody, "outlook")


def _signed_in(browser: Browser, site: Site, window: Window, address: str) -> Someone:
    who = sits_down(browser, site, window)
    steps.sign_in(who, address, PASSWORD)
    return who


def _take(who: Someone, name: str) -> None:
    picture = HERE / f"{name}.png"
    who.page.mouse.move(0, 0)
    who.page.screenshot(path=picture)
    size = picture.stat().st_size
    assert size < LARGEST, f"{picture.name} has {size} bytes"  # noqa: S101 - for whoever takes them
    click.echo(f"{picture.name}: {size // 1024} kB")


if __name__ == "__main__":
    main()
